"""A customer's messages as the phone and the log beside it show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import timezone

from messenger_admin.sandbox.messages import Stored
from pages.models import Link, Page

# Messenger puts the time above a message that comes so long after the one before it.
PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message in its thread; `opens` when the time stands above it."""

    message: Stored
    at: datetime
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The page as the phone's header names it; one that nobody entered is known by its digits alone."""

    page_id: str
    name: str
    zone: tzinfo

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    @property
    def hue(self) -> int:
        """Degrees on the colour wheel, always the same for a page."""
        return sum(ord(letter) * 37 for letter in self.page_id) % 360


def owner(page_id: str) -> Owner:
    page = Page.objects.filter(page_id=page_id).first()
    link = Link.objects.open().filter(page=page).select_related("site").first() if page else None
    zone = link.site.zone if link else timezone.get_default_timezone()
    return Owner(page_id=page_id, name=page.name if page else page_id, zone=zone)


def names(page_ids: Iterable[str]) -> dict[str, str]:
    """The names of the pages among `page_ids` that somebody entered."""
    return dict(Page.objects.filter(page_id__in=set(page_ids)).values_list("page_id", "name"))


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def shown(messages: Iterable[Stored], previous: Stored | None = None) -> list[Shown]:
    """`messages` in their order, with the time above those that begin after a pause since `previous`."""
    rows: list[Shown] = []
    last = moment(previous.received_at) if previous else None
    for message in messages:
        at = moment(message.received_at)
        rows.append(Shown(message=message, at=at, opens=last is None or at - last >= PAUSE))
        last = at
    return rows
