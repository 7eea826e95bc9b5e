"""Where a post waits from before its answer until somebody has time for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from pages import hints
from pages.models import WebhookPost


def receive(body: bytes, *, now: datetime) -> None:
    """Stores the bytes as they came; when this returns they are on the disk. Raises django.db.Error."""
    with _on_disk():
        WebhookPost.objects.create(received_at=now, body=body)
    hints.kick_webhooks_soon()


@contextmanager
def _on_disk() -> Iterator[None]:
    """SQLite, as it is set up here, says "committed" before the disk has it: enough for what can be asked for again.

    Facebook does not repeat what was answered with 200. PostgreSQL waits for the disk anyway.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _synchronous("FULL")
    try:
        yield
    finally:
        _synchronous("NORMAL")


def _synchronous(manner: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={manner}")
