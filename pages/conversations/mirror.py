"""The one writer of threads and their messages: an event in, rows out; as often as it is told, and in any order.

Receipts and reactions alone make no thread: whoever was erased would come back by opening Messenger. A thread that is
made takes up what was told before it, and so does a message that comes late (late.py).
"""

from datetime import datetime

from pages import hints
from pages.conversations import excerpts, late, profiles
from pages.conversations.entries import entry_of, is_arrival
from pages.conversations.threads import claim, forward, held
from pages.events import Delivered, Event, MessageReceived, OptedIn, PostbackReceived, Reacted, Referred, WasRead
from pages.models import Page, Thread, ThreadMessage
from pages.models.thread import Direction, Writer

# What opens Facebook's 24-hour window (Messenger Platform, "Standard messaging window").
ACTS = (MessageReceived, PostbackReceived, Referred, Reacted, OptedIn)
# What waits for an answer: it counts as unread, and opens a conversation that was closed before it.
ASKS = (MessageReceived, PostbackReceived)


def mirror(*, page: Page, event: Event, now: datetime) -> Thread | None:
    """The person's thread after the event; None where it names nobody, or nobody with a thread.

    Call it in a transaction: the thread stays locked until that ends.
    """
    if not event.psid:
        return None
    entry = entry_of(event)
    if entry is None:
        thread = held(page, event.psid)
        if thread is not None:
            _save(thread, _followed(thread, event, now))
        return thread
    thread, is_new = claim(page=page, event=event, now=now)
    changed = late.marks(thread) if is_new else set()
    _ask_for_the_name(thread, event, now, is_new=is_new)
    entry.thread, entry.at = thread, min(entry.at, now)
    if not thread.messages.filter(mid=entry.mid).exists():
        changed |= _added(thread, entry, event)
    _save(thread, changed | _acted(thread, event, now))
    return thread


def _ask_for_the_name(thread: Thread, event: Event, now: datetime, *, is_new: bool) -> None:
    if is_new:
        hints.kick_profiles()
    elif isinstance(event, ASKS):
        profiles.renew(thread, now)


def _save(thread: Thread, changed: set[str]) -> None:
    if changed:
        thread.save(update_fields=sorted(changed))


def _followed(thread: Thread, event: Event, now: datetime) -> set[str]:
    """What changes without a row of its own."""
    match event:
        case Delivered():
            return forward(thread, delivered_to=event.watermark)
        case WasRead():
            return forward(thread, read_to=event.watermark, delivered_to=event.watermark)
        case Reacted():
            for message in thread.messages.filter(mid=event.mid):
                if late.react(message, event.emoji, event.at):
                    message.save(update_fields=["reactions"])
            return _acted(thread, event, now)
    return set()


def _added(thread: Thread, entry: ThreadMessage, event: Event) -> set[str]:
    # Older than something that is known: a reaction to it may have been told before it.
    if entry.at <= max(thread.last_at, thread.acted_at or thread.last_at):
        late.reactions(entry)
    entry.save(force_insert=True)
    changed = set()
    if entry.at >= thread.last_at:
        thread.last_at, thread.last_direction = entry.at, entry.direction
        thread.excerpt = excerpts.excerpt(entry.text, entry.attachments)
        thread.last_kind = excerpts.ARRIVAL if is_arrival(entry) else excerpts.kind(entry.attachments)
        changed |= {"last_at", "last_direction", "excerpt", "last_kind"}
    if entry.at < thread.first_at:
        thread.first_at = entry.at
        changed.add("first_at")
    return changed | _counted(thread, entry, event)


def _counted(thread: Thread, entry: ThreadMessage, event: Event) -> set[str]:
    """What nobody has looked at. Staff who answer on Facebook have read what came before their answer."""
    if _asks(event):
        thread.unread += 1
        return {"unread"}
    if entry.writer != Writer.PAGE_INBOX or not thread.unread:
        return set()
    after = thread.messages.filter(direction=Direction.IN, at__gt=entry.at)[: thread.unread]
    thread.unread = sum(1 for message in after if not is_arrival(message))
    return {"unread"}


def _acted(thread: Thread, event: Event, now: datetime) -> set[str]:
    """A sign of life opens the window, and shows that the person takes messages again."""
    if not isinstance(event, ACTS):
        return set()
    at = min(event.at, now)
    changed = forward(thread, acted_at=at)
    if thread.blocked_at and thread.blocked_at < at:
        thread.blocked_at = None
        changed.add("blocked_at")
    if _asks(event) and thread.closed_at and thread.closed_at < at:
        thread.closed_at = None
        changed.add("closed_at")
    return changed


def _asks(event: Event) -> bool:
    """In standby it is another application that answers."""
    return isinstance(event, ASKS) and not event.standby
