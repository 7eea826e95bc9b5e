"""That a shop's page loads the tag, written down once a minute by each process; it never keeps the tag from loading."""

import time
from contextlib import suppress

from django.db import DatabaseError
from django.utils import timezone

from optins.services import findings
from pages.models import Site

SECONDS = 60
MOST_KEPT = 1_000

_told: dict[str, float] = {}


def of_life(sid: str) -> None:
    now = time.monotonic()
    last = _told.get(sid)
    if last is not None and now - last < SECONDS:
        return
    if len(_told) >= MOST_KEPT:
        _told.clear()
    _told[sid] = now
    with suppress(DatabaseError):
        if site := Site.objects.filter(sid=sid).first():
            findings.tag_seen(site=site, now=timezone.now())
