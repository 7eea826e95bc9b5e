"""Events of one person on a page, as values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from pages.conversations.mirror import mirror
from pages.events import Echoed, Event, MessageReceived
from pages.models import Page, Thread

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE_INBOX = "26390203743090"


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Person:
    page: Page
    psid: str = "7012345678901234"

    def wrote(self, text: str = "Bonjour", *, minutes: float = 0, mid: str = "", **more: Any) -> Event:
        return self.did(MessageReceived, minutes=minutes, mid=mid or f"m_in_{minutes}", text=text, **more)

    def got(self, text: str = "Voici", *, minutes: float = 0, mid: str = "", **more: Any) -> Event:
        """What the page sent, by default from another application."""
        by = {"app_id": "424242", **more}
        return self.did(Echoed, minutes=minutes, mid=mid or f"m_out_{minutes}", text=text, **by)

    def got_from_us(self, text: str = "Voici", *, delivery: int = 1, minutes: float = 0, **more: Any) -> Event:
        mark = f"ma1:{'0' * 32}:{delivery}:0"
        return self.got(text, minutes=minutes, app_id=settings.FACEBOOK_APP_ID, metadata=mark, **more)

    def did(self, kind: type[Event], *, minutes: float = 0, **more: Any) -> Event:
        return kind(page_id=self.page.page_id, psid=self.psid, at=at(minutes), **more)

    def tell(self, *events: Event, now: datetime | None = None) -> Thread | None:
        """Mirrors them one by one; the thread as the database has it then."""
        thread = None
        for event in events:
            with transaction.atomic():
                thread = mirror(page=self.page, event=event, now=now or at(600))
        if thread is not None:
            thread.refresh_from_db()
        return thread
