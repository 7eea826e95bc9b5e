"""Whom a command is about: Facebook's id of the page, and of the person on it or a customer_id."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from optins import customer_ids
from pages.models import Page


def add_arguments(parser: ArgumentParser, *, psid: str, customer_id: str) -> None:
    """`psid` and `customer_id` say what the command does with each."""
    parser.add_argument("--page", required=True, metavar="PAGE_ID", help="Facebook's id of the page")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--psid", help=psid)
    whom.add_argument("--customer-id", metavar="ID", help=customer_id)


def page_of(options: dict[str, Any]) -> Page:
    page = Page.objects.defer("token").filter(page_id=options["page"]).first()
    if page is None:
        raise CommandError(_("There is no page with the id %(id)s.") % {"id": options["page"]})
    return page


def psid_of(options: dict[str, Any]) -> str | None:
    """None where a customer_id was given."""
    psid: str | None = options["psid"]
    if psid is not None and not (psid.isascii() and psid.isdigit()):
        raise CommandError(_("A PSID is a number, as Facebook gives it."), returncode=2)
    return psid


def customer_id_of(options: dict[str, Any]) -> str:
    """As it is stored."""
    try:
        return customer_ids.parse(options["customer_id"] or "")
    except customer_ids.CustomerIdError as refusal:
        raise CommandError(_(refusal.message) % refusal.params, returncode=2) from None
