"""The list on the left, each conversation as one row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.admin import times
from notifications.admin.conversations import moments
from notifications.admin.conversations.windows import Window, window
from notifications.bubble.reading import web_address
from pages.conversations.excerpts import ARRIVAL
from pages.models import Page, Thread
from pages.models.thread import Direction

# What a message without words is called.
WITHOUT_WORDS = {
    "image": gettext_lazy("Picture"),
    "sticker": gettext_lazy("Sticker"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Voice message"),
    "location": gettext_lazy("Place"),
    "template": gettext_lazy("A message with buttons"),
    "file": gettext_lazy("File"),
    ARRIVAL: gettext_lazy("Came by a link"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    pk: int
    name: str
    initials: str
    picture: str
    page: str
    excerpt: str
    is_ours: bool
    at: str
    when: str
    when_said: str
    place: str
    unread: int
    assigned: str
    window: Window
    is_closed: bool
    # In a search: which message holds the words.
    found: int | None = None


def beside(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """With what `rows` needs, in a number of queries that does not grow."""
    pages = Prefetch("page", queryset=times.with_links(Page.objects.defer("token")))
    return threads.select_related("assigned_to").prefetch_related(pages)


def rows(threads: Iterable[Thread], now: datetime, *, found: dict[int, Any] | None = None) -> list[Row]:
    """`found` gives, by thread, the message in which the words stand."""
    return [_row(thread, now, (found or {}).get(thread.pk)) for thread in threads]


def name_of(thread: Thread) -> str:
    return thread.name or _("Customer …%(end)s") % {"end": thread.psid[-4:]}


def initials(name: str) -> str:
    parts = [part for part in name.split() if part[0].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def _row(thread: Thread, now: datetime, said: Any) -> Row:
    zone = times.zone_of(thread.page)
    words = WITHOUT_WORDS.get(thread.last_kind)
    return Row(
        pk=thread.pk,
        name=name_of(thread),
        initials=initials(thread.name),
        picture=web_address(thread.picture_url),
        page=thread.page.name,
        excerpt=said.text if said else thread.excerpt or str(words or ""),
        is_ours=not said and thread.last_direction == Direction.OUT,
        at=thread.last_at.isoformat(),
        when=moments.short(thread.last_at, zone, now),
        when_said=times.said(thread.last_at, zone),
        place=f"{thread.last_at.timestamp():.6f}.{thread.pk}",
        unread=thread.unread,
        assigned=thread.assigned_to.get_username() if thread.assigned_to else "",
        window=window(thread, now),
        is_closed=thread.closed_at is not None,
        found=said.message_pk if said else None,
    )
