"""The production files: compose.yaml is valid, and its values start the production settings."""

import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.support.processes import ROOT, environment

COMPOSE = (ROOT / "compose.yaml").read_text()
SECRETS = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "TOKEN_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "example.com",
    "POSTGRES_PASSWORD": "p",
    "RABBITMQ_PASSWORD": "r",
}


def compose_command() -> list[str] | None:
    """Compose as Docker's plug-in, or as the program of its own that it once was."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            version = subprocess.run([*command, "version"], capture_output=True, check=False)
            if version.returncode == 0:
                return command
    return None


def config(**env: str) -> "subprocess.CompletedProcess[str]":
    command = compose_command()
    if command is None:
        pytest.skip("needs docker compose or docker-compose; neither is installed")
    return subprocess.run(
        [*command, "--file", "compose.yaml", "config"],
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )


def test_compose_accepts_the_file() -> None:
    done = config(**SECRETS)

    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"^  (\w+):$", done.stdout.partition("services:")[2].partition("\nv")[0], re.MULTILINE)) == {
        *("postgres", "rabbitmq", "migrate", "web", "worker", "callbacks", "beat")
    }


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_compose_refuses_to_start_without(missing: str) -> None:
    done = config(**{name: value for name, value in SECRETS.items() if name != missing})

    assert done.returncode != 0
    assert "set it in .env" in done.stderr


def filled(text: str) -> str:
    """`text` with its variables filled in as compose does it."""
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: SECRETS.get(found[1]) or found[2] or "", text)


def test_the_values_of_compose_start_production(tmp_path: Path) -> None:
    block = COMPOSE.partition("&environment")[2].partition("\n\n")[0]
    values = dict(re.findall(r"^    (\w+): (.*)$", filled(block), re.MULTILINE))
    assert values["ENVIRONMENT"] == "production"

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment(DATA_DIR=str(tmp_path), **values),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_image_holds_only_what_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in lines
    assert not [line for line in lines if line.startswith("!") and not (ROOT / line[1:]).exists()]


def test_the_image_does_not_run_as_root() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")

    assert "\nUSER messenger\n" in stages[-1]
    assert "--require-hashes" in stages[1]
