"""The broker in one SQLite file: nothing twice, nothing half, nothing without bound."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import kombu.transport
import pytest
from django.utils import timezone
from kombu import Connection
from kombu.simple import SimpleQueue

from messenger_admin import embedded_broker
from tests.support.processes import ROOT, environment, running, wait_for

kombu.transport.TRANSPORT_ALIASES["embedded"] = "messenger_admin.embedded_broker:Transport"
WORKER = ("-m", "celery", "-A", "tests.support.hints_app", "worker", "--pool", "threads", "--concurrency", "4")
ALONE = ("--without-mingle", "--without-gossip", "--without-heartbeat")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "odd # name; 100%" / "broker.sqlite3"


@pytest.fixture
def url(file: Path) -> str:
    return f"embedded:///{quote(str(file))}"


@pytest.fixture
def queue(url: str) -> Iterator[SimpleQueue]:
    with Connection(url) as connection, connection.SimpleQueue("hints") as simple:
        yield simple


def waiting(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute("SELECT count(*) FROM hint").fetchone()[0])


def take(queue: SimpleQueue) -> object:
    message = queue.get(timeout=30)
    message.ack()
    return message.payload


def test_a_path_with_any_character_is_found_again(file: Path, queue: SimpleQueue) -> None:
    queue.put("hint")

    assert file.exists()


def test_hints_come_out_in_order_and_once(queue: SimpleQueue) -> None:
    for number in range(3):
        queue.put(number)

    assert [take(queue) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(queue.Empty):
        queue.get(block=False)


def test_another_connection_sees_a_hint_after_the_queue_was_empty(url: str, queue: SimpleQueue) -> None:
    with pytest.raises(queue.Empty):
        queue.get(block=False)

    with Connection(url) as other, other.SimpleQueue("hints") as theirs:
        theirs.put("hint")

    assert take(queue) == "hint"


def test_what_was_taken_and_not_acknowledged_comes_back_when_the_connection_closes(url: str) -> None:
    with Connection(url) as first, first.SimpleQueue("hints") as queue:
        queue.put("hint")
        queue.get(timeout=30)

    with Connection(url) as second, second.SimpleQueue("hints") as queue:
        assert take(queue) == "hint"


def test_an_expired_hint_is_not_delivered(queue: SimpleQueue) -> None:
    queue.put("old", headers={"expires": (timezone.now() - timedelta(seconds=1)).isoformat()})
    queue.put("new", headers={"expires": (timezone.now() + timedelta(seconds=60)).isoformat()})

    assert take(queue) == "new"


def test_the_oldest_give_way_when_nobody_takes_them(
    file: Path, queue: SimpleQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_broker, "MAX_HINTS", 10)
    monkeypatch.setattr(embedded_broker, "TIDY_EVERY", 5)

    for number in range(50):
        queue.put(number)

    assert waiting(file) == 10
    assert take(queue) == 40


def test_the_queue_knows_its_size_and_can_be_emptied(queue: SimpleQueue) -> None:
    queue.put("one")
    queue.put("two")

    assert queue.qsize() == 2
    assert queue.clear() == 2
    assert queue.qsize() == 0


def test_a_publisher_hears_that_the_file_is_no_broker(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("this is no database, and long enough to be looked at as one " * 20)

    with Connection(f"embedded:///{broken}") as connection, pytest.raises(sqlite3.DatabaseError):
        connection.connect()


def publish(env: dict[str, str], first: int, last: int, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.support.hints_app", str(first), str(last), *more]
    return subprocess.Popen(command, cwd=ROOT, env=env)


def noted(notes: Path) -> list[int]:
    return sorted(map(int, notes.read_text().split())) if notes.exists() else []


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def env(url: str, notes: Path) -> dict[str, str]:
    return environment(HINTS_BROKER=url, HINTS_NOTES=str(notes))


def test_a_worker_runs_each_hint_of_four_publishers_once(env: dict[str, str], notes: Path) -> None:
    with running(*WORKER, *ALONE, env=env):
        publishers = [publish(env, part * 75, part * 75 + 75) for part in range(4)]
        assert [publisher.wait(30) for publisher in publishers] == [0, 0, 0, 0]
        wait_for(lambda: len(noted(notes)) >= 300, "300 hints")

    assert noted(notes) == list(range(300))


def test_a_killed_worker_loses_no_hint_that_still_waited(env: dict[str, str], notes: Path, file: Path) -> None:
    assert publish(env, 0, 40, "0.1").wait(30) == 0
    with running(*WORKER, *ALONE, env=env) as worker:
        wait_for(lambda: len(noted(notes)) >= 8, "a good start")
        worker.send(signal.SIGKILL)
        worker.wait()
    untaken = waiting(file)
    before = noted(notes)
    assert 0 < untaken < 40

    with running(*WORKER, *ALONE, env=env):
        wait_for(lambda: len(noted(notes)) == len(before) + untaken, "the rest")

    assert noted(notes)[-1] == 39
    assert len(set(noted(notes))) == len(noted(notes))
