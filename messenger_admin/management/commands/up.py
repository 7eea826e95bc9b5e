"""Runs everything on this machine: web, worker, beat and the sandbox, under one supervisor."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from messenger_admin.supervisor import first_start, guards, stack
from messenger_admin.supervisor.console import Console
from messenger_admin.supervisor.loop import Supervisor
from notifications.services import installation

PASSWORD_VARIABLE = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105  (a name, not a secret)


class Command(BaseCommand):
    help = __doc__ or ""
    # They cost a second, and change only with the code: the tests make them.
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        self._console = Console(self.stdout.fileno())
        self._address = f"http://{guards.HOST}:{settings.PORT}"
        try:
            with guards.data_folder(settings.DATA_DIR, self._address):
                self._check_ports()
                self._prepare()
                self._run()
        except guards.CannotStart as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            self._console.say(_("Stopped before it had started."))

    def _check_ports(self) -> None:
        guards.check_port(settings.PORT, "PORT")
        if settings.SANDBOX:
            guards.check_port(settings.SANDBOX_PORT, "SANDBOX_PORT")

    def _prepare(self) -> None:
        # Until the loop listens to signals itself, every one of them ends the preparations like Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if first_start.migrate():
            self._console.say(_("The tables are up to date."))
        if first_start.load_demo(settings.DATA_DIR):
            self._console.say(_("The demo is loaded."))
        if not installation.stands(now=timezone.now()):
            self._console.say(
                _("This database is a restored copy: nothing is sent until an administrator lets it (manage.py arm).")
            )
        # Its children need not know it.
        self._password = first_start.admin_password(os.environ.pop(PASSWORD_VARIABLE, ""))

    def _run(self) -> None:
        self._announced = False
        supervisor = Supervisor(stack.parts(), console=self._console, ready=lambda: guards.answers(settings.PORT))
        try:
            supervisor.run(self._announce)
        finally:
            # A password that nobody saw would be lost.
            if self._password and not self._announced:
                self._announce()

    def _announce(self) -> None:
        self._announced = True
        rows = [
            (_("Address"), self._address),
            (_("User"), first_start.ADMIN),
            (_("Password"), self._password or _("unchanged (%(name)s sets another one)") % {"name": PASSWORD_VARIABLE}),
        ]
        if settings.SANDBOX:
            rows.append((_("Sandbox"), f"{self._address}/sandbox/"))
        rows.append((_("Stop"), "Ctrl-C"))
        width = max(len(name) for name, _value in rows)
        self._console.box(["Messenger Admin", "", *(f"{name:<{width}}   {value}" for name, value in rows)])
