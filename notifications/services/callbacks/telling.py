"""Writing events down, in the transaction that moves the rows: what is rolled back is never told.

An event goes to the site that the page belongs to at that moment. A page without one, or a site that has not asked for
it, costs one small query for a whole batch, and nothing for a row.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from notifications import hints
from notifications.callbacks import events
from notifications.callbacks.events import EventType, utc
from notifications.models import Campaign, Delivery
from notifications.models.callback import Callback, CallbackEvent, CallbackState
from notifications.services import sql
from optins.models import OptIn
from pages.models import Link

# Rows read and events written by one statement.
CHUNK = 500

_DELIVERY = (
    "pk",
    "state",
    "page_id",
    "page__page_id",
    "optin_id",
    "optin__customer_id",
    "campaign_id",
    "origin",
    "reason",
    "attempts",
    "provider_message_id",
    "created_at",
    "sent_at",
)

# By hand, since it goes with every batch, and finds nothing wherever nobody listens.
_HEARD = """
SELECT 1 FROM pages_link l JOIN notifications_callback c ON c.site_id = l.site_id
WHERE l.page_id {among} AND l.closed_at IS NULL AND c.state <> %(off)s LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """The callback of the site that a page belongs to, and what it wants to be told."""

    callback_pk: int
    types: frozenset[str]


def is_told(to: str) -> bool:
    """Whether any site is told of deliveries that come into this state."""
    kind = events.of_delivery(to)
    return kind is not None and any(kind in types for types in _listening().values_list("types", flat=True))


def _listening() -> Any:
    return Callback.objects.exclude(state=CallbackState.OFF)


def listeners(page_pks: Collection[int]) -> dict[int, Listener]:
    """By page. Empty for pages that nobody wants to hear of."""
    asked = {"pages": sql.ids(page_pks), "off": CallbackState.OFF}
    if not sql.run(_HEARD.format(among=sql.among("pages")), asked):
        return {}
    links = Link.objects.open().filter(page_id__in=page_pks, site__callback__in=_listening())
    rows = links.values_list("page_id", "site__callback__pk", "site__callback__types")
    return {page_pk: Listener(callback_pk=pk, types=frozenset(types)) for page_pk, pk, types in rows if types}


def deliveries_moved(moved: Sequence[tuple[int, int]]) -> None:
    """Writes down what deliveries came to that the caller has just moved: pairs of delivery and page, by id."""
    heard = listeners({page_pk for _pk, page_pk in moved}) if moved else {}
    pks = [pk for pk, page_pk in moved if page_pk in heard]
    for start in range(0, len(pks), CHUNK):
        _write(_of_deliveries(pks[start : start + CHUNK], heard))


def _of_deliveries(pks: Sequence[int], heard: dict[int, Listener]) -> Iterable[CallbackEvent]:
    """What an agent answers in a conversation is none of a merchant's systems' asking, and has no customer_id."""
    at = timezone.now()
    for row in Delivery.objects.filter(pk__in=pks).exclude(optin=None).order_by("pk").values(*_DELIVERY):
        listener, kind = heard[row["page_id"]], events.of_delivery(row["state"])
        if kind and kind in listener.types:
            yield CallbackEvent(
                callback_id=listener.callback_pk, type=kind, at=at, optin_id=row["optin_id"], data=_delivery_data(row)
            )


def _delivery_data(row: dict[str, Any]) -> dict[str, object]:
    return {
        "delivery": row["pk"],
        "page": row["page__page_id"],
        "customer_id": row["optin__customer_id"],
        "campaign": row["campaign_id"],
        "origin": row["origin"],
        "reason": row["reason"],
        "attempts": row["attempts"],
        "message_id": row["provider_message_id"],
        "created_at": utc(row["created_at"]),
        "sent_at": utc(row["sent_at"]),
    }


def campaign_moved(*, pk: int, frm: str, to: str) -> None:
    kind = events.of_campaign(frm, to)
    if kind is None:
        return
    campaign = Campaign.objects.select_related("page", "tally").defer("page__token").get(pk=pk)
    tally = getattr(campaign, "tally", None)
    data = {
        "campaign": pk,
        "name": campaign.name,
        "page": campaign.page.page_id,
        "halt": campaign.halt,
        "tally": {state.value: count for state, count in tally.by_state().items()} if tally else {},
    }
    _tell(campaign.page_id, kind, data=data, at=timezone.now())


def optin_moved(*, optin: OptIn, kind: EventType, now: datetime) -> None:
    optins_moved(optins=[optin], kind=kind, now=now)


def optins_moved(*, optins: Sequence[OptIn], kind: EventType, now: datetime) -> None:
    """The same of many, of whatever pages, by the same few statements."""
    heard = listeners({optin.page_id for optin in optins}) if optins else {}
    told = {pk: listener for pk, listener in heard.items() if kind in listener.types}
    pks = [optin.pk for optin in optins if optin.page_id in told]
    for start in range(0, len(pks), CHUNK):
        rows = OptIn.objects.filter(pk__in=pks[start : start + CHUNK]).select_related("page").defer("page__token")
        _write(
            CallbackEvent(
                callback_id=told[row.page_id].callback_pk, type=kind, at=now, data=_optin_data(row), optin_id=row.pk
            )
            for row in rows.order_by("pk")
        )


def _optin_data(row: OptIn) -> dict[str, object]:
    return {
        "page": row.page.page_id,
        "customer_id": row.customer_id,
        "lifetime": row.lifetime,
        "source": row.source,
        "agreed_at": utc(row.agreed_at),
        "expires_at": utc(row.expires_at),
    }


def test(*, callback: Callback, now: datetime) -> CallbackEvent:
    """A test is an event like any other, with a number of its own, whatever the site chose."""
    event = CallbackEvent(callback=callback, type=EventType.TEST, at=now, data={"words": "It works."})
    _write([event])
    return event


def _tell(page_pk: int, kind: EventType, *, data: dict[str, object], at: datetime) -> None:
    listener = listeners({page_pk}).get(page_pk)
    if listener and kind in listener.types:
        _write([CallbackEvent(callback_id=listener.callback_pk, type=kind, at=at, data=data)])


def _write(found: Iterable[CallbackEvent]) -> None:
    made = CallbackEvent.objects.bulk_create(found, batch_size=CHUNK)
    told = {event.callback_id for event in made}
    # A sender that is at work, or waits for its next try, finds them by itself.
    idle = Callback.objects.filter(pk__in=told, state=CallbackState.ON, next_try_at=None).exclude(
        leased_until__gt=Now()
    )
    for pk in idle.values_list("pk", flat=True) if told else ():
        hints.kick_callback(pk)
