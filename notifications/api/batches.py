"""Many messages in one call, each judged and answered for itself, in a few statements however many they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from notifications.api import bodies, instead, keys
from notifications.api.access import access_of, token
from notifications.api.asking import fault
from notifications.api.batch_keys import Keyed
from notifications.api.documents import BATCH_BODY, ONCE, failures
from notifications.api.envelope import ApiError, success
from notifications.api.instead import Known
from notifications.api.keys import Answer
from notifications.api.messages import taken
from notifications.api.orders import Named, by_name, check_that_it_can_be_filled, has_placeholders, order_of, refusal
from notifications.api.schemas import Batch
from notifications.payloads.json_values import Repeating
from notifications.services.accepting import Accepted
from notifications.services.accepting_many import accept_all
from notifications.services.refusing import Order, attributes_of
from pages.scopes import Scope
from pages.services.api_tokens import Access

MOST = 1_000

router = Router(tags=["Messages"], by_alias=True)

G = TypeVar("G")
M = TypeVar("M")
# What became of an entry.
Outcome = Answer | ApiError


@router.post(
    "/v1/batches",
    auth=token(Scope.MESSAGES_SEND),
    operation_id="send_batch",
    summary="Send up to 1,000 messages",
    response={200: Batch, **failures(400, 403, 409, 413, 415, 422)},
    openapi_extra={**BATCH_BODY, **ONCE},
)
def send(request: HttpRequest) -> HttpResponse:
    """Each message is answered for itself, in the order of the call: one that is refused spoils no other.

    An Idempotency-Key repeats the whole call, an entry's `idempotency_key` that message alone.
    """
    raw, access, now = bodies.read(request, most=bodies.MANY_MESSAGES), access_of(request), timezone.now()
    if "dry_run" in request.GET:
        words = _("A batch has no dry run: try a message out by itself.")
        raise fault(400, "dry_run", "not_accepted", words)

    def work() -> Answer:
        with transaction.atomic():
            outcomes = Sending(access=access, now=now).send(_entries(bodies.decoded(raw)))
        return Answer(body=_told(outcomes))

    return keys.once(keys.call_of(request, raw), now=now, work=work).response()


def _entries(decoded: Any) -> Sequence[Any]:
    """Raises ApiError 422."""
    if not isinstance(decoded, dict) or decoded.keys() != {"messages"} or not isinstance(decoded["messages"], list):
        words = _("Give an object with the list “messages”, and nothing else.")
        raise fault(422, "messages", "not_list", words)
    if isinstance(decoded, Repeating):
        raise fault(400, "messages", "duplicate_key", _("Give “messages” only once."))
    found: list[Any] = decoded["messages"]
    if not 1 <= len(found) <= MOST:
        words = _("Give 1 to %(limit)s messages in one call: there are %(length)s.")
        raise fault(422, "messages", "too_many", words % {"limit": MOST, "length": len(found)})
    return found


def _told(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    accepted = sum(isinstance(outcome, Answer) for outcome in outcomes)
    return success(list(map(_tell, outcomes)), accepted=accepted, refused=len(outcomes) - accepted)


def _tell(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, ApiError):
        return {"status": outcome.status, **outcome.body()}
    return {"status": outcome.status, "replayed": outcome.replayed, **outcome.body}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One call's entries on their way, in a transaction: each has an outcome from the step that decides it."""

    access: Access
    now: datetime

    def send(self, entries: Sequence[Any]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        sound = _each(enumerate(entries), bodies.looked_at, outcomes)
        keyed = Keyed.of(sound, token_pk=self.access.token_pk, now=self.now)
        outcomes |= keyed.decided
        orders = self._orders({at: entry for at, entry in sound.items() if keyed.is_open(at)}, outcomes)
        rows = accept_all(list(orders.values()), token_pk=self.access.token_pk, now=self.now) if orders else []
        for (at, order), row in zip(orders.items(), rows, strict=True):
            outcomes[at] = taken(order, row) if isinstance(row, Accepted) else refusal(row, order)
        keyed.keep(outcomes)
        return [outcomes[at] for at in range(len(entries))]

    def _orders(self, entries: Mapping[int, Any], outcomes: dict[int, Outcome]) -> dict[int, Order]:
        """Of those that can be ordered and filled."""
        named, templates = cache(by_name), cache(instead.known)
        orders = _each(entries.items(), lambda entry: _order(entry, self.access.token_pk, named, templates), outcomes)
        known = attributes_of(list(filter(has_placeholders, orders.values())), pages=self.access.pages)
        return _each(orders.items(), lambda order: _filled(order, known), outcomes)


def _each(given: Iterable[tuple[int, G]], step: Callable[[G], M], outcomes: dict[int, Outcome]) -> dict[int, M]:
    """What the step makes of each; what it refuses goes into `outcomes`."""
    made: dict[int, M] = {}
    for at, one in given:
        try:
            made[at] = step(one)
        except ApiError as error:
            outcomes[at] = error
    return made


def _filled(order: Order, known: Mapping[tuple[str, str], Mapping[str, object]]) -> Order:
    """The same order. Raises ApiError 422."""
    if has_placeholders(order):
        check_that_it_can_be_filled(order, known.get(order.to, {}))
    return order


def _order(entry: Any, token_pk: int, named: Named, known: Known) -> Order:
    """Raises ApiError 400, 404 or 422."""
    if not isinstance(entry, dict):
        raise fault(422, "", "not_object", _("Give an object here, in braces."))
    message = {key: value for key, value in entry.items() if key not in {"page_id", "customer_id", "idempotency_key"}}
    for key in ("page_id", "customer_id"):
        if not isinstance(entry.get(key), str):
            words = _("Give the %(key)s of each message, as a text.")
            raise fault(422, key, "missing" if key not in entry else "not_text", words % {"key": key})
    to = {"page_id": entry["page_id"], "customer_id": entry["customer_id"]}
    return order_of(message, token_pk=token_pk, named=named, known=known, **to)
