"""Lists of conversations, newest first, in keyset pages: as fast for a million as for ten."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet

from pages.models import Thread, ThreadMessage

PER_PAGE = 30


class Which(StrEnum):
    OPEN = "open"
    UNREAD = "unread"
    MINE = "mine"
    NOBODYS = "nobodys"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a keyset page ends: what comes after it is older."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.timestamp():.6f}.{self.pk}"

    @classmethod
    def read(cls, written: str) -> "Place | None":
        """None for whatever is no place."""
        seconds, _dot, pk = written.rpartition(".")
        try:
            at = datetime.fromtimestamp(float(seconds), tz=UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return cls(at, int(pk)) if pk.isascii() and pk.isdecimal() and len(pk) <= 18 else None


def threads(*, which: Which, user: AbstractBaseUser, page_pk: int | None = None) -> QuerySet[Thread]:
    """Each has a partial index of its own, for all pages and for one."""
    rows = Thread.objects.filter(_condition(which, user))
    return (rows.filter(page_id=page_pk) if page_pk else rows).order_by("-last_at", "-id")


def after(rows: QuerySet[Thread], place: Place | None) -> QuerySet[Thread]:
    return rows.filter(_older("last_at", place)) if place else rows


def messages(thread: Thread, *, before: Place | None = None) -> QuerySet[ThreadMessage]:
    """A thread's messages, newest first, from the one before `before` on."""
    rows = ThreadMessage.objects.filter(thread=thread).order_by("-at", "-id")
    return rows.filter(_older("at", before)) if before else rows


def around(message: ThreadMessage, *, following: int = 10) -> Place | None:
    """The place before which the message stands with so many that followed it; None where that is the newest part."""
    rows = ThreadMessage.objects.filter(thread=message.thread_id, at__gte=message.at).order_by("at", "pk")
    later = list(rows[: following + 2])
    return Place(later[-1].at, later[-1].pk) if len(later) == following + 2 else None


def _older(field: str, place: Place) -> Q:
    # The first condition alone is what the index is entered by.
    return Q(**{f"{field}__lte": place.at}) & (Q(**{f"{field}__lt": place.at}) | Q(pk__lt=place.pk))


def _condition(which: Which, user: AbstractBaseUser) -> Q:
    match which:
        case Which.OPEN:
            return Q(closed_at=None)
        case Which.UNREAD:
            return Q(unread__gt=0)
        case Which.MINE:
            return Q(closed_at=None, assigned_to=user.pk)
        case Which.NOBODYS:
            return Q(closed_at=None, assigned_to=None)
        case Which.CLOSED:
            return Q(closed_at__isnull=False)
