"""The command on a customer's own installation."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from messenger_admin.proof.databases import is_sqlite, server_of
from tests.support.processes import ROOT, environment


def proved(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "prove_delivery", *arguments],
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    done = proved("--deliveries", "600", "--seed", "1", "--json", DATA_DIR=str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["installation"]
    assert found["holds"]
    assert sum(found["counts"].values()) == 600
    assert not (tmp_path / "messenger_admin.sqlite3").exists(), "the installation's own database is not touched"


@pytest.mark.postgres
@pytest.mark.skipif(is_sqlite(settings.DATABASE_URL), reason="SQLite has no users who may not create a database")
def test_a_user_who_may_not_create_databases_is_told_so(tmp_path: Path) -> None:
    role = "prove_delivery_nobody"
    with server_of(settings.DATABASE_URL) as server:
        server.execute(f"DROP ROLE IF EXISTS {role}")
        server.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x' NOCREATEDB")
        url = f"postgres://{role}:x@{server.info.host}:{server.info.port}/{server.info.dbname}"
    try:
        done = proved(DATA_DIR=str(tmp_path), DATABASE_URL=url, CELERY_BROKER_URL="redis://127.0.0.1:9/0")
    finally:
        with server_of(settings.DATABASE_URL) as server:
            server.execute(f"DROP ROLE {role}")

    assert done.returncode == 2
    assert "CREATEDB" in done.stderr
