"""Issues a token for the HTTP API and prints it, alone on the last line: it is never shown again."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.models import Page, Site
from pages.models.api_token import DEFAULT_REQUESTS_PER_SECOND
from pages.scopes import Scope
from pages.services.issuing import CannotIssue, Terms, issue


class Command(BaseCommand):
    """Exits with 1 when a page or a site is not there or not linked, with 2 when the command was mistyped."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="who uses it: a system, a shop, a person")
        bound = parser.add_mutually_exclusive_group(required=True)
        bound.add_argument("--page", action="append", default=[], dest="pages", metavar="PAGE_ID", help="repeatable")
        bound.add_argument("--site", metavar="SID", help="the page that the site holds, today and later")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, dest="scopes", help="repeatable; all of them without"
        )
        parser.add_argument("--expires-in-days", type=int, metavar="N", help="never without")
        parser.add_argument("--rate", type=int, default=DEFAULT_REQUESTS_PER_SECOND, help="requests per second")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        days: int | None = options["expires_in_days"]
        if days is not None and not 0 < days <= 36_500:
            raise CommandError(_("--expires-in-days is from 1 to 36500."), returncode=2)
        terms = Terms(
            name=options["name"],
            scopes=set(options["scopes"] or Scope.values),
            site=_site(options["site"]) if options["site"] else None,
            pages=list(_pages(dict.fromkeys(options["pages"]))),
            expires_at=now + timedelta(days=days) if days else None,
            requests_per_second=options["rate"],
        )
        try:
            token, secret = issue(terms=terms, actor=None, now=now)
        except CannotIssue as refusal:
            raise CommandError(str(refusal)) from None
        except ValidationError as refusal:
            raise CommandError(_said(refusal), returncode=2) from None
        self.stdout.write(_("The token “%(name)s” is issued. Keep it: it is never shown again.") % {"name": token.name})
        self.stdout.write(secret)


def _site(sid: str) -> Site:
    site = Site.objects.filter(sid=sid).first()
    if site is None:
        raise CommandError(_("There is no site with the SID %(sid)s.") % {"sid": sid})
    return site


def _pages(page_ids: Sequence[str] | dict[str, None]) -> Iterator[Page]:
    for page_id in page_ids:
        page = Page.objects.defer("token").filter(page_id=page_id).first()
        if page is None:
            raise CommandError(_("There is no page with the id %(id)s.") % {"id": page_id})
        yield page


def _said(refusal: ValidationError) -> str:
    """`field: what is wrong with it`, a line for each."""
    return "\n".join(f"{field}: {' '.join(texts)}" for field, texts in refusal.message_dict.items())
