"""Encrypts every stored secret with the first of TOKEN_KEYS, so that the older keys can be taken out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.services.key_rotation import Rotated, rotate

# Enough to find them by; the whole list may be long.
NAMED = 20


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *_args: Any, **options: Any) -> None:
        only_look = options["dry_run"]
        columns = []
        for column in rotate(only_look=only_look):
            columns.append(column)
            self._say(column, only_look=only_look)
        lost = sum(len(column.unreadable) for column in columns)
        if lost:
            text = ngettext(
                "%(count)s secret can't be read with any of TOKEN_KEYS. Add the key that encrypted it, or enter the "
                "secret anew; until then keep every key that you have.",
                "%(count)s secrets can't be read with any of TOKEN_KEYS. Add the key that encrypted them, or enter the "
                "secrets anew; until then keep every key that you have.",
                lost,
            )
            raise CommandError(text % {"count": lost}, returncode=1)
        if only_look:
            self.stdout.write(_("Nothing was written."))
        else:
            self.stdout.write(self.style.SUCCESS(_("Everything has the first key. The older ones can be taken out.")))

    def _say(self, column: Rotated, *, only_look: bool) -> None:
        words = {"column": column.column, "changed": column.changed, "current": column.current}
        text = _("%(column)s: %(changed)s would be encrypted anew, %(current)s have the first key.")
        done = _("%(column)s: %(changed)s encrypted anew, %(current)s had the first key.")
        self.stdout.write((text if only_look else done) % words)
        if column.unreadable:
            named = ", ".join(str(pk) for pk in column.unreadable[:NAMED])
            more = " …" if len(column.unreadable) > NAMED else ""
            self.stdout.write(self.style.ERROR(_("  can't be read: %(rows)s") % {"rows": named + more}))
