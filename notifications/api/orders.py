"""What a call wants to be sent: a message as the guide has it, or a notification by its name, with variables."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from notifications import payloads
from notifications.api import bodies
from notifications.api.access import check_page_id, other_page, unauthorized, unknown_page
from notifications.api.envelope import ApiError, Fault
from notifications.models import Notification
from notifications.payloads import compiled
from notifications.services import personalising
from notifications.services.accepting import Order, Refusal
from optins import customer_ids
from optins.models import OptIn

BY_NAME = frozenset({"notification", "variables"})


def order_of(decoded: Any, *, token_pk: int, page_id: str, customer_id: str) -> Order:
    """Raises ApiError 400, 404 or 422."""
    check_page_id(page_id)
    message, personal = _composed(decoded) if _is_by_name(decoded) else (bodies.message(decoded), None)
    order = Order(token_pk=token_pk, page_id=page_id, customer_id=_id(customer_id), message=message, personal=personal)
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
    status = 404 if refused is Refusal.CUSTOMER_UNKNOWN else 409
    return one_fault(status, "customer_id", refused.value, _WORDS[refused]() % {"id": order.customer_id})


_WORDS = {
    Refusal.CUSTOMER_UNKNOWN: lambda: _("Nobody has opted in under the customer_id “%(id)s” on this page."),
    Refusal.OPTED_OUT: lambda: _(
        "The customer “%(id)s” has withdrawn the agreement. Only the customer can agree again."
    ),
    Refusal.OPT_IN_EXPIRED: lambda: _("The agreement of “%(id)s” was temporary and is over."),
}


def one_fault(status: int, field: str, code: str, message: str) -> ApiError:
    return ApiError(status, message, faults=[Fault(field=field, code=code, message=message)])


def _id(customer_id: str) -> str:
    try:
        return customer_ids.parse(customer_id)
    except customer_ids.CustomerIdError as error:
        raise one_fault(400, "customer_id", error.code, _(error.message) % error.params) from None


def _is_by_name(decoded: Any) -> bool:
    return isinstance(decoded, Mapping) and "notification" in decoded


def _composed(decoded: Mapping[str, Any]) -> tuple[payloads.Message, dict[str, str] | None]:
    for key in decoded.keys() - BY_NAME:
        raise one_fault(
            422,
            key,
            "unknown_key",
            _("A call with a notification's name takes its variables, no “%(key)s”.") % {"key": key},
        )
    name, variables = decoded["notification"], decoded.get("variables", {})
    if not isinstance(name, str) or not isinstance(variables, Mapping):
        field = "variables" if isinstance(name, str) else "notification"
        raise one_fault(
            422, field, "not_accepted", _("Give the notification's name as a text, and its variables as an object.")
        )
    notification = Notification.objects.filter(name=name).first()
    if notification is None:
        raise one_fault(
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
        raise one_fault(422, f"variables.{missing[0]}", "no_value", words % {"names": ", ".join(missing)})
    try:
        payloads.parse_json(template.fill(values).body, filled=True)
    except payloads.PayloadError as error:
        raise bodies.refused(error) from None
