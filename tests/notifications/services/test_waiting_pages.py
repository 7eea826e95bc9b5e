"""Pages that must wait: turned away, throttled, unlinked, without a token, or with a far end that is away."""

from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Attempt, Delivery, Lease
from notifications.pace import RECOVERY
from notifications.reasons import Reason
from notifications.services.pumping import pace_of, pump_page
from notifications.services.resting import FIRST_REST, LONGEST_REST, MOST_COUNTED
from notifications.services.sweep import sweep
from notifications.states import DeliveryState
from optins.models import OptIn
from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.services.tokens import set_token
from pages.states import PageState
from tests.factories import DeliveryFactory, LeaseFactory, LinkedPageFactory, PageFactory
from tests.support.ledger import launched, states
from tests.support.racing import aside
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)


def rests_until(page_pk: int) -> datetime:
    until = Lease.objects.get(pk=page_pk).rest_until
    assert until is not None
    return until


def test_a_page_whose_far_end_is_away_rests(sandbox: FarEnd, settings: Settings) -> None:
    campaign = launched(400)
    settings.SANDBOX_URL = "http://127.0.0.1:9"

    pump_page(campaign.page_id)
    pump_page(campaign.page_id)

    tried = Attempt.objects.count()
    assert 0 < tried < 400, "the rest of the campaign waits"
    assert rests_until(campaign.page_id) > timezone.now()
    assert states(campaign) == {"queued": 400}


def test_a_throttled_page_waits_as_long_as_it_was_told(sandbox: FarEnd) -> None:
    row = DeliveryFactory()
    sandbox.tell(Kind.ANSWER, status=429, retry_after="120", delivers=False)

    pump_page(row.page_id)

    row.refresh_from_db()
    in_110_seconds = timezone.now() + timedelta(seconds=110)
    assert (row.state, row.reason) == (DeliveryState.QUEUED, Reason.THROTTLED)
    assert row.due_at > in_110_seconds
    assert rests_until(row.page_id) > in_110_seconds


@pytest.mark.parametrize(
    ("status", "kind"), [(401, IncidentKind.TOKEN_REFUSED), (403, IncidentKind.FORBIDDEN), (302, IncidentKind.MOVED)]
)
def test_a_page_that_is_turned_away_is_held_once_and_nobody_is_burnt(
    sandbox: FarEnd, settings: Settings, status: int, kind: IncidentKind
) -> None:
    settings.MAX_IN_FLIGHT = 2
    campaign = launched(200)
    sandbox.tell(Kind.ANSWER, status=status, seconds=0.2, delivers=False)

    pump_page(campaign.page_id)
    pump_page(campaign.page_id)

    assert states(campaign) == {"queued": 200}
    assert Attempt.objects.count() < 20, "nothing more leaves than what was in flight"
    assert Incident.objects.get().kind == kind
    assert Page.objects.get().state == PageState.ON_HOLD


def test_a_new_token_sends_what_waited(sandbox: FarEnd) -> None:
    campaign = launched(5)
    sandbox.tell(Kind.EXPIRE_TOKEN)
    pump_page(campaign.page_id)
    assert states(campaign) == {"queued": 5}

    set_token(page=campaign.page, token="new", actor=None, now=timezone.now())
    pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 5}


def test_a_page_without_a_token_is_held_before_any_socket(sandbox: FarEnd) -> None:
    row = DeliveryFactory(optin__page__token="")

    pump_page(row.page_id)

    assert Incident.objects.get().kind == IncidentKind.NO_TOKEN
    assert sandbox.received() == []


def test_a_throttled_page_goes_on_at_half_its_pace_and_recovers(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.ANSWER, status=429, retry_after="7", delivers=False, remaining=3)
    campaign = launched(3)

    pump_page(campaign.page_id)

    lease = Lease.objects.get()
    assert lease.slowed_to == 0.5
    assert lease.slowed_at is not None
    assert lease.slowed_at > timezone.now() + timedelta(seconds=5)


@pytest.mark.parametrize(("ago", "per_second"), [(0, 10.0), (RECOVERY / 2, 15.0), (RECOVERY + 1, 20.0)])
def test_the_pace_of_a_slowed_page(settings: Settings, ago: float, per_second: float) -> None:
    settings.PACE_LIMIT = True
    page = LinkedPageFactory(messages_per_second=20)
    slowed_at = timezone.now() - timedelta(seconds=ago)
    lease = LeaseFactory(page=page, slowed_to=0.5, slowed_at=slowed_at)

    assert pace_of(page, lease).per_second == pytest.approx(per_second, rel=0.02)


