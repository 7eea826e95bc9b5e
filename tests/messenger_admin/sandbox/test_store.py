"""The store's file is brought up to date, whatever it was written by."""

import sqlite3
import threading
from pathlib import Path

import pytest

from messenger_admin.sandbox import rules
from messenger_admin.sandbox.behaviours import Behaviour, Kind, Side
from messenger_admin.sandbox.facebook import people
from messenger_admin.sandbox.store import connect, opened, transaction

OLD = """
CREATE TABLE behaviours (id INTEGER PRIMARY KEY AUTOINCREMENT, page_id TEXT NOT NULL, customer_prefix TEXT NOT NULL,
    kind TEXT NOT NULL, seconds REAL NOT NULL, status INTEGER NOT NULL, retry_after TEXT NOT NULL, body TEXT NOT NULL,
    delivers INTEGER NOT NULL, remaining INTEGER, token_sha256 TEXT NOT NULL);
INSERT INTO behaviours VALUES (1, '', 'FR-', 'drop', 0, 202, '', '', 1, NULL, '');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file from before Facebook, with something told in it."""
    with sqlite3.connect(tmp_path / "store.sqlite3") as connection:
        connection.executescript(OLD)
    return tmp_path / "store.sqlite3"


def test_what_an_older_file_holds_is_kept(old: Path) -> None:
    with opened(old) as store:
        assert rules.load(store) == [Behaviour(id=1, customer_prefix="FR-", kind=Kind.DROP, side=Side.IADVIZE)]
        assert len(people.everybody(store)) == 3


def test_several_processes_may_bring_it_up_to_date_at_once(old: Path) -> None:
    failed: list[sqlite3.Error] = []

    def open_it() -> None:
        try:
            connect(old).close()
        except sqlite3.Error as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with opened(old) as store:
        assert len(people.everybody(store)) == 3


def test_somebody_who_was_added_stays_when_the_file_grows(old: Path) -> None:
    with opened(old) as store:
        people.add_person(store, people.Person(user_id="1", name="Léa"))
        store.execute("PRAGMA user_version = 1")

    with opened(old) as store:
        assert [one.name for one in people.everybody(store)][-1] == "Léa"


def test_a_transaction_in_another_is_a_part_of_it(tmp_path: Path) -> None:
    with opened(tmp_path / "store.sqlite3") as store:
        with pytest.raises(LookupError):
            _add_and_fail(store)
        assert len(people.everybody(store)) == 3


def _add_and_fail(store: sqlite3.Connection) -> None:
    with transaction(store):
        with transaction(store):
            people.add_person(store, people.Person(user_id="1", name="Léa"))
        raise LookupError
