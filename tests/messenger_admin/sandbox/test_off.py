"""Under production settings there is no sandbox, not even its addresses."""

import os
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 60,
    "TOKEN_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
}

RESOLVE = """
import django; django.setup()
from django.urls import Resolver404, resolve
sandbox = ("", "phone/", "api/messages", "api/behaviours", "api/facebook", "api/facebook/kill")
facebook = ("", "people/1/", "tokens/kill/", "signed-requests/", "pictures/1.svg", "v26.0/dialog/oauth")
messenger = ("people/", "m.me/322837607840703", "webhooks/", "api/people", "api/acts", "api/webhooks", "api/manners")
for address in [f"/sandbox/{one}" for one in (*sandbox, *messenger)] + [f"/sandbox/facebook/{one}" for one in facebook]:
    try:
        resolve(address)
    except Resolver404:
        continue
    raise SystemExit(address)
resolve("/admin/")
"""


def run(*command: str, tmp_path: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "messenger_admin.settings", "DATA_DIR": str(tmp_path)} | env
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


def test_its_addresses_do_not_exist(tmp_path: Path) -> None:
    result = run("-c", RESOLVE, tmp_path=tmp_path, **PRODUCTION)

    assert (result.returncode, result.stderr) == (0, "")


def test_its_far_end_does_not_start(tmp_path: Path) -> None:
    result = run("manage.py", "sandbox", tmp_path=tmp_path, **PRODUCTION)

    assert result.returncode == 1
    assert "The sandbox is off." in result.stderr
    assert not (tmp_path / "sandbox.sqlite3").exists()
