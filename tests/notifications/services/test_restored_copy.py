"""Databases that were really copied: what the copy finds out about itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.utils import timezone

from notifications.models import Installation
from notifications.services import installation
from tests.factories import DeliveryFactory
from tests.support.processes import ROOT

LOOK = """
import django; django.setup()
from django.utils import timezone
from notifications.models import Installation
from notifications.services import installation
print(installation.stands(now=timezone.now()), Installation.objects.get().disarmed_why)
"""


def looked(url: str, data_dir: Path) -> str:
    """What another process finds that starts with this database."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "messenger_admin.settings",
    }
    command = [sys.executable, "-c", LOOK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture
def original(transactional_db: None) -> None:
    """An installation with something in it, which nobody has open any more."""
    DeliveryFactory()
    assert installation.stands(now=timezone.now())
    assert Installation.objects.get().armed


@pytest.fixture
def dump_restored(original: None) -> Iterator[str]:
    """The URL of a database that the dump of the test's own was restored into."""
    url = urlsplit(os.environ["DATABASE_URL"])
    source, copy = str(connection.settings_dict["NAME"]), f"{connection.settings_dict['NAME']}_copy"
    server = f"--dbname={url._replace(path='/postgres').geturl()}"
    subprocess.run(["psql", "-q", server, "-c", f'DROP DATABASE IF EXISTS "{copy}"'], check=True, timeout=60)
    subprocess.run(["psql", "-q", server, "-c", f'CREATE DATABASE "{copy}"'], check=True, timeout=60)
    target = url._replace(path=f"/{copy}").geturl()
    dump = subprocess.run(
        ["pg_dump", f"--dbname={url._replace(path=f'/{source}').geturl()}"], capture_output=True, check=True, timeout=60
    )
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", f"--dbname={target}"],
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    yield target
    subprocess.run(["psql", "-q", server, "-c", f'DROP DATABASE "{copy}" WITH (FORCE)'], check=True, timeout=60)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_restored_dump_knows_that_it_is_one(dump_restored: str, tmp_path: Path) -> None:
    assert looked(dump_restored, tmp_path) == "False place"
    assert looked(dump_restored, tmp_path).startswith("False")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file is copied")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("bring", "expected"), [(shutil.copy, "False place"), (os.rename, "True")])
def test_a_copied_file_knows_that_it_is_one_and_a_moved_one_that_it_is_not(
    original: None, tmp_path: Path, bring: object, expected: str
) -> None:
    assert callable(bring)
    own, first = str(connection.settings_dict["NAME"]), tmp_path / "first.sqlite3"
    connections.close_all()
    shutil.copy(own, first)
    assert looked(f"sqlite:///{first}", tmp_path) == "False place"
    arm = [sys.executable, "manage.py", "arm", "--send-queued"]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{first}", "DATA_DIR": str(tmp_path)}
    subprocess.run(arm, cwd=ROOT, env=environment, check=True, timeout=60, stdout=subprocess.DEVNULL)
    assert looked(f"sqlite:///{first}", tmp_path) == "True"

    second = tmp_path / "second.sqlite3"
    bring(first, second)

    assert looked(f"sqlite:///{second}", tmp_path) == expected
