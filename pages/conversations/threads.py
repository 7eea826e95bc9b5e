"""One person's thread on a page: made once, whoever comes first, and moved forward under its lock."""

from datetime import datetime

from pages.events import Event
from pages.models import Page, Thread


def claim(*, page: Page, event: Event, now: datetime) -> tuple[Thread, bool]:
    """The thread, locked until the transaction ends, and whether it is new.

    Workers that meet a person at the same instant insert once: the later one waits for the earlier, then reads its row.
    """
    found = held(page, event.psid)
    if found is not None:
        return found, False
    at = min(event.at, now)
    fresh = Thread(page=page, psid=event.psid, first_at=at, last_at=at)
    Thread.objects.bulk_create([fresh], ignore_conflicts=True)
    made = held(page, event.psid)
    if made is None:  # pragma: no cover  (erased between two statements: the event is tried again)
        raise Thread.DoesNotExist
    return made, True


def held(page: Page, psid: str) -> Thread | None:
    return Thread.objects.select_for_update().filter(page=page, psid=psid).first()


def forward(thread: Thread, **marks: datetime) -> set[str]:
    """Sets the times that are later than what the thread knows; returns their names."""
    later = {name for name, at in marks.items() if (known := getattr(thread, name)) is None or known < at}
    for name in later:
        setattr(thread, name, marks[name])
    return later
