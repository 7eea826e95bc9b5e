"""The sandbox's far end as a process of its own, and its record."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.stack.processes import Process, cpu_seconds, running, wait_for


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEnd:
    port: int
    store: Path
    process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, sql: str, *values: object) -> float:
        """One number from its record; zero where there is none."""
        with closing(sqlite3.connect(self.store, timeout=10)) as store:
            row = store.execute(sql, values).fetchone()
        return float(row[0]) if row and row[0] is not None else 0.0

    def received(self) -> int:
        return int(self.ask("SELECT max(id) FROM messages"))

    def first_after(self, last_id: int) -> float:
        """When the first message after that one came, in seconds since the epoch."""
        return self.ask("SELECT min(received_at) FROM messages WHERE id > ?", last_id)

    def received_since(self, at: float) -> int:
        return int(self.ask("SELECT count(*) FROM messages WHERE received_at > ?", at))

    def be_slow(self, seconds: float) -> None:
        """Accepts every message so long after it came; zero is at once again."""
        with closing(sqlite3.connect(self.store, timeout=10)) as store, store:
            store.execute("DELETE FROM behaviours")
            if seconds:
                store.execute(
                    "INSERT INTO behaviours (page_id, customer_prefix, kind, seconds, status, retry_after, body,"
                    " delivers, remaining, token_sha256) VALUES ('', '', 'slow', ?, 202, '', '', 1, NULL, '')",
                    (seconds,),
                )

    def cpu(self) -> float:
        return cpu_seconds(self.process.pid) if self.process else 0.0


@contextmanager
def far_end(*, env: dict[str, str], port: int, folder: Path) -> Iterator[FarEnd]:
    store = folder / "far_end.sqlite3"
    command = ("manage.py", "sandbox", "--port", str(port), "--store", str(store))
    log = folder / "far_end.log"
    with running(*command, env=env, log=log) as process:
        wait_for(lambda: log.exists() and "http://" in log.read_text(), "the far end listens")
        yield FarEnd(port=port, store=store, process=process)
