"""/healthz and /readyz: what a machine reads, and what it never does."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from messenger_admin import health
from messenger_admin.celery import app
from notifications.models import Heartbeat, Installation

NOBODY = "http://127.0.0.1:1"


def readiness(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


@pytest.fixture
def heartbeat(db: None) -> Heartbeat:
    return Heartbeat.objects.create(name="worker", seen_at=timezone.now())


def test_alive_is_answered_without_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_alive_is_not_answered_to_a_write(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_alive_is_never_cached(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]


def test_ready_names_each_check(client: Client, heartbeat: Heartbeat) -> None:
    status, body = readiness(client)

    assert (status, body["status"]) == (200, "ok")
    assert set(body["checks"]) == {"database", "broker", "worker", "copy"}
    assert all(check["ok"] for check in body["checks"].values())


@pytest.mark.django_db
def test_not_ready_while_no_worker_was_ever_seen(client: Client) -> None:
    status, body = readiness(client)

    assert status == 503
    assert body["checks"]["worker"] == {"ok": False, "detail": "never seen"}


def test_not_ready_when_the_worker_was_seen_too_long_ago(client: Client, heartbeat: Heartbeat) -> None:
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=95))

    status, body = readiness(client)

    assert status == 503
    assert body["checks"]["worker"] == {"ok": False, "detail": "seen 95 s ago"}
    assert body["checks"]["database"]["ok"]


@pytest.mark.parametrize("url", ["amqp://guest:hush@127.0.0.1:1//", "redis://:hush@127.0.0.1:1/0"])
def test_not_ready_without_its_broker_and_the_password_is_not_said(
    client: Client, heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    connect = app.connection_for_write
    monkeypatch.setattr(app, "connection_for_write", lambda **options: connect(url, **options))

    with caplog.at_level(logging.WARNING):
        status, body = readiness(client)

    assert status == 503
    assert body["checks"]["broker"] == {"ok": False, "detail": "does not answer"}
    assert "hush" not in str(body) + caplog.text


def test_not_ready_while_a_restored_copy_waits_for_a_person(client: Client, heartbeat: Heartbeat) -> None:
    Installation.objects.create(pk=1, armed=False)

    status, body = readiness(client)

    assert status == 503
    assert body["checks"]["copy"] == {"ok": False, "detail": "restored copy, waits to be armed"}


@pytest.mark.django_db
def test_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = connections.create_connection("default")
    lost.settings_dict = lost.settings_dict | {"NAME": "/no/such/folder/db.sqlite3", "OPTIONS": {}}
    if lost.vendor == "postgresql":
        lost.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1", "NAME": "nothing"}
    monkeypatch.setattr(health, "_impatient", lambda _connection: lost)

    status, body = readiness(client)

    assert status == 503
    assert body["checks"]["database"] == {"ok": False, "detail": "does not answer"}
    assert body["checks"]["worker"] == {"ok": False, "detail": "does not answer"}
