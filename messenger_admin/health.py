"""Whether the process lives (`/healthz`) and whether the whole can work (`/readyz`), for machines.

A check says what is wrong in a word or two; what a driver said goes to the log, where it is scrubbed.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messenger_admin.celery import app
from notifications.models import Heartbeat
from notifications.services import installation

logger = logging.getLogger(__name__)

WORKER_SEEN_WITHIN = timedelta(seconds=30)
CONNECT_SECONDS = 2


class NotReady(Exception):
    """What is wrong, without a secret."""


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Asks nothing of anybody, so that a slow database does not get a healthy process restarted."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    checks = {name: _look(name, check) for name, check in CHECKS.items()}
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


def _look(name: str, check: Callable[[], str]) -> dict[str, bool | str]:
    try:
        return {"ok": True, "detail": check()}
    except NotReady as wrong:
        logger.warning("Not ready: %s: %s (%r)", name, wrong, wrong.__cause__)
        return {"ok": False, "detail": str(wrong)}


def database() -> str:
    connection = _impatient(connections["default"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady("does not answer") from error
    finally:
        if connection is not connections["default"]:
            connection.close()
    return "answers"


def _impatient(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """A connection that gives up soon. What requests use would go on trying for longer than a probe waits."""
    if connection.vendor != "postgresql":
        return connection
    options = {
        name: value for name, value in connection.settings_dict["OPTIONS"].items() if name not in {"pool", "patience"}
    }
    fresh = connections.create_connection(connection.alias)
    fresh.settings_dict = connection.settings_dict | {"OPTIONS": options | {"connect_timeout": CONNECT_SECONDS}}
    return fresh


def broker() -> str:
    with app.connection_for_write(connect_timeout=CONNECT_SECONDS) as connection:
        try:
            connection.connect()
        except (*connection.connection_errors, *connection.channel_errors) as error:
            raise NotReady("does not answer") from error
    return "answers"


def worker() -> str:
    database()
    seen = Heartbeat.objects.filter(name="worker").first()
    if seen is None:
        raise NotReady("never seen")
    age = timezone.now() - seen.seen_at
    said = f"seen {max(0, round(age.total_seconds()))} s ago"
    if age > WORKER_SEEN_WITHIN:
        raise NotReady(said)
    return said


def copy() -> str:
    """Red while a restored copy waits for a person: it works, and must not send."""
    database()
    if not installation.is_armed():
        raise NotReady("restored copy, waits to be armed")
    return "none"


CHECKS = {"database": database, "broker": broker, "worker": worker, "copy": copy}
