"""What Facebook told before the thing it is about: found again among the stored events of the person."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pages.conversations.threads import forward
from pages.models import Thread, ThreadMessage, WebhookEvent

# So many of the person's newest events are looked through.
LOOKED_THROUGH = 500


def marks(thread: Thread) -> set[str]:
    """The watermarks and the reactions that came before the thread; returns the names of the times that were set."""
    changed: set[str] = set()
    for told in _told(thread):
        if at := _watermark(told, "delivery"):
            changed |= forward(thread, delivered_to=at)
        if at := _watermark(told, "read"):
            changed |= forward(thread, delivered_to=at, read_to=at)
        if "reaction" in told and (at := _time(told.get("timestamp"))):
            changed |= forward(thread, acted_at=at)
    return changed


def reactions(message: ThreadMessage) -> None:
    for told in _told(message.thread):
        reaction = told.get("reaction")
        at = _time(told.get("timestamp"))
        if isinstance(reaction, dict) and reaction.get("mid") == message.mid and at:
            react(message, _emoji(reaction), at)


def react(message: ThreadMessage, emoji: str, at: datetime) -> bool:
    """Whether it changed anything. A person has one reaction to a message: the latest, which may be none."""
    known = [datetime.fromisoformat(each["at"]) for each in message.reactions]
    if known and max(known) >= at:
        return False
    message.reactions = [{"emoji": emoji, "at": at.isoformat()}]
    return True


def _told(thread: Thread) -> Iterator[dict[str, Any]]:
    """As Facebook told it; its shapes are those of Messenger Platform, "Webhooks"."""
    of_the_person = WebhookEvent.objects.filter(psid=thread.psid, page_id=thread.page.page_id).order_by("-id")
    for body in of_the_person.values_list("body", flat=True)[:LOOKED_THROUGH]:
        if isinstance(body, dict):
            yield body


def _emoji(reaction: dict[str, Any]) -> str:
    return "" if reaction.get("action") == "unreact" else str(reaction.get("emoji") or "")


def _watermark(told: dict[str, Any], name: str) -> datetime | None:
    receipt = told.get(name)
    return _time(receipt.get("watermark")) if isinstance(receipt, dict) else None


def _time(milliseconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
