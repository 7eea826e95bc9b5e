"""Requests that are not the guide's: answered after what they wrote is on record, and never at the others' cost."""

import sqlite3
import time

import pytest

from messenger_admin.sandbox.exchange import turned_away
from messenger_admin.sandbox.facebook import people, routes
from messenger_admin.sandbox.facebook.people import Person
from messenger_admin.sandbox.store import opened
from tests.support.http import read_answer
from tests.support.sandbox import FarEnd, request


def ask(*paths: str) -> bytes:
    return b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths)


def test_an_answer_leaves_after_what_it_says_is_on_record(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(store: sqlite3.Connection, method: str, path: str, *_: object) -> object:
        people.add_person(store, Person(user_id=path, name=method))
        return turned_away(418, "written")

    monkeypatch.setattr(routes, "answer", answer)
    with sandbox.connect() as connection:
        for number in range(50):
            connection.sendall(ask(f"/v26.0/{number}"))
            assert read_answer(connection).status == 418
            with opened(sandbox.store) as store:
                assert people.person(store, f"/v26.0/{number}")


def test_what_breaks_writes_nothing_and_the_next_is_answered(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(store: sqlite3.Connection, method: str, path: str, *_: object) -> object:
        people.add_person(store, Person(user_id=path, name=method))
        if path == "/broken":
            raise LookupError(path)
        return turned_away(418, "written")

    monkeypatch.setattr(routes, "answer", answer)
    with sandbox.connect() as connection:
        for path, status in (("/broken", 500), ("/sound", 418)):
            connection.sendall(ask(path))
            assert read_answer(connection).status == status

    with opened(sandbox.store) as store:
        assert people.person(store, "/broken") is None
        assert people.person(store, "/sound")


def test_messages_and_calls_of_one_connection_are_answered_in_their_order(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        connection.sendall(ask("/v26.0/me") + request("FR-1", b"{}") + ask("/nowhere", "/v26.0/me"))
        assert [read_answer(connection).status for _ in range(4)] == [400, 202, 404, 400]


def test_what_happens_by_itself_survives_a_store_that_failed_once(
    sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def wants_time(store: sqlite3.Connection) -> bool:
        looked.append(1)
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(routes, "wants_time", wants_time)
    end = time.monotonic() + 60
    while len(looked) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
