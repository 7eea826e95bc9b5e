"""Imports a CSV file of opt-ins into a page: a dry run first, its report, and the import once somebody says yes."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from optins.models import Import, Refusal
from optins.services import importing
from optins.services.importing import CannotImport, Moved, Upload
from optins.services.importing.sweeping import WORKING
from optins.states import ImportState
from optins.transfer.dates import Dates
from optins.transfer.words import FILES, REFUSALS
from pages.models import Page

CHUNK = 1_048_576
# Refused rows shown for each reason; all of them are in the report of the import's page.
EXAMPLES = 3
# Seconds between two looks where a worker was faster, and between two words on how far it has come.
LOOK, SAY = 0.5, 2.0


class Command(BaseCommand):
    """Exits with 1 where nothing, or not everything, was imported. What is interrupted goes on in a worker."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, with the names of the columns in the first row")
        parser.add_argument("--page", required=True, metavar="PAGE_ID", help="Facebook's id of the page")
        parser.add_argument("--proof", default="", help="how those agreed whose row does not say it")
        parser.add_argument(
            "--dates", choices=[each.value for each in Dates], default=Dates.ISO.value, help="what 03/04/2026 means"
        )
        parser.add_argument("--dry-run", action="store_true", help="check the file, say what would happen, and stop")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        of = self._stored(options)
        try:
            self._work(of)
            self._say_what(of)
            if options["dry_run"] or not (options["yes"] or self._agrees(of)):
                importing.drop(of=of, actor=None, now=timezone.now())
                self.stdout.write(_("Nothing was imported."))
                return
            importing.confirm(of=of, actor=None, now=timezone.now())
            self._work(of)
        except Moved as moved:
            raise CommandError(str(moved)) from None
        self._say_what(of)
        if of.state != ImportState.DONE:
            raise CommandError(_("The import is in another state now: %(state)s.") % {"state": of.get_state_display()})
        self.stdout.write(_("Imported."))

    def _stored(self, options: dict[str, Any]) -> Import:
        page = Page.objects.filter(page_id=options["page"]).first()
        if page is None:
            raise CommandError(_("There is no page with the id %(id)s.") % {"id": options["page"]})
        path: Path = options["file"]
        upload = Upload(name=path.name, chunks=_chunks(path), proof=options["proof"], dates=Dates(options["dates"]))
        try:
            return importing.store(page=page, upload=upload, actor=None, now=timezone.now())
        except (CannotImport, OSError) as error:
            raise CommandError(str(error)) from None

    def _work(self, of: Import) -> None:
        """Here, or in a worker that was faster: until a person is asked for, or it is over."""
        said_at = time.monotonic()
        while of.state in WORKING:
            before = of.offset
            importing.work(import_pk=of.pk, now=timezone.now())
            of.refresh_from_db()
            if of.offset == before and of.state in WORKING:
                time.sleep(LOOK)
            if time.monotonic() - said_at > SAY:
                said_at = time.monotonic()
                self._say_how_far(of)
        if of.state == ImportState.UNREADABLE:
            raise CommandError(_(FILES[of.error]) % of.error_params)

    def _say_how_far(self, of: Import) -> None:
        share = 100 * of.offset // max(of.size, 1)
        words = {"state": of.get_state_display(), "share": share, "rows": of.rows}
        self.stdout.write(_("%(state)s: %(share)d %%, %(rows)d rows") % words)

    def _say_what(self, of: Import) -> None:
        for label, count in (
            (_("New"), of.fresh),
            (_("Renewed"), of.renewed),
            (_("Known already"), of.known),
            (_("Refused"), of.refused),
        ):
            self.stdout.write(f"{count:>11}  {label}")
        if of.options.get("ignored"):
            self.stdout.write(
                _("Columns that say nothing to us: %(names)s") % {"names": ", ".join(of.options["ignored"])}
            )
        self._say_why(Refusal.objects.filter(of=of))

    def _say_why(self, refused: QuerySet[Refusal]) -> None:
        by_reason = refused.order_by().values("code").annotate(count=Count("pk")).order_by("-count", "code")
        for code, count in by_reason.values_list("code", "count"):
            self.stdout.write(_("Refused for the same reason: %(count)d") % {"count": count})
            for each in refused.filter(code=code).order_by("line")[:EXAMPLES]:
                words = _(REFUSALS[each.code]) % {"detail": each.detail}
                self.stdout.write("  " + _("Line %(line)d: %(words)s") % {"line": each.line, "words": words})

    def _agrees(self, of: Import) -> bool:
        if not of.fresh + of.renewed + of.known:
            return False
        self.stdout.write(_("Type “yes” to import into %(page)s:") % {"page": of.page})
        try:
            return input().strip().lower() in ("yes", _("yes"))
        except EOFError:
            return False


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
