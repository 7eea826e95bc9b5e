"""What a call wants to be sent: a message as the guide has it, or a notification by its name, with variables."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from notifications import payloads
from notifications.api import bodies
from notifications.api.access import check_page_id, other_page, unauthorized, unknown_page
from notifications.api.asking import customer_id_of, fault
from notifications.api.envelope import ApiError
from notifications.models import Notification
from notifications.payloads import compiled
from notifications.payloads.json_values import below, shown
from notifications.services import personalising
from notifications.services.refusing import Order, Refusal

BY_NAME = frozenset({"notification", "variables"})


Named = Callable[[str], payloads.Message | None]


def by_name(name: str) -> payloads.Message | None:
    """The message of a notification that marketing composed."""
    found = Notification.objects.filter(name=name).first()
    return bodies.message(found.body) if found else None


def order_of(decoded: Any, *, token_pk: int, page_id: str, customer_id: str, named: Named = by_name) -> Order:
    """Raises ApiError 400, 404 or 422."""
    check_page_id(page_id)
    message, personal = _composed(decoded, named) if _is_by_name(decoded) else (bodies.message(decoded), None)
    return Order(
        token_pk=token_pk,
        page_id=page_id,
        customer_id=customer_id_of(customer_id),
        message=message,
        body=message.as_json(),
        personal=personal,
    )


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


def _composed(decoded: Mapping[str, Any], named: Named) -> tuple[payloads.Message, dict[str, str] | None]:
    for key in decoded.keys() - BY_NAME:
        words = _("A call with a notification's name takes its variables, no “%(key)s”.") % {"key": shown(key)}
        raise fault(422, below("", key), "unknown_key", words)
    name, variables = decoded["notification"], decoded.get("variables", {})
    if not isinstance(name, str) or not isinstance(variables, Mapping):
        words = _("Give the notification's name as a text, and its variables as an object.")
        raise fault(422, "variables" if isinstance(name, str) else "notification", "not_accepted", words)
    message = named(name)
    if message is None:
        words = _("There is no notification named “%(name)s”.") % {"name": shown(name)}
        raise fault(422, "notification", "unknown_notification", words)
    return message, personalising.given(variables)


def has_placeholders(order: Order) -> bool:
    # JSON text has two braces together in its strings alone.
    return "{{" in order.body and bool(compiled(order.body).names)


def check_that_it_can_be_filled(order: Order, known: Mapping[str, object]) -> None:
    """What is short of a value would fail later; here the caller can still be told. Raises ApiError 422."""
    template, values = compiled(order.body), {**known, **(order.personal or {})}
    missing = template.missing(values)
    if missing:
        words = _("Give a value for %(names)s: the customer has none, and there is no default.")
        raise fault(422, f"variables.{missing[0]}", "no_value", words % {"names": ", ".join(missing)})
    try:
        payloads.parse_json(template.fill(values).body, filled=True)
    except payloads.PayloadError as error:
        raise bodies.refused(error) from None
