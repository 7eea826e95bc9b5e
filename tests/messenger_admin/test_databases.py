"""What a database's address becomes, and the connections that a web server's threads keep."""

import copy
import select
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from messenger_admin.databases import KEPT_FOR, PATIENCE, database, keep_connections

ADDRESS = "postgres://someone:secret@db.example:5433/shop"


def test_a_web_server_keeps_its_connections_and_looks_at_them_first() -> None:
    config = database(ADDRESS)

    keep_connections(config)

    assert "pool" not in config["OPTIONS"]
    assert (config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == (KEPT_FOR, True)
    assert config["OPTIONS"]["patience"] == PATIENCE


def test_others_share_a_pool() -> None:
    config = database(ADDRESS)

    assert (config["CONN_MAX_AGE"], config["OPTIONS"]["pool"]["max_size"]) == (0, 16)


def test_one_address_is_not_changed_by_what_another_process_keeps() -> None:
    keep_connections(database(ADDRESS))

    assert "pool" in database(ADDRESS)["OPTIONS"]


def test_sqlite_has_nothing_to_keep() -> None:
    config = database("sqlite:////tmp/some.sqlite3")
    before = copy.deepcopy(config)

    keep_connections(config)

    assert config == before


@pytest.fixture
def kept(transactional_db: None) -> Iterator[BaseDatabaseWrapper]:
    """As a web server's thread has it."""
    fresh = connections.create_connection(connection.alias)
    fresh.settings_dict = copy.deepcopy(connection.settings_dict)
    keep_connections(fresh.settings_dict)
    fresh.ensure_connection()
    yield fresh
    fresh.close()


def backend(kept: BaseDatabaseWrapper) -> int:
    return int(kept.connection.info.backend_pid)


def asked_last(pid: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        return str(cursor.fetchone()[0])


def end(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)


@pytest.mark.postgres
def test_a_quiet_connection_is_usable_and_nothing_is_asked(kept: BaseDatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'mine'")

    assert kept.is_usable()

    assert asked_last(backend(kept)) == "SELECT 'mine'"


@pytest.mark.postgres
def test_one_that_the_server_has_ended_is_not(kept: BaseDatabaseWrapper) -> None:
    end(backend(kept))

    assert not kept.is_usable()


@pytest.mark.postgres
def test_the_next_request_has_another(kept: BaseDatabaseWrapper) -> None:
    before = backend(kept)
    end(before)

    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert backend(kept) != before


@pytest.mark.postgres
def test_one_on_which_something_went_wrong_is_asked(kept: BaseDatabaseWrapper) -> None:
    kept.errors_occurred = True

    assert kept.is_usable()

    assert asked_last(backend(kept)) == "SELECT 1"


@pytest.mark.postgres
def test_one_that_was_spoken_to_unasked_is_asked(kept: BaseDatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("LISTEN something")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY something")
    assert select.select([kept.connection.pgconn.socket], [], [], 10)[0]

    assert kept.is_usable()

    assert asked_last(backend(kept)) == "SELECT 1"
