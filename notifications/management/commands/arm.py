"""Lets a database that was restored from a copy send again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.services import arming, installation
from notifications.states import Waiting

# How long it works before it says how far it has come, in seconds.
SLICE = 5.0


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument(
            "--keep-back",
            dest="waiting",
            action="store_const",
            const=Waiting.HOLD_BACK,
            help="What was waiting when the copy was made is in doubt until a person decides.",
        )
        choice.add_argument(
            "--send-queued",
            dest="waiting",
            action="store_const",
            const=Waiting.SEND,
            help="What was waiting when the copy was made is sent; customers may get it twice.",
        )

    def handle(self, *_args: Any, waiting: Waiting, **_options: Any) -> None:
        if installation.stands(now=timezone.now()):
            self.stdout.write(_("Nothing to do: this database is no restored copy, and sends."))
            return
        if not arming.ask_to_arm(waiting=waiting, actor=None, now=timezone.now()):
            self._go_on_with_what_was_chosen(waiting)
        held_back = 0
        while arming.disarmed():
            held_back += arming.go_on(now=timezone.now(), seconds=SLICE)
            self.stdout.write(_("Held back: %(count)d") % {"count": held_back})
        self.stdout.write(_("This database sends again."))

    def _go_on_with_what_was_chosen(self, waiting: Waiting) -> None:
        copy = arming.disarmed()
        if copy and copy.arming != waiting:
            raise CommandError(_("Somebody chose already: %(choice)s.") % {"choice": copy.get_arming_display()})
