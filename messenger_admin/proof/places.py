"""Where a run takes place: a database, a queue and a folder of its own, and the settings of its processes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

# Short times, so that a lost worker is noticed within seconds; few in flight, so that batches wait behind them.
SETTINGS: Mapping[str, str] = {
    "LEASE_SECONDS": "3",
    "SWEEP_SECONDS": "0.5",
    "PUMP_SLICE": "1",
    "MAX_IN_FLIGHT": "16",
    "BATCH_SIZE": "50",
    "PACE_LIMIT": "false",
    "EXPANSION_CHUNK": "400",
    "CONNECT_TIMEOUT": "5",
    "TOTAL_TIMEOUT": "8",
    "RETRY_BASE_SECONDS": "0.5",
    "RETRY_CAP_SECONDS": "2",
    "LOG_LEVEL": "WARNING",
}
# What an installation has set for itself, and no run may touch or send to.
FORGOTTEN = ("SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS", "CA_FILE", "DJANGO_SUPERUSER_PASSWORD", "MESSAGE_LIFE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`tuning` are settings that differ from those above. One worker at most may use the embedded broker."""

    folder: Path
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    queue: str
    workers: int
    tuning: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_embedded(self) -> bool:
        return self.broker_url.startswith("embedded")

    @property
    def store(self) -> Path:
        """The far end's own record."""
        return self.folder / "sandbox.sqlite3"

    @property
    def lease_seconds(self) -> float:
        return float(self._tuned["LEASE_SECONDS"])

    @property
    def most_in_doubt(self) -> int:
        """How many rows of one page a sender can have marked and not recorded."""
        return int(self._tuned["BATCH_SIZE"]) + int(self._tuned["MAX_IN_FLIGHT"]) + 1

    @property
    def _tuned(self) -> dict[str, str]:
        return {**SETTINGS, **self.tuning}

    def environment(self, *, sandbox_port: int) -> dict[str, str]:
        """For its processes: nobody's data, and no far end but the sandbox."""
        forgotten = dict.fromkeys(FORGOTTEN, "")
        own = {
            "ENV_FILE": os.devnull,
            "ENVIRONMENT": "local",
            "DEBUG": "false",
            "SANDBOX": "true",
            "SANDBOX_PORT": str(sandbox_port),
            "IADVIZE_BASE_URL": f"http://127.0.0.1:{sandbox_port}",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "CELERY_BROKER_URL": self.broker_url,
            "CELERY_QUEUE": self.queue,
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **forgotten, **self._tuned, **own}
