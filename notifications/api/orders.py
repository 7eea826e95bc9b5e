"""What a call wants to be sent: a message as the guide has it, or a notification by its name, with variables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from notifications import payloads
from notifications.api import bodies, instead
from notifications.api.access import check_page_id, other_page, unauthorized, unknown_page
from notifications.api.asking import customer_id_of, fault
from notifications.api.envelope import ApiError
from notifications.api.instead import Known
from notifications.models import Notification
from notifications.payloads import compiled
from notifications.payloads.json_values import below, shown
from notifications.payloads.utility import Choice, parse_choice_json
from notifications.services import personalising
from notifications.services.contents import choice_of
from notifications.services.refusing import Order, Refusal

BY_NAME = frozenset({"notification", "variables"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What is to be sent, what goes out instead once the window is closed, and what is put into either."""

    message: payloads.Message
    utility: Choice | None = None
    personal: dict[str, str] | None = None


Named = Callable[[str], Composed | None]


def by_name(name: str) -> Composed | None:
    """The message of a notification that marketing composed."""
    found = Notification.objects.filter(name=name).first()
    if found is None:
        return None
    try:
        return Composed(message=bodies.message(found.body), utility=choice_of(found.utility))
    except payloads.PayloadError as error:
        raise bodies.refused(error) from None


def order_of(
    decoded: Any, *, token_pk: int, page_id: str, customer_id: str, named: Named = by_name, known: Known = instead.known
) -> Order:
    """Raises ApiError 400, 404 or 422."""
    check_page_id(page_id)
    composed = _by_name(decoded, named) if _is_by_name(decoded) else _as_given(decoded, page_id, known)
    return Order(
        token_pk=token_pk,
        page_id=page_id,
        customer_id=customer_id_of(customer_id),
        message=composed.message,
        body=composed.message.as_json(),
        personal=composed.personal,
        utility=composed.utility.as_json() if composed.utility else "",
    )


def _as_given(decoded: Any, page_id: str, known: Known) -> Composed:
    rest, choice = instead.taken_apart(decoded)
    message = bodies.message(rest)
    if choice:
        instead.check(choice, page_id=page_id, known=known)
    return Composed(message=message, utility=choice)


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


def _by_name(decoded: Mapping[str, Any], named: Named) -> Composed:
    for key in decoded.keys() - BY_NAME:
        words = _("A call with a notification's name takes its variables, no “%(key)s”.") % {"key": shown(key)}
        raise fault(422, below("", key), "unknown_key", words)
    name, variables = decoded["notification"], decoded.get("variables", {})
    if not isinstance(name, str) or not isinstance(variables, Mapping):
        words = _("Give the notification's name as a text, and its variables as an object.")
        raise fault(422, "variables" if isinstance(name, str) else "notification", "not_accepted", words)
    composed = named(name)
    if composed is None:
        words = _("There is no notification named “%(name)s”.") % {"name": shown(name)}
        raise fault(422, "notification", "unknown_notification", words)
    return replace(composed, personal=personalising.given(variables))


def has_placeholders(order: Order) -> bool:
    # JSON text has two braces together in its strings alone, or at the end of a template's parameters.
    return any("{{" in text and bool(compiled(text).names) for text in (order.body, order.utility))


def check_that_it_can_be_filled(order: Order, known: Mapping[str, object]) -> None:
    """What is short of a value would fail later; here the caller can still be told. Raises ApiError 422."""
    texts = [compiled(text) for text in (order.body, order.utility) if text]
    values = {**known, **(order.personal or {})}
    missing = list(dict.fromkeys(name for template in texts for name in template.missing(values)))
    if missing:
        words = _("Give a value for %(names)s: the customer has none, and there is no default.")
        raise fault(422, f"variables.{missing[0]}", "no_value", words % {"names": ", ".join(missing)})
    judges = (payloads.parse_json, parse_choice_json)
    try:
        for template, judge in zip(texts, judges, strict=False):
            judge(template.fill(values).body, filled=True)
    except payloads.PayloadError as error:
        raise bodies.refused(error) from None
