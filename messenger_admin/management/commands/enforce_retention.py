"""Removes at once what is older than it may be kept, which the workers do once a day by themselves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messenger_admin.admin import retention
from notifications.services.retention import enforcing
from notifications.services.retention.kinds import KINDS

# Rows are counted to the last: who asks here waits for the answer.
MOST = 10**12


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what is due")

    def handle(self, *_args: Any, **options: Any) -> None:
        now, failed = timezone.now(), 0
        if not options["dry_run"]:
            failed = sum(not enforcing.enforce(kind, now=now) for kind in KINDS if kind.step)
        self._table(retention.rows(now=now, most=MOST))
        if options["dry_run"]:
            self.stdout.write(_("Nothing was removed."))
        elif failed:
            text = ngettext(
                "%(count)s kind could not be removed. It is tried again each hour.",
                "%(count)s kinds could not be removed. It is tried again each hour.",
                failed,
            )
            raise CommandError(text % {"count": failed}, returncode=1)

    def _table(self, rows: list[retention.Row]) -> None:
        heads = (_("What"), _("Kept for"), _("Due now"), _("Oldest"), _("Last run"))
        lines = [heads, *((str(row.words), row.kept, row.due, _day(row), row.error or row.last) for row in rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(heads) - 1)]
        for line in lines:
            self.stdout.write("  ".join([*map(str.ljust, line, widths), line[-1]]).rstrip())


def _day(row: retention.Row) -> str:
    return f"{timezone.localtime(row.oldest):%Y-%m-%d}" if row.oldest else "–"
