"""Django's backend for PostgreSQL, for threads that keep their connection from one request to the next.

Django asks a kept connection for a sign of life before each request, which costs as much as a small statement. This one
looks at its socket instead: a server that has gone said so and closed, and both can be read there; where nothing is to
be read, an answer would say no more. What the look leaves open is asked as Django asks it.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["patience"]`: for so many seconds a server that does not let anybody in is asked again."""

    def is_usable(self) -> bool:
        return self._is_quiet() or bool(super().is_usable())

    def _is_quiet(self) -> bool:
        """Nothing went wrong on the connection, nothing is under way, and the server has said nothing unasked."""
        if self.errors_occurred:
            return False
        wire = self.connection.pgconn
        if wire.status != ConnStatus.OK or wire.transaction_status != TransactionStatus.IDLE:
            return False
        look = select.poll()
        look.register(wire.socket, select.POLLIN)
        return not look.poll(0)

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.pop("patience", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Nothing was asked of the server yet, so that it can be knocked at again while it restarts."""
        until = time.monotonic() + self.settings_dict["OPTIONS"].get("patience", 0)
        pause = FIRST_PAUSE
        while True:
            try:
                return super().get_new_connection(conn_params)
            except self.Database.OperationalError:
                if time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
