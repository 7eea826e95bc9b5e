"""The whole stack under one supervisor, as a person runs it: real processes, real signals."""

import json
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.patience import once_in, strain
from tests.support.processes import Running, children_of, command_line, environment, free_port, lives, running, wait_for

UP = ("manage.py", "up")
READY = "Ctrl-C"
STOP_SECONDS = 5
PASSWORD = "a long enough password"


def env_for(folder: Path, **values: str) -> dict[str, str]:
    """A data folder whose demo is loaded already, so that a start costs as little as it can."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo_loaded").touch()
    port = free_port()
    usual = {
        "DATA_DIR": str(folder),
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "LOG_LEVEL": "WARNING",
        "PORT": str(port),
        "SANDBOX_PORT": str(port + 1),
    }
    return environment(**usual | values)


def get(env: dict[str, str], path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{env['PORT']}{path}", timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def is_ready(env: dict[str, str]) -> bool:
    try:
        return get(env, "/readyz")[0] == 200
    except OSError:
        return False


def pid_of(up: Running, words: str, *, but: int | None = None) -> int:
    """The child of `up` whose command line holds `words`, as soon as there is one (another one than `but`)."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [pid for pid in children_of(up.process.pid) if words in command_line(pid) and pid != but]
        return bool(found)

    wait_for(look, words)
    return found[0]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An installation that was started and stopped once."""
    env = env_for(tmp_path_factory.mktemp("up"))
    with running(*UP, env=env) as up:
        up.wait_until_it_says(READY)
        assert PASSWORD in up.said
        up.send(signal.SIGINT)
        assert up.wait() == 0
    return {name: value for name, value in env.items() if name != "DJANGO_SUPERUSER_PASSWORD"}


@pytest.fixture
def up(migrated: dict[str, str]) -> Iterator[Running]:
    with running(*UP, env=migrated) as started:
        started.wait_until_it_says(READY)
        yield started


def test_the_first_start_makes_everything_and_shows_a_password_that_works(tmp_path: Path) -> None:
    env = env_for(tmp_path, DJANGO_SUPERUSER_PASSWORD="")
    (tmp_path / "demo_loaded").unlink()

    with running(*UP, env=env) as up:
        up.wait_until_it_says(READY)
        assert "The demo is loaded." in up.said
        (password,) = re.findall(r"Password +(\S+)", up.said)
        wait_for(lambda: is_ready(env), "readiness")

    checked = (
        f"from django.contrib.auth import authenticate; print(authenticate(username='admin', password={password!r}))"
    )
    with running("manage.py", "shell", "--verbosity", "0", "--command", checked, env=env) as shell:
        assert shell.wait(60) == 0
    assert shell.said.strip() == "admin"
    assert (tmp_path / "demo_loaded").exists()


def test_a_password_that_is_given_later_is_the_new_one(migrated: dict[str, str]) -> None:
    with running(*UP, env=migrated | {"DJANGO_SUPERUSER_PASSWORD": "another long password"}) as up:
        up.wait_until_it_says(READY)

    assert "another long password" in up.said


def test_a_second_start_answers_within_five_seconds(migrated: dict[str, str]) -> None:
    def is_quick() -> bool:
        before, began = strain(migrated), time.monotonic()
        with running(*UP, env=migrated):
            wait_for(lambda: socket_opens(migrated), "an answer")
            assert get(migrated, "/healthz") == (200, b'{"status": "ok"}')
            took = time.monotonic() - began
        return took < 5 * before or took < 5 * strain(migrated)

    assert once_in(3, is_quick)


def socket_opens(env: dict[str, str]) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(env["PORT"]))) == 0


def test_it_becomes_ready_and_the_password_is_not_shown_again(migrated: dict[str, str], up: Running) -> None:
    wait_for(lambda: is_ready(migrated), "readiness")

    checks = json.loads(get(migrated, "/readyz")[1])["checks"]
    assert {name for name, check in checks.items() if check["ok"]} == {"database", "broker", "worker", "copy"}
    assert PASSWORD not in up.said
    assert f"http://127.0.0.1:{migrated['PORT']}" in up.said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_within_five_seconds(
    migrated: dict[str, str], up: Running, number: signal.Signals
) -> None:
    below = children_of(up.process.pid)
    began = time.monotonic()

    up.send(number)
    code, took = up.wait(), time.monotonic() - began

    assert code == 0
    assert took < STOP_SECONDS * strain(migrated)
    assert [pid for pid in below if lives(pid)] == []
    assert "Traceback" not in up.said
    assert up.said.rstrip().endswith("Stopped.")


@pytest.mark.parametrize("part", ["granian", "celery", "manage.py sandbox"])
def test_a_part_that_is_killed_is_started_again_and_said_so(migrated: dict[str, str], up: Running, part: str) -> None:
    dead = pid_of(up, part)

    os.kill(dead, signal.SIGKILL)

    up.wait_until_it_says("SIGKILL. It is started again")
    assert pid_of(up, part, but=dead)
    wait_for(lambda: socket_opens(migrated), "an answer")


def test_nothing_is_left_when_the_supervisor_itself_is_killed(up: Running) -> None:
    assert pid_of(up, "celery")
    assert pid_of(up, "manage.py sandbox")
    below = children_of(up.process.pid)

    up.send(signal.SIGKILL)
    up.wait()

    wait_for(lambda: not any(map(lives, below)), "the end of all parts")


def test_a_second_start_on_the_same_data_is_refused_in_words(migrated: dict[str, str], up: Running) -> None:
    other = migrated | {"PORT": str(free_port())}
    with running(*UP, env=other) as second:
        code = second.wait()

    assert code == 1
    assert "already runs on this data folder" in second.said
    assert f"http://127.0.0.1:{migrated['PORT']} ({up.process.pid})" in second.said
    assert "Traceback" not in second.said


@pytest.mark.parametrize("variable", ["PORT", "SANDBOX_PORT"])
def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        env = env_for(tmp_path / "new", **{variable: str(taken)})
        with running(*UP, env=env) as up:
            code = up.wait()

    assert code == 1
    assert f"Port {taken} is in use." in up.said
    assert f"with {variable}." in up.said
    assert "Traceback" not in up.said
    assert not (tmp_path / "new" / "messenger_admin.sqlite3").exists()


def test_ctrl_c_during_the_preparations_is_no_traceback(tmp_path: Path) -> None:
    env = env_for(tmp_path)
    with running(*UP, env=env) as up:
        wait_for((tmp_path / "messenger_admin.sqlite3").exists, "the first table")
        up.send(signal.SIGINT)
        code = up.wait()

    assert (code, "Traceback" in up.said) == (0, False)


def test_a_second_signal_ends_the_wait(migrated: dict[str, str], up: Running) -> None:
    wait_for(lambda: is_ready(migrated), "readiness")
    worker = pid_of(up, "celery")
    os.kill(worker, signal.SIGSTOP)
    up.send(signal.SIGINT)
    up.wait_until_it_says("Stopping")

    up.send(signal.SIGINT)

    assert up.wait() == 0
    assert "Not waiting any longer." in up.said
    assert not lives(worker)


def test_a_part_that_will_not_stop_is_ended_in_time(migrated: dict[str, str], up: Running) -> None:
    wait_for(lambda: is_ready(migrated), "readiness")
    worker = pid_of(up, "celery")
    os.kill(worker, signal.SIGSTOP)
    began = time.monotonic()

    up.send(signal.SIGINT)

    assert up.wait() == 0
    took = time.monotonic() - began
    assert "Not waiting any longer." not in up.said
    assert took < STOP_SECONDS * strain(migrated)
    assert not lives(worker)
