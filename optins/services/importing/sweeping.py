"""Imports whose worker died go on, those that nobody wants are dropped, and no file stays behind."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from optins import hints
from optins.models import Import
from optins.services.importing.steps import Moved, drop, remove_file
from optins.states import ImportState

WORKING = (ImportState.CHECKING, ImportState.RUNNING)
WAITING = (ImportState.CHECKED, ImportState.STOPPED)
ENDED = (ImportState.DONE, ImportState.DROPPED, ImportState.UNREADABLE)
# An upload may take so long; a file that is older and no import's was left behind by a process that died.
UPLOAD_TAKES = timedelta(days=1)


def sweep(*, now: datetime) -> None:
    for pk, offset in abandoned().values_list("pk", "offset"):
        hints.kick_import(pk, offset=offset)
    unwanted = Import.objects.filter(state__in=WAITING, created_at__lte=now - timedelta(days=settings.IMPORT_FILE_DAYS))
    for each in unwanted.order_by("pk")[:100]:
        _drop(each, now)
    for each in Import.objects.filter(state__in=ENDED).exclude(file="").order_by("pk")[:100]:
        remove_file(each)
    _remove_nobodys(now)


def abandoned() -> QuerySet[Import]:
    """Those without a worker: it died, or nobody was told of them."""
    return Import.objects.filter(Q(leased_until=None) | Q(leased_until__lte=Now()), state__in=WORKING)


def _drop(of: Import, now: datetime) -> None:
    try:
        drop(of=of, actor=None, now=now)
    except Moved:
        return


def _remove_nobodys(now: datetime) -> None:
    folder = Path(settings.DATA_DIR, "imports")
    old = [each for each in folder.glob("*") if each.stat().st_mtime < (now - UPLOAD_TAKES).timestamp()]
    if not old:
        return
    held = {Path(file).stem for file in Import.objects.exclude(file="").values_list("file", flat=True)}
    for each in old:
        if each.name.partition(".")[0] not in held:
            each.unlink(missing_ok=True)
