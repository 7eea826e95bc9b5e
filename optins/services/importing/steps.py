"""What a person says to an import: go ahead, stop, go on, drop it. Each is a move of its state, and of nothing else."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from optins import hints
from optins.models import Import
from optins.states import ImportState
from pages import audit

S = ImportState


class Moved(Exception):
    """Somebody else was faster, or it ended: it is no longer in the state that was on the screen."""

    def __init__(self, of: Import) -> None:
        super().__init__(_("The import is in another state now: %(state)s.") % {"state": of.get_state_display()})


def confirm(*, of: Import, actor: AbstractBaseUser | None, now: datetime) -> None:
    """What was checked is taken in. Raises Moved."""
    del now
    counts = {"offset": 0, "line": 0, "fresh": 0, "renewed": 0, "known": 0, "refused": 0}
    _move(of, S.RUNNING, frm=S.CHECKED, actor=actor, action="import.confirmed", **counts)
    hints.kick_import(of.pk)


def stop(*, of: Import, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Within a second or so. What came in until then stays. Raises Moved."""
    del now
    _move(of, S.STOPPED, frm=S.RUNNING, actor=actor, action="import.stopped")


def go_on(*, of: Import, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Behind the last row that counts. Raises Moved."""
    del now
    _move(of, S.RUNNING, frm=S.STOPPED, actor=actor, action="import.continued")
    hints.kick_import(of.pk, offset=of.offset)


def drop(*, of: Import, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Nothing more of it is taken in, and its file goes at once. Raises Moved."""
    _move(of, S.DROPPED, frm=None, actor=actor, action="import.dropped", ended_at=now, holder="", leased_until=None)
    transaction.on_commit(lambda: remove_file(of))


def remove_file(of: Import) -> None:
    """The file, and what was noted beside it, of an import that has ended."""
    if not of.file:
        return
    path = Path(settings.DATA_DIR, of.file)
    for each in path.parent.glob(f"{path.stem}.*"):
        each.unlink(missing_ok=True)
    Import.objects.filter(pk=of.pk).update(file="")


def _move(
    of: Import,
    to: ImportState,
    *,
    frm: ImportState | None,
    actor: AbstractBaseUser | None,
    action: str,
    **changes: object,
) -> None:
    with transaction.atomic():
        moved = Import.objects.filter(pk=of.pk).move(to, frm=frm, **changes)
        if moved:
            audit.record(actor=actor, action=action, subject=of)
    of.refresh_from_db()
    if not moved:
        raise Moved(of)
