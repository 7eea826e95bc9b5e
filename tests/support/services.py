"""The services and the browser that `make test-services` needs: where they are, and how to start what is missing."""

import os
import shutil
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

RABBITMQ = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def missing() -> Iterator[str]:
    """A sentence for each that doesn't answer; the URLs' passwords stay unsaid."""
    database = os.environ.get("DATABASE_URL", "")
    if not database.startswith("postgres"):
        yield "DATABASE_URL names no PostgreSQL; `make test-services` sets it."
    elif not _listens(database, 5432):
        yield f"PostgreSQL doesn't answer at {_where(database, 5432)}. Start it: `service postgresql start`."
    if not _listens(RABBITMQ, 5672):
        yield f"RabbitMQ doesn't answer at {_where(RABBITMQ, 5672)}. Start it: `service rabbitmq-server start`."
    if not _listens(REDIS, 6379):
        yield f"Redis doesn't answer at {_where(REDIS, 6379)}. Start it: `service redis-server start`."
    if not shutil.which("chromium"):
        yield "There is no Chromium. Install it: `apt-get install chromium`."


def _address(url: str, port: int) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or port


def _where(url: str, port: int) -> str:
    return "{}:{}".format(*_address(url, port))


def _listens(url: str, port: int) -> bool:
    try:
        with socket.create_connection(_address(url, port), timeout=2):
            return True
    except OSError:
        return False
