"""Conversations of this very hour: their windows are open."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from pages.events import Echoed, MessageReceived
from pages.models import Thread
from tests.pages.conversations.events import Person

_mids = itertools.count(1)


def wrote(person: Person, text: str = "Bonjour", *, hours_ago: float = 0.1, **more: Any) -> Thread:
    return _tell(person, MessageReceived, hours_ago, text=text, **more)


def got(person: Person, text: str = "Voici", *, hours_ago: float = 0.05, **more: Any) -> Thread:
    return _tell(person, Echoed, hours_ago, text=text, **{"app_id": "424242", **more})


def _tell(person: Person, kind: Any, hours_ago: float, **more: Any) -> Thread:
    now = timezone.now()
    mid = more.pop("mid", f"m_now_{next(_mids)}")
    event = kind(page_id=person.page.page_id, psid=person.psid, at=now - timedelta(hours=hours_ago), mid=mid, **more)
    thread = person.tell(event, now=now)
    assert thread is not None
    return thread


def url(thread: Thread, door: str = "change") -> str:
    return f"/admin/pages/thread/{thread.pk}/{door}/"
