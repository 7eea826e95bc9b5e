"""Fills a throw-away installation and launches its campaigns: `python -m messenger_admin.proof.inside`.

A process of its own, because its database and its broker are not those of the process that proves.
"""

import argparse
import os

import django


def main(*, pages: int, customers: int, singles: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messenger_admin.settings")
    django.setup()
    from django.core.management import call_command

    from messenger_admin.proof import filling

    call_command("migrate", interactive=False, verbosity=0)
    filling.fill(pages=pages, customers=customers, singles=singles)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pages", "customers", "singles"):
        parser.add_argument(f"--{name}", type=int, required=True)
    main(**vars(parser.parse_args()))
