"""Runs the sandbox's far end: the guide's endpoint over real HTTP on this machine."""

import asyncio
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from messenger_admin.sandbox.recorder import KEEP
from messenger_admin.sandbox.stub import HOST, serve


class Command(BaseCommand):
    help = __doc__ or ""
    # It touches no table of Django's, and starts beside a process that may be migrating.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.SANDBOX_PORT, help="0 takes a free one")
        parser.add_argument("--store", type=Path, default=settings.SANDBOX_STORE, help="the SQLite file of its record")
        parser.add_argument("--keep", type=int, default=KEEP, help="how many messages it remembers")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError(_("The sandbox is off. SANDBOX=true switches it on, outside production."))
        try:
            asyncio.run(self._serve(options["port"], options["store"], options["keep"]))
        except OSError as error:
            raise CommandError(_("The sandbox can't use port %d: %s.") % (options["port"], error.strerror)) from error

    async def _serve(self, port: int, store: Path, keep: int) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(port=port, store=store, stop=stop, ready=self._say, keep=keep)

    def _say(self, port: int) -> None:
        self.stdout.write(f"http://{HOST}:{port}")
        self.stdout.flush()
