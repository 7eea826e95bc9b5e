"""Writes a person's whole file, as the button does; also for somebody who clicked and never agreed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from optins.management import whom
from optins.services.whole_file.making import make
from optins.services.whole_file.person import Person, of_customer_id, of_psid


class Command(BaseCommand):
    """Exits with 1 where the page is unknown or the file is there already or can't be written."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom.add_arguments(
            parser, psid="Facebook's id of the person on this page", customer_id="any customer_id of the person"
        )
        parser.add_argument("archive", type=Path, metavar="FILE.zip", help="where to write it; never over a file")

    def handle(self, *_args: Any, **options: Any) -> None:
        person, path = _person(options), options["archive"]
        try:
            with path.open("xb") as out:
                counts = make(person=person, subject=person.page, actor=None, now=timezone.now(), out=out)
        except FileExistsError:
            raise CommandError(_("%(path)s is there already.") % {"path": path}) from None
        except OSError as error:
            # Half an archive is none.
            path.unlink(missing_ok=True)
            told = {"path": path, "why": error.strerror}
            raise CommandError(_("%(path)s can't be written: %(why)s") % told) from None
        self.stdout.write(_("%(path)s: %(rows)d rows.") % {"path": path, "rows": sum(counts.values())})


def _person(options: dict[str, Any]) -> Person:
    page, psid = whom.page_of(options), whom.psid_of(options)
    if psid is not None:
        return of_psid(page=page, psid=psid)
    return of_customer_id(page=page, customer_id=whom.customer_id_of(options))
