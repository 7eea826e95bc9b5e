"""Where a proof can take place on this machine: the given servers, and servers of its own that it may break."""

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from messenger_admin.proof import clocks, servers
from messenger_admin.proof.databases import is_sqlite, throw_away
from messenger_admin.proof.places import Place
from messenger_admin.proof.rig import Breakable

EMBEDDED = "embedded"


class Broker(StrEnum):
    REDIS = "redis"
    RABBITMQ = "rabbitmq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    place: Place
    breakable: Breakable = field(default_factory=Breakable)


def can_break(broker: Broker) -> bool:
    """Whether this machine has what servers of the run's own are made of."""
    has_broker = servers.can_run_redis() if broker is Broker.REDIS else servers.can_run_rabbitmq()
    return servers.can_run_postgresql() and has_broker


@contextmanager
def given(
    *, database_url: str, broker_url: str, workers: int, tuning: Mapping[str, str] | None = None
) -> Iterator[Stage]:
    """On servers that others use: a database and a queue of its own, and nothing of theirs is broken."""
    embedded = broker_url.startswith(EMBEDDED)
    with ExitStack() as stack:
        folder = _folder()
        url = stack.enter_context(throw_away(database_url, folder))
        yield Stage(
            place=Place(
                folder=folder,
                database_url=url,
                broker_url=f"{EMBEDDED}:///{quote(str(folder / 'broker.sqlite3'))}" if embedded else broker_url,
                queue=_queue(),
                # SQLite has one writer at a time, and the embedded broker one reader.
                workers=1 if embedded or is_sqlite(database_url) else workers,
                tuning=tuning or {},
            )
        )


@contextmanager
def own(*, broker: Broker, workers: int, tuning: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """On servers of its own, with wall clocks that can be set where there is a C compiler."""
    with ExitStack() as stack:
        folder = _folder()
        (folder / "server").mkdir()
        worker_clock, database_clock = (
            clocks.clock(folder, name) if clocks.can_jump() else None for name in ("workers", "database")
        )
        database = stack.enter_context(
            servers.postgresql(folder / "server", clocks.environment(database_clock) if database_clock else {})
        )
        start = servers.redis if broker is Broker.REDIS else servers.rabbitmq
        hints = stack.enter_context(start(folder))
        url = stack.enter_context(throw_away(database.url, folder))
        yield Stage(
            place=Place(
                folder=folder,
                database_url=url,
                broker_url=hints.url,
                queue=_queue(),
                workers=workers,
                tuning=tuning or {},
            ),
            breakable=Breakable(
                database=database,
                broker=hints,
                worker_clock=worker_clock,
                database_clock=database_clock,
                worker_env=clocks.environment(worker_clock) if worker_clock else {},
            ),
        )


def _folder() -> Path:
    """It stays, as evidence, unless whoever ran the proof clears it away."""
    folder = Path(tempfile.mkdtemp(prefix="prove-delivery-"))
    # A server that may not run as root has to find its own folder in it.
    folder.chmod(0o755)
    return folder


def _queue() -> str:
    return f"prove-delivery-{secrets.token_hex(6)}"
