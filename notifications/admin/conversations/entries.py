"""A stretch of a conversation as the screen shows it: messages, what was done, and what is on its way, by the clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from notifications.admin import times
from notifications.admin.conversations import moments, ours
from notifications.admin.conversations.faces import Face, faces, of_body
from notifications.gateway.meta.metadata import Mark
from notifications.gateway.meta.parts import DISCLOSURE
from notifications.models import Delivery
from notifications.states import LEFT, DeliveryState, Origin
from notifications.words import reason_words
from optins.models import OptIn
from pages.admin.days import midnight
from pages.conversations.entries import is_arrival
from pages.conversations.listing import Place, messages
from pages.models import Thread, ThreadMessage
from pages.models.thread import Direction, Writer

PER_PAGE = 40
# What never reached the person, and may be sent again.
LOST = frozenset({DeliveryState.FAILED, DeliveryState.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`key` names it for good. `kind` is said (a message), happened (a line) or day. `state` is how far it came."""

    key: str
    kind: str
    at: str
    clock: str = ""
    when: str = ""
    is_ours: bool = False
    by: str = ""
    faces: tuple[Face, ...] = ()
    words: str = ""
    notes: tuple[str, ...] = ()
    quoted: str = ""
    reaction: str = ""
    state: str = ""
    reason: str = ""
    delivery: int | None = None
    may_be_sent_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Oldest first. `older` is the place before which it goes on, or empty; `newest` the largest key that was seen."""

    entries: tuple[Entry, ...]
    older: str = ""
    newest: int = 0


def stretch(thread: Thread, optins: Sequence[OptIn], *, before: Place | None, now: datetime) -> Stretch:
    """The messages before `before`, or the newest; the number of queries does not depend on how many there are."""
    found = list(messages(thread, before=before).select_related("author")[: PER_PAGE + 1])
    shown, goes_on = found[:PER_PAGE], len(found) > PER_PAGE
    since = shown[-1].at if goes_on else None
    zone = times.zone_of(thread.page)
    waiting = ours.not_echoed(thread, optins, since=since, until=before.at if before else None)
    told = [*_of_messages(thread, shown, zone), *(_of_delivery(each, zone) for each in waiting)]
    return Stretch(
        entries=tuple(_with_days(sorted(told, key=lambda pair: pair[0]), zone, now)),
        older=str(Place(shown[-1].at, shown[-1].pk)) if goes_on else "",
        newest=max((message.pk for message in shown), default=0),
    )


def _with_days(told: Iterable[tuple[datetime, Entry]], zone: tzinfo, now: datetime) -> Iterator[Entry]:
    last = None
    for at, entry in told:
        local = at.astimezone(zone)
        if local.date() != last:
            last = local.date()
            begins = midnight(last, zone)
            yield Entry(key=f"day-{last}", kind="day", at=begins.isoformat(), words=moments.day(at, zone, now))
        yield replace(entry, at=at.isoformat(), clock=times.clock(at, zone), when=times.said(at, zone))


def _of_messages(thread: Thread, shown: Sequence[ThreadMessage], zone: tzinfo) -> Iterator[tuple[datetime, Entry]]:
    marks = ours.marks(shown)
    deliveries, quoted = ours.of_marks(marks, thread), _quoted(thread, shown)
    for message in shown:
        if is_arrival(message):
            yield message.at, Entry(key=f"m{message.pk}", kind="happened", at="", words=_("Came by a link"))
            continue
        mark = marks.get(message.pk)
        delivery = deliveries.get(mark.delivery_id) if mark else None
        yield message.at, _said(message, mark, delivery, thread, quoted.get(message.reply_to, ""))


def _said(message: ThreadMessage, mark: Mark | None, delivery: Delivery | None, thread: Thread, quoted: str) -> Entry:
    is_ours = message.direction == Direction.OUT
    body = ours.body_of_part(delivery, mark.part) if delivery and mark else None
    return Entry(
        key=f"m{message.pk}",
        kind="said",
        at="",
        is_ours=is_ours,
        by=_writer(message, delivery) if is_ours else "",
        faces=tuple(of_body(body) if body else faces(message.text, message.attachments)),
        notes=tuple(_notes(message, mark)),
        quoted=quoted,
        reaction=message.reactions[-1]["emoji"] if message.reactions else "",
        state=_reached(message, thread) if is_ours else "",
        delivery=delivery.pk if delivery else None,
    )


def _writer(message: ThreadMessage, delivery: Delivery | None) -> str:
    if delivery:
        return _author(delivery)
    if message.author:
        return message.author.get_username()
    return str(Writer(message.writer).label)


def _author(delivery: Delivery) -> str:
    if delivery.origin == Origin.REPLY:
        return delivery.requested_by.get_username() if delivery.requested_by else _("An agent")
    return delivery.campaign.name if delivery.campaign else str(delivery.get_origin_display())


def _notes(message: ThreadMessage, mark: Mark | None) -> Iterator[str]:
    if mark and mark.part == DISCLOSURE:
        yield _("said once, before the first automated message")
    if "postback" in message.origin:
        yield _("tapped a button")
    if "quick_reply" in message.origin:
        yield _("tapped a quick reply")
    if "referral" in message.origin:
        yield _("came by a link")
    if message.origin.get("standby"):
        yield _("another application had the conversation")


def _reached(message: ThreadMessage, thread: Thread) -> str:
    if thread.read_to and message.at <= thread.read_to:
        return DeliveryState.READ.value
    if thread.delivered_to and message.at <= thread.delivered_to:
        return DeliveryState.DELIVERED.value
    return DeliveryState.SENT.value


def _of_delivery(delivery: Delivery, zone: tzinfo) -> tuple[datetime, Entry]:
    body, state = ours.body_left(delivery), DeliveryState(delivery.state)
    return ours.moment(delivery), Entry(
        key=f"d{delivery.pk}",
        kind="said",
        at="",
        is_ours=True,
        by=_author(delivery),
        faces=tuple(of_body(body)) if body else (Face(label=_("Utility template"), icon="web_asset"),),
        state=state.value,
        reason=reason_words(delivery.reason) if delivery.reason and state not in LEFT else "",
        delivery=delivery.pk,
        may_be_sent_again=delivery.origin == Origin.REPLY and state in LOST,
    )


def _quoted(thread: Thread, shown: Iterable[ThreadMessage]) -> Mapping[str, str]:
    """The words that messages of the stretch answer, by mid."""
    mids = {message.reply_to for message in shown if message.reply_to}
    if not mids:
        return {}
    found = thread.messages.filter(mid__in=mids)
    return {message.mid: message.text[:120] or _("a message without words") for message in found}
