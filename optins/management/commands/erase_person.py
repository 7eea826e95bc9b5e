"""Erases somebody everywhere, by Facebook's id of the person or by a customer_id, after saying what would go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from optins.management import whom
from optins.services import AgreedMeanwhile, StillLeaving
from optins.services.erasing_people import erase_customer, erase_person
from optins.services.whole_file import person as people
from optins.services.whole_file.making import count
from optins.services.whole_file.person import Person
from pages.models import Page


class Command(BaseCommand):
    """Exits with 1 where nothing was erased: the page is unknown, a message is leaving, or nobody said yes.

    Idempotent: whoever is not known is kept away all the same.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom.add_arguments(
            parser,
            psid="Facebook's id of the person on this page: everything goes, under all ids",
            customer_id="what is known under this id alone",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        page, psid = whom.page_of(options), whom.psid_of(options)
        person = _person(page, psid, options)
        known = self._say(person)
        if not (options["yes"] or self._agrees()):
            raise CommandError(_("Nothing was erased."))
        try:
            _erase(person, psid)
        except (AgreedMeanwhile, StillLeaving) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            _("Erased. What remains counts what was sent, and names nobody.")
            if known
            else _("Nothing was known. The id is kept away from now on.")
        )

    def _say(self, person: Person) -> bool:
        """What would go. False: nothing is known."""
        for customer_id in person.customer_ids:
            self.stdout.write(f"customer_id  {customer_id}")
        if person.psid:
            self.stdout.write(f"PSID         {person.psid}")
        known = count(person)
        if not known:
            self.stdout.write(_("Nothing is known of this person here."))
        for title, number in known:
            self.stdout.write(f"{number:>11}  {title}")
        self.stdout.write(
            _("What stands in Messenger is Facebook’s and the person’s own: nobody can erase it from here.")
        )
        return bool(known)

    def _agrees(self) -> bool:
        self.stdout.write(_("This can't be undone. Type “yes” to erase:"))
        try:
            return input().strip().lower() == "yes"
        except EOFError:
            return False


def _person(page: Page, psid: str | None, options: dict[str, Any]) -> Person:
    if psid is not None:
        return people.of_psid(page=page, psid=psid)
    return people.erased_with(page=page, customer_id=whom.customer_id_of(options))


def _erase(person: Person, psid: str | None) -> None:
    now = timezone.now()
    if psid is not None:
        erase_person(page=person.page, psid=psid, actor=None, now=now)
    else:
        erase_customer(page=person.page, customer_id=person.customer_ids[0], actor=None, now=now)
