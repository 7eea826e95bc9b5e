"""Writes the opt-ins of a page to the standard output, as CSV: what `import_optins` and the screens read."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from optins.models import OptIn
from optins.services.exporting import Chosen, export
from optins.states import OptInState
from pages.models import Page

# Of somebody who is erased there is nothing to write.
STATES = [state.value for state in OptInState if state is not OptInState.ERASED]


class Command(BaseCommand):
    """Exits with 1 when there is no such page."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--page", required=True, metavar="PAGE_ID", help="Facebook's id of the page")
        parser.add_argument("--state", action="append", choices=STATES, dest="states", help="repeatable; all without")
        parser.add_argument("--beginning", default="", metavar="TEXT", help="customer_ids that begin so, to the letter")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = Page.objects.defer("token").filter(page_id=options["page"]).first()
        if page is None:
            raise CommandError(_("There is no page with the id %(id)s.") % {"id": options["page"]})
        rows = OptIn.objects.with_prefix(options["beginning"])
        if options["states"]:
            rows = rows.filter(state__in=options["states"])
        chosen = Chosen(rows=rows, noted=_noted(options))
        for piece in export(page=page, chosen=chosen, actor=None, now=timezone.now()):
            self.stdout.write(piece, ending="")


def _noted(options: dict[str, Any]) -> dict[str, object]:
    """For the audit log, which keeps no customer's id."""
    states = {"state": ", ".join(options["states"])} if options["states"] else {}
    return {**states, **({"searched": True} if options["beginning"] else {})}
