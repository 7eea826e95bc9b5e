"""Settings: a bad value stops the start in words, and each one is documented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.support.processes import ROOT, environment

READ = "import django.conf, messenger_admin.celery as c; django.conf.settings.DATABASES, c.app.conf.broker_url"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 60,
    "TOKEN_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "example.com",
    "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    "CELERY_BROKER_URL": "amqp://nobody@127.0.0.1//",
}


def start(data_dir: Path, *command: str, **values: str) -> "subprocess.CompletedProcess[str]":
    env = environment(DATA_DIR=str(data_dir), **values)
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


BAD = [
    ("PORT", "abc", "PORT is 'abc'; it must be a whole number from 1 to 65534."),
    ("PORT", "70000", "PORT is '70000'"),
    ("PORT", "-1", "PORT is '-1'"),
    ("DEBUG", "ture", "DEBUG is 'ture'; it must be true or false."),
    ("SWEEP_SECONDS", "1x5", "SWEEP_SECONDS is '1x5'; it must be a number of seconds."),
    ("SWEEP_SECONDS", "nan", "SWEEP_SECONDS is 'nan'"),
    ("SWEEP_SECONDS", "0", "SWEEP_SECONDS is '0'"),
    ("ENVIRONMENT", "prod", "ENVIRONMENT is 'prod'; it must be one of local, production."),
    ("LANGUAGE_CODE", "de", "LANGUAGE_CODE is 'de'; it must be one of en, fr."),
    ("LOG_LEVEL", "LOUD", "LOG_LEVEL is 'LOUD'"),
    ("TIME_ZONE", "Mars/Base", "Incorrect timezone setting: Mars/Base"),
    ("IADVIZE_BASE_URL", "ftp://example.com", "IADVIZE_BASE_URL is 'ftp://example.com'"),
    ("IADVIZE_BASE_URL", "https://example.com?a=b", "IADVIZE_BASE_URL is"),
    ("DATABASE_URL", "mysql://a/b", "it is sqlite:// or postgres://."),
    ("CELERY_BROKER_URL", "sqs://", "CELERY_BROKER_URL must begin with one of embedded://, amqp://"),
    ("EMAIL_URL", "mail.example.com", "EMAIL_URL must begin with one of smtp://, smtp+tls://"),
    ("GRAPH_URL", "graph.facebook.com", "GRAPH_URL is 'graph.facebook.com'"),
    ("RETENTION_AUDIT_DAYS", "5", "RETENTION_AUDIT_DAYS is '5'; it must be 0 (for good) or at least 30 days."),
    ("RETENTION_CLICK_DAYS", "29", "RETENTION_CLICK_DAYS is '29'; it must be 0 (for good) or at least 30 days."),
    ("RETENTION_CONSENT_DAYS", "400", "RETENTION_MESSAGE_DAYS must not be longer than RETENTION_CONSENT_DAYS"),
    ("TOKEN_KEYS", "hush", "TOKEN_KEYS holds something that is no Fernet key."),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_bad_value_stops_the_start_in_words(tmp_path: Path, name: str, value: str, words: str) -> None:
    done = start(tmp_path, "-c", READ, **{name: value})

    assert done.returncode == 1
    assert words in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("TOKEN_KEYS", "hush"), ("EMAIL_URL", "pop3://me:hush@host"), ("CELERY_BROKER_URL", "sqs://me:hush@host")],
)
def test_a_bad_secret_is_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    assert "hush" not in start(tmp_path, "manage.py", "version", **{name: value}).stderr


def test_the_command_line_says_it_without_a_traceback(tmp_path: Path) -> None:
    done = start(tmp_path, "manage.py", "up", PORT="abc")

    assert (done.returncode, done.stderr) == (1, "PORT is 'abc'; it must be a whole number from 1 to 65534.\n")


def test_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", READ, PORT="", DEBUG="", TOKEN_KEYS="", DATABASE_URL="", SWEEP_SECONDS=" ")

    assert (done.returncode, done.stderr) == (0, "")


def test_production_names_all_that_is_missing_at_once(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", READ, ENVIRONMENT="production", SECRET_KEY="x" * 60)

    assert "Set TOKEN_KEYS, ALLOWED_HOSTS, DATABASE_URL, CELERY_BROKER_URL:" in done.stderr


@pytest.mark.parametrize("name", ["DEBUG", "SANDBOX"])
def test_production_refuses(tmp_path: Path, name: str) -> None:
    done = start(tmp_path, "-c", READ, **PRODUCTION | {name: "true"})

    assert f"{name} " in done.stderr
    assert "production refuses to start with it" in done.stderr


def test_production_makes_no_keys_of_its_own(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", READ, **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_local_installation_keeps_the_keys_it_made(tmp_path: Path) -> None:
    show = "from messenger_admin import settings as s; print(s.SECRET_KEY, s.TOKEN_KEYS)"

    assert start(tmp_path, "-c", show).stdout == start(tmp_path, "-c", show).stdout
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("folder", ["with space", "half#way", "what?", "100%", "semi;colon"])
def test_the_data_folder_may_have_any_name(tmp_path: Path, folder: str) -> None:
    show = "from messenger_admin import settings as s; print(s.DATABASES['default']['NAME'])"

    assert start(tmp_path / folder, "-c", show).stdout.strip() == str(tmp_path / folder / "messenger_admin.sqlite3")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("PORT=8100\nSANDBOX_PORT=8200\n")
    show = "from messenger_admin import settings as s; print(s.PORT, s.SANDBOX_PORT)"

    done = start(tmp_path, "-c", show, ENV_FILE=str(tmp_path / "env"), PORT="8300")

    assert done.stdout.split() == ["8300", "8200"]


def names() -> set[str]:
    """Every name that the settings read, and what only `up` and compose.yaml read."""
    files = ("messenger_admin/settings.py", "messenger_admin/retention_settings.py")
    text = "".join((ROOT / file).read_text() for file in files)
    read = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text)
    composed = re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text())
    return {*read, *composed, "DJANGO_SUPERUSER_PASSWORD"}


def test_each_setting_is_in_the_operations_guide_and_nothing_else() -> None:
    table = (ROOT / "docs/operations.md").read_text().partition("## Settings")[2]

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == names()


def test_each_setting_is_in_the_example_file_and_nothing_else() -> None:
    assert set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)) == names()


def test_letters_go_to_the_mail_server_that_is_named(tmp_path: Path) -> None:
    read = (
        "from django.conf import settings as s; print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_HOST_USER)"
    )
    done = start(tmp_path, "-c", read, EMAIL_URL="smtp+tls://me%40shop:hush@mail.example.com")
    assert done.stdout.split() == ["mail.example.com", "587", "True", "me@shop"]
