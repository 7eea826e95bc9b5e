"""How many requests a page has in flight follows what its far end can take."""

import threading
import time

import pytest
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.concurrency import FIRST
from notifications.models import Lease
from notifications.services.pumping import pump_page
from tests.support.far_end import OK, Visit
from tests.support.far_end import FarEnd as ScriptedEnd
from tests.support.ledger import launched, states
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)


# So long that what a busy machine adds to it is little beside it, in seconds.
STEADY = 0.2


def learned() -> int:
    return Lease.objects.get().in_flight or 0


def test_it_grows_to_the_ceiling_where_latency_stays(sandbox: FarEnd, settings: Settings) -> None:
    settings.MAX_IN_FLIGHT = 48
    sandbox.tell(Kind.SLOW, seconds=STEADY)
    campaign = launched(600)

    pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 600}
    assert FIRST < learned() == 48


def test_it_stays_low_where_requests_queue_at_the_far_end(sandbox: FarEnd, settings: Settings) -> None:
    settings.MAX_IN_FLIGHT, settings.TOTAL_TIMEOUT = 500, 60.0
    desks = threading.Semaphore(8)

    def queue_up(visit: Visit) -> bool:
        with desks:
            time.sleep(0.1)
            return OK(visit)

    with ScriptedEnd(queue_up) as end:
        settings.SANDBOX_URL = end.url
        campaign = launched(400)
        pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 400}
    assert learned() < 100


def test_the_next_holder_begins_where_the_last_one_was(sandbox: FarEnd, settings: Settings) -> None:
    settings.MAX_IN_FLIGHT = 48
    sandbox.tell(Kind.SLOW, seconds=STEADY)
    campaign = launched(600)
    pump_page(campaign.page_id)

    again = launched(10, page=campaign.page)
    pump_page(again.page_id)

    assert learned() == 48