def test_a_page_that_could_not_connect_is_not_slowed(settings: Settings, sandbox: FarEnd) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:1"

    pump_page(DeliveryFactory().page_id)

    assert Lease.objects.get().slowed_at is None


def test_a_page_whose_token_can_t_be_decrypted_is_held_and_says_so(sandbox: FarEnd, settings: Settings) -> None:
    row = DeliveryFactory()
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]

    pump_page(row.page_id)

    assert Incident.objects.get().kind == IncidentKind.UNREADABLE_TOKEN
    assert sandbox.received() == []


def test_it_goes_on_by_itself_when_the_key_is_back(settings: Settings) -> None:
    row, keys = DeliveryFactory(), settings.TOKEN_KEYS
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    pump_page(row.page_id)
    settings.TOKEN_KEYS = keys

    sweep()

    assert Page.objects.get(pk=row.page_id).state == PageState.ACTIVE


def test_an_unlinked_page_sends_nothing(sandbox: FarEnd) -> None:
    row = DeliveryFactory(optin__page=PageFactory())

    pump_page(row.page_id)

    assert sandbox.received() == []


@pytest.mark.parametrize("token", ["new", "page-token"])
def test_answers_of_before_do_not_hold_a_page_that_was_mended_since(
    sandbox: FarEnd, settings: Settings, token: str
) -> None:
    settings.TOTAL_TIMEOUT = 10.0
    campaign = launched(20)
    slow = OptIn.objects.earliest("pk")
    sandbox.tell(Kind.ANSWER, status=401, delivers=False)
    sandbox.tell(Kind.ANSWER, customer_prefix=slow.customer_id, status=401, seconds=0.8, delivers=False)
    pump = aside(pump_page, campaign.page_id)
    while not Page.objects.filter(state=PageState.ON_HOLD).exists():
        pass

    set_token(page=campaign.page, token=token, actor=None, now=timezone.now())
    pump.join()

    assert Page.objects.get().state == PageState.ACTIVE
    assert Incident.objects.get().closed_at is not None
    assert states(campaign) == {"queued": 20}


def test_a_token_that_is_replaced_while_the_old_one_is_refused_is_not_blamed(
    sandbox: FarEnd, settings: Settings
) -> None:
    settings.TOTAL_TIMEOUT = 10.0
    campaign = launched(1)
    sandbox.tell(Kind.ANSWER, status=401, seconds=0.5, delivers=False)
    pump = aside(pump_page, campaign.page_id)
    while not Delivery.objects.filter(state=DeliveryState.DISPATCHING).exists():
        pass

    set_token(page=campaign.page, token="new", actor=None, now=timezone.now())
    pump.join()

    assert Page.objects.get().state == PageState.ACTIVE
    assert not Incident.objects.exists()


@pytest.mark.parametrize(("rests", "seconds"), [(0, FIRST_REST), (3, FIRST_REST * 8), (MOST_COUNTED, LONGEST_REST)])
def test_each_rest_in_a_row_is_longer_up_to_the_longest(
    sandbox: FarEnd, settings: Settings, rests: int, seconds: float
) -> None:
    row = DeliveryFactory()
    LeaseFactory(page=row.page, rests=rests)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    before = timezone.now()

    pump_page(row.page_id)

    began = rests_until(row.page_id) - timedelta(seconds=seconds)
    assert before <= began <= timezone.now()
    assert Lease.objects.get().rests == min(rests + 1, MOST_COUNTED)


def test_a_page_that_works_again_starts_with_the_shortest_rest(sandbox: FarEnd) -> None:
    row = DeliveryFactory()
    LeaseFactory(page=row.page, rests=5)

    pump_page(row.page_id)

    assert Lease.objects.get().rests == 0


def test_a_page_that_rests_sends_nothing(sandbox: FarEnd) -> None:
    row = DeliveryFactory()
    LeaseFactory(page=row.page, rest_until=timezone.now() + timedelta(seconds=30))

    pump_page(row.page_id)

    assert sandbox.received() == []


def test_an_unlinked_page_without_a_token_is_not_blamed_for_it(sandbox: FarEnd) -> None:
    row = DeliveryFactory(optin__page=PageFactory(token=""))

    pump_page(row.page_id)

    assert not Incident.objects.exists()


def test_a_pump_that_was_turned_away_asks_for_no_other(sandbox: FarEnd, hints: list[tuple[str, int]]) -> None:
    campaign = launched(3)
    sandbox.tell(Kind.ANSWER, status=403, delivers=False)
    hints.clear()

    pump_page(campaign.page_id)

    assert hints == []
