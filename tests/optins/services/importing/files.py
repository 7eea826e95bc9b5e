"""Files of opt-ins as people bring them, and an import that goes all its way."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from optins.models import Import, Refusal
from optins.services import importing
from optins.services.importing import Upload
from optins.states import ImportState
from pages.models import Page

HEADER = "customer_id,agreed_at,psid,proof"


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def stored(page: Page, data: bytes, **upload: Any) -> Import:
    chunks: Iterable[bytes] = [data[start : start + 65_536] for start in range(0, len(data), 65_536)]
    made = Upload(**{"name": "people.csv", "chunks": chunks, "proof": "The form in the shop", **upload})
    return importing.store(page=page, upload=made, actor=upload.pop("actor", None), now=timezone.now())


def work(of: Import, *, now: datetime | None = None) -> Import:
    """As many turns as it takes."""
    while True:
        before = (of.state, of.offset)
        importing.work(import_pk=of.pk, now=now or timezone.now())
        of.refresh_from_db()
        if of.state not in (ImportState.CHECKING, ImportState.RUNNING) or before == (of.state, of.offset):
            return of


def checked(page: Page, data: bytes, **upload: Any) -> Import:
    return work(stored(page, data, **upload))


def done(page: Page, data: bytes, **upload: Any) -> Import:
    of = checked(page, data, **upload)
    importing.confirm(of=of, actor=None, now=timezone.now())
    return work(of)


def counts(of: Import) -> dict[str, int]:
    """Those that are not 0."""
    found = {name: getattr(of, name) for name in ("fresh", "renewed", "known", "refused")}
    return {name: count for name, count in found.items() if count}


def refusals(of: Import) -> list[tuple[int, str]]:
    return list(Refusal.objects.filter(of=of).order_by("line").values_list("line", "code"))
