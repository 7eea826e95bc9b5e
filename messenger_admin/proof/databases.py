"""A throw-away database: made on the server that a URL names, or as a file, and dropped in the end."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg import sql

from messenger_admin.databases import SQLITE, database

# Options of Django's that psycopg doesn't know.
DJANGOS = frozenset({"assume_role", "isolation_level", "pool", "server_side_binding"})
# Seconds that a question waits for a database that is being restarted.
PATIENCE = 60.0


class MayNotCreate(Exception):
    """The server refused to create a database; `str()` has its words."""


def is_sqlite(url: str) -> bool:
    return bool(database(url)["ENGINE"] == SQLITE)


def connect(url: str) -> "psycopg.Connection[Any]":
    """In autocommit mode and in UTC."""
    config = database(url)
    options = {name: value for name, value in config["OPTIONS"].items() if name not in DJANGOS}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: config[theirs] for name, theirs in names.items() if config.get(theirs)}
    connection: psycopg.Connection[Any] = psycopg.connect(**{"connect_timeout": 5, **options, **given}, autocommit=True)
    connection.execute("SET timezone TO 'UTC'")
    return connection


def server_of(url: str) -> "psycopg.Connection[Any]":
    """To the server, by the database that the URL names or, where there is none yet, by the server's own."""
    try:
        return connect(url)
    except psycopg.OperationalError as error:
        try:
            return connect(urlsplit(url)._replace(path="/postgres").geturl())
        except psycopg.OperationalError:
            raise error from None


@contextmanager
def throw_away(url: str, folder: Path) -> Iterator[str]:
    """The URL of a new and empty database beside the one that `url` names; a file in `folder` for SQLite."""
    if is_sqlite(url):
        yield f"sqlite:///{quote(str(folder / 'proof.sqlite3'))}"
        return
    name = f"prove_delivery_{secrets.token_hex(6)}"
    _create(url, name)
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with server_of(url) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(url: str, name: str) -> None:
    try:
        with server_of(url) as server:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except (psycopg.errors.InsufficientPrivilege, psycopg.OperationalError) as error:
        raise MayNotCreate(str(error).strip()) from error


class Questions:
    """Asks a database that others write to, and that may be away for a while."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._ask(question)
            except (psycopg.OperationalError, sqlite3.OperationalError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _ask(self, question: str) -> list[tuple[Any, ...]]:
        if is_sqlite(self._url):
            path = unquote(urlsplit(self._url).path.removeprefix("/"))
            with closing(sqlite3.connect(f"/{path.lstrip('/')}", timeout=20)) as file:
                return file.execute(question).fetchall()
        with connect(self._url) as server:
            return server.execute(sql.SQL(question)).fetchall()
