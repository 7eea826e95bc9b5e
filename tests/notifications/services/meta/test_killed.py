"""A sender that is killed in the middle of a message leaves exactly the rest of it in doubt. Real processes."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services.doubts import send_again
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from pages.models import Page
from tests.factories import ContentFactory, DeliveryFactory, UserFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, psid
from tests.notifications.services.meta.test_parts import BOTH, IMAGE, TEXT
from tests.support.databases import database_url
from tests.support.far_end import Visit
from tests.support.graph import Call, Graph
from tests.support.processes import Running, environment, running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SEND = "from notifications.services.pumping import pump_page; pump_page({page})"
# The moment at which one part is written down and the next one has not been handed to the wire.
KILLED_BETWEEN = (
    "import os, signal; from notifications.services.pump import Pump; "
    "Pump._go_on = lambda *_: os.kill(os.getpid(), signal.SIGKILL); "
)


@contextmanager
def sender(page: Page, facebook: Graph, *, before: str = "") -> Iterator[Running]:
    env = environment(
        DATA_DIR=str(django_settings.DATA_DIR),
        DATABASE_URL=database_url(),
        GRAPH_URL=facebook.url,
        FACEBOOK_APP_ID="1",
        FACEBOOK_APP_SECRET="the app's secret",
        FACEBOOK_VERIFY_TOKEN="verify",
        TOTAL_TIMEOUT="30",
    )
    with running("manage.py", "shell", "-v", "0", "-c", before + SEND.format(page=page.pk), env=env) as process:
        yield process


def message(person: NewPerson) -> Delivery:
    row: Delivery = DeliveryFactory(optin=person(), content=ContentFactory(kind="image", body=BOTH))
    return row


def only_the_rest_is_in_doubt(row: Delivery, page: Page) -> None:
    due_again(page)
    pump_page(page.pk)
    row.refresh_from_db()
    assert (row.state, row.reason, row.parts_sent) == (DeliveryState.UNKNOWN, Reason.SENDER_LOST, 1)


def test_killed_while_the_second_part_is_on_its_way(facebook: Graph, person: NewPerson, page: Page) -> None:
    row, arrived = message(person), threading.Event()

    def silent(visit: Visit) -> bool:
        arrived.set()
        visit.hold()
        return False

    def told(call: Call) -> object:
        return silent if call.part == 1 and not arrived.is_set() else None

    facebook.told = told  # type: ignore[assignment]
    with sender(page, facebook) as process:
        wait_for(arrived.is_set, "the second part", seconds=180)
        process.end()

    only_the_rest_is_in_doubt(row, page)
    assert facebook.got(psid(row.optin)) == [TEXT, IMAGE]

    assert send_again(delivery=row, actor=UserFactory(), now=timezone.now())
    pump_page(page.pk)

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT
    # The first part once, whatever happened to the second.
    assert facebook.got(psid(row.optin)) == [TEXT, IMAGE, IMAGE]


def test_killed_between_the_parts(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = message(person)

    with sender(page, facebook, before=KILLED_BETWEEN) as process:
        assert process.wait(60) in (-signal.SIGKILL, 128 + signal.SIGKILL, 1), process.said

    assert facebook.got(psid(row.optin)) == [TEXT]
    only_the_rest_is_in_doubt(row, page)


def test_a_late_answer_for_a_first_part_ends_the_doubt(facebook: Graph, person: NewPerson, page: Page) -> None:
    """The old holder froze, somebody else took the page, and now its answer is there: the rest certainly did not go."""
    from notifications.gateway.contract import Answer, Outcome, Verdict
    from notifications.services import lease, marking, recording
    from notifications.services.judging import judge, result
    from notifications.services.ways_out import way_out

    row = message(person)
    held = lease.acquire(page_pk=page.pk, holder="frozen")
    assert held
    batch = marking.mark(held=held, now=timezone.now(), most=10, direct=way_out(page).direct)
    recording.declare_unknown(page_pk=page.pk, before_fence=held.fence + 1, now=timezone.now())
    accepted = judge(
        batch.rows[0], Answer(status=200, bytes_sent=10), Outcome(verdict=Verdict.ACCEPTED, message_id="m")
    )

    now = timezone.now().timestamp()
    assert recording.record([result(accepted, token="", now=now)], fence=held.fence) == frozenset()

    row.refresh_from_db()
    assert (row.state, row.parts_sent) == (DeliveryState.QUEUED, 1)
