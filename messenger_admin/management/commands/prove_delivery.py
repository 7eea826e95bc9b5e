"""Proves on this machine that nothing is lost and nothing sent twice, while workers are killed and servers fail."""

import json
import secrets
import shutil
from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from messenger_admin.proof import report, stages
from messenger_admin.proof.blows import possible
from messenger_admin.proof.databases import MayNotCreate
from messenger_admin.proof.rig import CannotProve
from messenger_admin.proof.run import Proof, prove
from messenger_admin.proof.schedule import Fault, schedule
from messenger_admin.proof.stages import Broker, Stage
from messenger_admin.proof.waiting import TookTooLong

# A name for the result, where it takes place, and how many of each blow.
Part = tuple[str, AbstractContextManager[Stage], Mapping[Fault, int]]

COULD_NOT = 2
PAGES = 4
# What is done on servers that others use, and what only where the servers are the run's own.
ON_GIVEN: Mapping[Fault, int] = {
    Fault.KILL: 6,
    Fault.KILL_ALL: 1,
    Fault.FREEZE: 1,
    Fault.MISBEHAVE: 8,
    Fault.HINTS: 2,
    Fault.WIPE: 1,
}
ON_OWN: Mapping[Fault, int] = {
    Fault.KILL: 2,
    Fault.BROKER: 1,
    Fault.DATABASE_FAST: 1,
    Fault.DATABASE_IMMEDIATE: 1,
    Fault.WORKER_CLOCK: 1,
    Fault.DATABASE_CLOCK: 1,
}


class Command(BaseCommand):
    help = __doc__ or ""
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--deliveries", type=int, default=5000, help="how many go out in each part")
        parser.add_argument("--seed", type=int, help="repeats the blows of an earlier proof")
        parser.add_argument("--workers", type=int, default=2, help="worker processes")
        parser.add_argument("--json", action="store_true", help="the result as JSON, and nothing else")

    def handle(self, *_args: Any, **options: Any) -> None:
        self._quiet = options["json"]
        seed = secrets.randbelow(1_000_000) if options["seed"] is None else options["seed"]
        try:
            proofs = {name: self._prove(stage, counts, seed, options) for name, stage, counts in self._parts(options)}
        except MayNotCreate as error:
            words = _("The server refused to create a database for the proof; its user needs CREATEDB. It said: %s")
            raise CommandError(words % error, returncode=COULD_NOT) from None
        except (CannotProve, TookTooLong) as error:
            raise CommandError(str(error), returncode=COULD_NOT) from None
        if self._quiet:
            found = {name: report.as_dict(proof, seed=seed) for name, proof in proofs.items()}
            self.stdout.write(json.dumps(found, indent=1))
        if any(proof.violations for proof in proofs.values()):
            raise CommandError(_("A promise was broken."), returncode=1)

    def _parts(self, options: dict[str, Any]) -> list[Part]:
        broker_url, workers = settings.CELERY_BROKER_URL, max(2, options["workers"])
        stage = stages.given(database_url=settings.DATABASE_URL, broker_url=broker_url, workers=workers)
        parts: list[Part] = [("installation", stage, ON_GIVEN)]
        broker = Broker.REDIS if broker_url.startswith("redis") else Broker.RABBITMQ
        if broker_url.startswith(stages.EMBEDDED):
            self._say(_("This installation needs no servers, so none are broken."))
        elif stages.can_break(broker):
            parts.append(("own servers", stages.own(broker=broker, workers=workers), ON_OWN))
        else:
            self._say(_("PostgreSQL and the broker are not installed here, so they are not stopped and started."))
        return parts

    def _prove(
        self,
        where: AbstractContextManager[Stage],
        counts: Mapping[Fault, int],
        seed: int,
        options: dict[str, Any],
    ) -> Proof:
        deliveries = options["deliveries"]
        singles = deliveries // 50
        with where as stage:
            doable = possible(stage.breakable)
            proof = prove(
                place=stage.place,
                breakable=stage.breakable,
                people={"pages": PAGES, "customers": deliveries - singles, "singles": singles},
                acts=schedule(seed=seed, counts={fault: n for fault, n in counts.items() if fault in doable}),
                say=lambda fault, ended: self._say(f"{ended:>8} / {deliveries}   {fault}"),
            )
        if proof.violations:
            report.keep(proof, seed=seed)
        else:
            shutil.rmtree(proof.folder, ignore_errors=True)
        for line in report.lines(proof, seed=seed):
            self._say(line)
        return proof

    def _say(self, sentence: str) -> None:
        if not self._quiet:
            self.stdout.write(sentence)
            self.stdout.flush()
