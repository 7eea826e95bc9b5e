"""Databases of the benchmark's own on a PostgreSQL server: one that is migrated once, and copies of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_numbers = count(1)


def url_of(server: str, name: str) -> str:
    """The server's URL with another database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def execute(server: str, statement: str, *names: str) -> None:
    """A statement that is no part of a transaction; `{}` stands for each name."""
    with psycopg.connect(url_of(server, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def database(server: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """A new database, a copy of `template`, until the end of the block; its name."""
    mine = f"{name}_{next(_numbers)}"
    drop(server, mine)
    execute(server, "CREATE DATABASE {} TEMPLATE {}", mine, template)
    try:
        yield mine
    finally:
        drop(server, mine)


def drop(server: str, name: str) -> None:
    execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def checkpoint(server: str) -> None:
    """So that a measure does not pay for what another one wrote."""
    execute(server, "CHECKPOINT")
