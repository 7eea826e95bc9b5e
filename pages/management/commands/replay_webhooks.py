"""Processes Facebook's events once more, from what was stored. Without --yes it only says how many that would be."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.models import WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState, WebhookEventQuerySet
from pages.webhooks import processing, replaying


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="TIME", help="Received then or later: 2026-11-20T08:00, or with +01:00.")
        parser.add_argument("--until", metavar="TIME", help="Received before then.")
        parser.add_argument("--page", metavar="ID", help="Of this page, by Facebook's id.")
        parser.add_argument("--kind", help="Of this kind: message, postback, read, … or Facebook's own word.")
        parser.add_argument("--failed", action="store_true", help="Only those that failed.")
        parser.add_argument("--unreadable", action="store_true", help="Read the calls again that could not be read.")
        parser.add_argument("--here", action="store_true", help="Process them in this process; workers may help.")
        parser.add_argument("--yes", action="store_true", help="Do it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["unreadable"]:
            self._posts(yes=options["yes"])
        else:
            self._events(_chosen(options), yes=options["yes"])
        if options["here"] and options["yes"]:
            self._process()

    def _events(self, rows: WebhookEventQuerySet, *, yes: bool) -> None:
        count = rows.exclude(state=EventState.WAITING).count()
        self._say(ngettext("%(count)d event to process again.", "%(count)d events to process again.", count), count)
        if not count or not self._is_sure(yes=yes):
            return
        for done in replaying.replay_events(rows, now=timezone.now()):
            self.stdout.write(_("%(done)d of %(count)d wait for a worker.") % {"done": done, "count": count})
            self.stdout.flush()

    def _posts(self, *, yes: bool) -> None:
        rows = WebhookPost.objects.filter(state=PostState.UNREADABLE)
        count = rows.count()
        self._say(ngettext("%(count)d call to read again.", "%(count)d calls to read again.", count), count)
        if count and self._is_sure(yes=yes):
            replaying.replay_posts(rows)

    def _process(self) -> None:
        total = 0
        while done := processing.process_due():
            total += done
            self._say(ngettext("%(count)d event processed.", "%(count)d events processed.", total), total)

    def _is_sure(self, *, yes: bool) -> bool:
        if not yes:
            self.stdout.write(_("Nothing was done. Repeat it with --yes."))
        return yes

    def _say(self, words: str, count: int) -> None:
        self.stdout.write(words % {"count": count})


def _chosen(options: dict[str, Any]) -> WebhookEventQuerySet:
    wanted: dict[str, Any] = {
        "received_at__gte": _moment(options["since"]),
        "received_at__lt": _moment(options["until"]),
        "page_id": options["page"],
        "kind": options["kind"],
        "state": EventState.FAILED if options["failed"] else None,
    }
    rows: WebhookEventQuerySet = WebhookEvent.objects.filter(**{name: value for name, value in wanted.items() if value})
    return rows


def _moment(text: str | None) -> datetime | None:
    """A time without a zone is on the installation's clock."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(_("“%(text)s” is no time. Write it like 2026-11-20T08:00.") % {"text": text})
    return found if timezone.is_aware(found) else timezone.make_aware(found)
