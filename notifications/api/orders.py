"""What a call wants to be sent: a message as the guide has it, or a notification by its name, with variables."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from notifications import payloads
from notifications.api import bodies
from notifications.api.access import check_page_id, other_page, unauthorized, unknown_page
from notifications.api.asking import customer_id_of, fault
from notifications.api.envelope import ApiError
from notifications.models import Notification
from notifications.payloads import compiled
from notifications.services import personalising
from notifications.services.accepting import Order, Refusal
from optins.models import OptIn

BY_NAME = frozenset({"notification", "variables"})


def order_of(decoded: Any, *, token_pk: int, page_id: str, customer_id: str) -> Order:
    """Raises ApiError 400, 404 or 422."""
    check_page_id(page_id)
    message, personal = _composed(decoded) if _is_by_name(decoded) else (bodies.message(decoded), None)
    order = Order(
        token_pk=token_pk, page_id=page_id, customer_id=customer_id_of(customer_id), message=message, personal=personal
    )
    _check_that_it_can_be_filled(order)
    return order


def refusal(refused: Refusal, order: Order) -> ApiError:
    """The answer to a message that was not taken."""
    if refused is Refusal.PAGE_UNKNOWN:
        return unknown_page(order.page_id)
    if refused is Refusal.TOKEN_ENDED:
        return unauthorized()
    if refused is Refusal.NOT_THIS_PAGE:
        return other_page(order.page_id)
    if refused is Refusal.CUSTOMER_UNKNOWN:
        return unknown_customer(order.customer_id)
    return fault(409, "customer_id", refused.value, _WORDS[refused]() % {"id": order.customer_id})


def unknown_customer(customer_id: str) -> ApiError:
    words = _("Nobody has opted in under the customer_id “%(id)s” on this page.") % {"id": customer_id}
    return fault(404, "customer_id", "customer_unknown", words)


_WORDS = {
    Refusal.OPTED_OUT: lambda: _(
        "The customer “%(id)s” has withdrawn the agreement. Only the customer can agree again."
    ),
    Refusal.OPT_IN_EXPIRED: lambda: _("The agreement of “%(id)s” was temporary and is over."),
}


def _is_by_name(decoded: Any) -> bool:
    return isinstance(decoded, Mapping) and "notification" in decoded


def _composed(decoded: Mapping[str, Any]) -> tuple[payloads.Message, dict[str, str] | None]:
    for key in decoded.keys() - BY_NAME:
        raise fault(
            422,
            key,
            "unknown_key",
            _("A call with a notification's name takes its variables, no “%(key)s”.") % {"key": key},
        )
    name, variables = decoded["notification"], decoded.get("variables", {})
    if not isinstance(name, str) or not isinstance(variables, Mapping):
        field = "variables" if isinstance(name, str) else "notification"
        raise fault(
            422, field, "not_accepted", _("Give the notification's name as a text, and its variables as an object.")
        )
    notification = Notification.objects.filter(name=name).first()
    if notification is None:
        raise fault(
            422,
            "notification",
            "unknown_notification",
            _("There is no notification named “%(name)s”.") % {"name": name},
        )
    return bodies.message(notification.body), personalising.given(variables)


def _check_that_it_can_be_filled(order: Order) -> None:
    """What is short of a value would fail later; here the caller can still be told."""
    template = compiled(order.message.as_json())
    if not template.names:
        return
    rows = OptIn.objects.filter(page__page_id=order.page_id, customer_id=order.customer_id)
    known = rows.values_list("attributes", flat=True).first() or {}
    values = {**known, **(order.personal or {})}
    missing = template.missing(values)
    if missing:
        words = _("Give a value for %(names)s: the customer has none, and there is no default.")
        raise fault(422, f"variables.{missing[0]}", "no_value", words % {"names": ", ".join(missing)})
    try:
        payloads.parse_json(template.fill(values).body, filled=True)
    except payloads.PayloadError as error:
        raise bodies.refused(error) from None
