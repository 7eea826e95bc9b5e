"""Loads the demo: the guide's page and messages, thousands of opt-ins, campaigns in every state."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from messenger_admin.demo.load import load


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError(_("The demo sends through the sandbox, and the sandbox is off."))
        loaded = load(now=timezone.now())
        self.stdout.write(_("The demo is loaded.") if loaded else _("The demo is here already; nothing was changed."))
