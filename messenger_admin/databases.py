"""What a DATABASE_URL becomes: the options under which several writers share SQLite, or a pool on PostgreSQL."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "messenger_admin.postgresql"
_DJANGOS_OWN = "django.db.backends.postgresql"

# Four writers for 12 s: Django's defaults gave 200 "database is locked"; these four lines together gave none.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
}
# The pump gives its connection back before it waits for the network; the pool makes that cheap.
# A process that froze in the middle of a transaction would keep its locks: after half a minute the server ends it.
# The server prepares what a connection asks for the sixth time: without that, planning the statement that takes a
# message lasts longer than taking it. Django's own statements bring their values in the text, and are never prepared.
POSTGRESQL_OPTIONS = {
    "prepare_threshold": 5,
    "pool": {"min_size": 0, "max_size": 16, "timeout": 10, "max_idle": 60},
    "options": "-c idle_in_transaction_session_timeout=30000",
    # A server that is gone without a word is given up after 15 seconds (here in ms), and not after as many minutes.
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 30,
}
# A web server's thread opens its connection anew after so long (seconds), and knocks so long while nobody is let in.
KEPT_FOR = 600
PATIENCE = 5


def database(url: str) -> dict[str, Any]:
    """Django's database settings for `url` (`sqlite:///path` or `postgres://user:password@host:port/name`)."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    engine = config.get("ENGINE")
    if engine == SQLITE:
        return config | {"OPTIONS": SQLITE_OPTIONS | config.get("OPTIONS", {})}
    if engine == _DJANGOS_OWN:
        options = POSTGRESQL_OPTIONS | config.get("OPTIONS", {})
        return config | {"ENGINE": POSTGRESQL, "OPTIONS": options, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 0}
    raise ImproperlyConfigured(f"DATABASE_URL names {engine or 'no database'}; it is sqlite:// or postgres://.")


def keep_connections(config: dict[str, Any]) -> None:
    """For a web server, before its first request: each of its threads keeps a connection instead of borrowing one.

    A thread has nothing else to do than to answer requests, one after the other, and to take a connection from the pool
    for each of them costs as much as the statement that takes a message.
    """
    if config["OPTIONS"].pop("pool", None):
        config["OPTIONS"]["patience"] = PATIENCE
        config["CONN_MAX_AGE"] = KEPT_FOR
