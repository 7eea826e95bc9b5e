"""Keeps the French catalogue in step with the code and compiles it; `--check` only says what is wrong with it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messenger_admin.translations import catalogue, sources


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--check", action="store_true", help="write nothing; fail where anything is wrong")
        only.add_argument("--compile", action="store_true", help="only write the .mo file of the catalogue as it is")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = sources.catalogue_path()
        existing = catalogue.read(path)
        if options["compile"]:
            catalogue.compile_to(path.with_suffix(".mo"), existing)
            return
        fresh = catalogue.updated(existing, sources.found())
        wrong = list(catalogue.problems(fresh))
        if options["check"]:
            if not path.exists() or path.read_bytes() != catalogue.text(fresh):
                wrong.append(f"out of date: {path.name} (`make messages` writes it anew)")
            self._judge(wrong)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(catalogue.text(fresh))
        catalogue.compile_to(path.with_suffix(".mo"), fresh)
        self.stdout.write(f"{path}: {len(fresh)} sentences, {len(wrong)} to do")

    def _judge(self, wrong: list[str]) -> None:
        for line in wrong:
            self.stderr.write(line)
        if wrong:
            raise CommandError(f"The French catalogue has {len(wrong)} problems.")
