"""Erases somebody everywhere, by Facebook's id of the person or by a customer_id, after saying what would go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from optins import customer_ids
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
        parser.add_argument("--page", required=True, metavar="PAGE_ID", help="Facebook's id of the page")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--psid", help="Facebook's id of the person on this page: everything goes, under all ids")
        whom.add_argument("--customer-id", metavar="ID", help="what is known under this id alone")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = Page.objects.defer("token").filter(page_id=options["page"]).first()
        if page is None:
            raise CommandError(_("There is no page with the id %(id)s.") % {"id": options["page"]})
        person = _person(page, options["psid"], options["customer_id"])
        known = self._say(person)
        if not (options["yes"] or self._agrees()):
            raise CommandError(_("Nothing was erased."))
        try:
            _erase(person, options["psid"])
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


def _person(page: Page, psid: str | None, customer_id: str | None) -> Person:
    if psid is not None:
        if not psid.isascii() or not psid.isdigit():
            raise CommandError(_("A PSID is a number, as Facebook gives it."), returncode=2)
        return people.of_psid(page=page, psid=psid)
    try:
        return people.erased_with(page=page, customer_id=customer_ids.parse(customer_id or ""))
    except customer_ids.CustomerIdError as refusal:
        raise CommandError(_(refusal.message) % refusal.params, returncode=2) from None


def _erase(person: Person, psid: str | None) -> None:
    now = timezone.now()
    if psid is not None:
        erase_person(page=person.page, psid=psid, actor=None, now=now)
    else:
        erase_customer(page=person.page, customer_id=person.customer_ids[0], actor=None, now=now)
