"""What a DATABASE_URL becomes: the options under which several writers share SQLite, or a pool on PostgreSQL."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"

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
}


def database(url: str) -> dict[str, Any]:
    """Django's database settings for `url` (`sqlite:///path` or `postgres://user:password@host:port/name`)."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    engine = config.get("ENGINE")
    if engine == SQLITE:
        return config | {"OPTIONS": SQLITE_OPTIONS | config.get("OPTIONS", {})}
    if engine == POSTGRESQL:
        options = POSTGRESQL_OPTIONS | config.get("OPTIONS", {})
        return config | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 0}
    raise ImproperlyConfigured(f"DATABASE_URL names {engine or 'no database'}; it is sqlite:// or postgres://.")
