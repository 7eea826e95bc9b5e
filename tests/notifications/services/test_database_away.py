"""A database that goes away for two seconds, wherever the pump is just then, leaves nothing in doubt."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from psycopg import sql
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.gateway.wire.pool import close_idle
from notifications.models import Attempt, Campaign, Lease
from notifications.services import lease, marking, pump, recording, resting
from notifications.services.pumping import pump_page
from tests.support.ledger import launched, states
from tests.support.sandbox import FarEnd

AWAY = 2.0


@contextmanager
def server() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server that survives the going of the tests' database."""
    known = connection.settings_dict
    where = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    given = {name: value for name, value in where.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as there:
        yield there


class Outage:
    """Ends every connection to the tests' database and refuses new ones for AWAY seconds; happens once."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.happened = False
        self._back: list[threading.Thread] = []

    def begin(self) -> None:
        if self.happened:
            return
        self.happened = True
        self._allow(allowed=False)
        with server() as there:
            there.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])
        self._back.append(threading.Thread(target=self._end))
        self._back[0].start()

    def _end(self) -> None:
        time.sleep(AWAY)
        self._allow(allowed=True)

    def over(self) -> None:
        for thread in self._back:
            thread.join()
        self._allow(allowed=True)

    def _allow(self, *, allowed: bool) -> None:
        with server() as there:
            state = sql.SQL("true" if allowed else "false")
            there.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(self.name), state))


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    monkeypatch.setattr(pump, "DATABASE_PATIENCE", 30.0)
    outage = Outage()
    yield outage
    outage.over()
    connections.close_all()


@pytest.fixture(autouse=True)
def a_patient_wire(sandbox: FarEnd, settings: Settings) -> Iterator[None]:
    """A busy machine may keep the far end from answering for a while; that is another test's doubt."""
    settings.CONNECT_TIMEOUT = settings.TOTAL_TIMEOUT = 15.0
    close_idle()
    yield
    close_idle()


def before(outage: Outage, call: Callable[..., Any]) -> Callable[..., Any]:
    def broken(*args: Any, **options: Any) -> Any:
        outage.begin()
        return call(*args, **options)

    return broken


def after(outage: Outage, call: Callable[..., Any]) -> Callable[..., Any]:
    """What was called is committed, and nobody hears of it."""

    def broken(*args: Any, **options: Any) -> Any:
        first, done = not outage.happened, call(*args, **options)
        outage.begin()
        if first:
            raise OperationalError
        return done

    return broken


def pump_until_done(campaign: Campaign) -> None:
    while states(campaign).get("queued"):
        Lease.objects.update(rest_until=None)
        pump_page(campaign.page_id)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite is a file: it goes away with the machine, never by itself"
)
@pytest.mark.parametrize("moment", [before, after])
@pytest.mark.parametrize(
    ("module", "step"),
    [(recording, "record"), (marking, "mark"), (recording, "put_back"), (resting.Rest, "write"), (lease, "renew")],
)
def test_nothing_is_in_doubt_lost_or_repeated(
    sandbox: FarEnd,
    monkeypatch: pytest.MonkeyPatch,
    outage: Outage,
    moment: Callable[[Outage, Callable[..., Any]], Callable[..., Any]],
    module: Any,
    step: str,
) -> None:
    campaign = launched(300)
    sandbox.tell(Kind.SLOW, seconds=0.05)
    monkeypatch.setattr(module, step, moment(outage, getattr(module, step)))

    pump_page(campaign.page_id)
    outage.over()
    pump_until_done(campaign)

    assert states(campaign) == {"sent": 300}
    assert len({message.customer_id for message in sandbox.received()}) == len(sandbox.received()) == 300
    assert Attempt.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_marked_unheard_are_queued_again(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit reached the database, its answer did not reach the pump."""
    campaign, mark = launched(250), marking.mark
    calls = []

    def unheard(**options: Any) -> marking.Batch:
        batch = mark(**options)
        calls.append(batch)
        if len(calls) == 2:
            raise OperationalError
        return batch

    monkeypatch.setattr(marking, "mark", unheard)
    pump_page(campaign.page_id)
    assert set(states(campaign)) <= {"sent", "queued"}

    pump_until_done(campaign)

    assert states(campaign) == {"sent": 250}
    assert len(sandbox.received()) == 250
