"""The pace: when messages start, and the far end's own record of when they arrived."""

import time
from itertools import pairwise
from statistics import median

import pytest
from pytest_django import Settings

from notifications.models import Attempt, Campaign, Lease
from notifications.services.pumping import pump_page
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.support.ledger import launched, states
from tests.support.processes import wait_for
from tests.support.racing import aside
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)

# Of the pace, over any one-second window; but one message, where that is more.
TOLERANCE = 0.05
SLICES = pytest.mark.parametrize("pump_slice", [30.0, 0.6], ids=["one worker", "handed over"])


@pytest.fixture(autouse=True)
def patient(sandbox: FarEnd, settings: Settings) -> None:
    """A machine that is busy with something else makes no doubt of a message."""
    settings.TOTAL_TIMEOUT = 20.0


def most_in_a_second(times: list[float]) -> int:
    """The most messages that any window of one second holds."""
    found = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= 1.0:
            first += 1
        found = max(found, last - first + 1)
    return found


def ceiling(per_second: int) -> float:
    """Evenly spaced, a window of one second holds as many messages as the pace says."""
    return per_second + max(1.0, per_second * TOLERANCE)


def starts(sandbox: FarEnd, *campaigns: Campaign) -> list[float]:
    """When each message of these started. The far end's record vouches for it: it arrived right after."""
    tries = Attempt.objects.filter(delivery__campaign__in=campaigns)
    started = dict(tries.values_list("delivery__provider_message_id", "started_at"))
    arrived = {message.message_id: message.received_at for message in sandbox.received()}
    assert started.keys() <= arrived.keys()
    on_its_way = [arrived[message] - at.timestamp() for message, at in started.items()]
    assert min(on_its_way) > -0.01
    assert median(on_its_way) < 1.0
    return sorted(at.timestamp() for at in started.values())


def send_everything(campaign: Campaign) -> None:
    """From one worker to the next, each with a connection and a fence of its own."""
    while set(states(campaign)) & {"queued", "dispatching"}:
        aside(pump_page, campaign.page_id).join()
    assert set(states(campaign)) == {"sent"}


@pytest.mark.parametrize(("per_second", "count"), [(40, 110), (300, 900)])
@SLICES
def test_a_page_keeps_its_pace_in_every_second(
    sandbox: FarEnd, settings: Settings, per_second: int, count: int, pump_slice: float
) -> None:
    settings.PACE_LIMIT, settings.PUMP_SLICE = True, pump_slice
    campaign = launched(count, LinkedPageFactory(messages_per_second=per_second))

    send_everything(campaign)

    times = starts(sandbox, campaign)
    assert len(times) == count
    assert most_in_a_second(times) <= ceiling(per_second)
    assert Lease.objects.get().fence > 3 or pump_slice > 1, "several workers had their turn"


@SLICES
@pytest.mark.parametrize("limit", [True, False], ids=["paced page", "page without a limit"])
def test_a_campaign_keeps_a_pace_of_its_own(
    sandbox: FarEnd, settings: Settings, pump_slice: float, limit: bool
) -> None:
    settings.PACE_LIMIT, settings.PUMP_SLICE = limit, pump_slice
    campaign = launched(80, LinkedPageFactory(messages_per_second=120), messages_per_second=40)

    send_everything(campaign)

    times = starts(sandbox, campaign)
    # What a busy machine holds up for so long leaves together.
    longest = max(later - earlier for earlier, later in pairwise(times))
    assert len(times) == 80
    assert most_in_a_second(times) <= ceiling(40) + int(longest * 40) - 1
    assert times[-1] - times[0] < 80 / 40 * 3, "and it is used"


def test_a_slow_campaign_slows_nobody_else_of_its_page_down(sandbox: FarEnd, settings: Settings) -> None:
    settings.PACE_LIMIT, settings.PUMP_SLICE = True, 3.0
    page = LinkedPageFactory(messages_per_second=60)
    slow = launched(160, page, messages_per_second=4)
    fast = launched(0, page)

    pump_page(page.pk)

    everything, slowly = starts(sandbox, slow, fast), starts(sandbox, slow)
    assert most_in_a_second(everything) <= ceiling(60)
    assert most_in_a_second(slowly) <= ceiling(4)
    assert states(fast)["sent"] > 0.5 * 56 * (everything[-1] - everything[0])


def test_a_single_message_does_not_wait_for_a_slow_campaign(sandbox: FarEnd, settings: Settings) -> None:
    settings.PUMP_SLICE = 3.0
    slow = launched(20, messages_per_second=2)
    pump = aside(pump_page, slow.page_id)
    wait_for(sandbox.received, "the first of the campaign")

    receipt = DeliveryFactory(optin=OptInFactory(page=slow.page))
    before = len(sandbox.received())
    pump.join()

    customers = [message.customer_id for message in sandbox.received()]
    assert customers.index(receipt.optin.customer_id) <= before + 2


def test_waiting_for_a_campaigns_own_pace_costs_next_to_nothing(sandbox: FarEnd, settings: Settings) -> None:
    settings.PUMP_SLICE = 1.5
    campaign = launched(3, messages_per_second=1)
    before = time.process_time()

    pump_page(campaign.page_id)

    assert len(sandbox.received()) == 2
    assert time.process_time() - before < 0.75
