"""Recounts the ledger from its rows and reports each disagreement; exits with 1 when there is one."""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.services.auditing.check import Check, Disagreement
from notifications.services.auditing.checks import CHECKS
from notifications.services.auditing.run import disagreements, snapshot


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One line of JSON for each disagreement, nothing else.")

    def handle(self, *_args: Any, **options: Any) -> None:
        self._as_json = bool(options["json"])
        began = time.monotonic()
        with snapshot():
            total = sum(self._make(number, check) for number, check in enumerate(CHECKS, start=1))
        if not self._as_json:
            took = time.monotonic() - began
            words = ngettext("%(count)d disagreement", "%(count)d disagreements", total) % {"count": total}
            self.stdout.write(_("%(found)s, in %(seconds).1f s.") % {"found": words, "seconds": took})
        if total:
            sys.exit(1)

    def _make(self, number: int, check: Check) -> int:
        began, count = time.monotonic(), 0
        for found in disagreements(check, now=timezone.now()):
            count += 1
            self._report(found)
        if not self._as_json:
            took = time.monotonic() - began
            standing = _("holds") if not count else _("%(count)d found") % {"count": count}
            # Progress, for work that may take minutes.
            self.stdout.write(f"[{number}/{len(CHECKS)}] {check.words}: {standing} ({took:.1f} s)")
            self.stdout.flush()
        return count

    def _report(self, found: Disagreement) -> None:
        if self._as_json:
            self.stdout.write(json.dumps(asdict(found)))
            return
        words = _("written down: %(written)s; found: %(found)s") % {"written": found.written, "found": found.found}
        self.stdout.write(f"  {found.subject} {found.id}: {words}")
