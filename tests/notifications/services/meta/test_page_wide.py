"""What an answer about one message means for the whole page: hold it, let it rest, slow it down, or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications import pace
from notifications.models import Delivery, Lease
from notifications.reasons import Reason
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.states import PageState
from tests.factories import DeliveryFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, thread_of
from tests.support.graph import Graph, error, hang_up, refusing_once

pytestmark = pytest.mark.django_db(transaction=True)

USED = 'X-Business-Use-Case-Usage: {"1":[{"type":"messenger","call_count":%d,"estimated_time_to_regain_access":%d}]}'


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "reason"),
    [
        (190, 463, IncidentKind.TOKEN_REFUSED, Reason.TOKEN_REFUSED),
        (10, 1893063, IncidentKind.RESTRICTED, Reason.PAGE_RESTRICTED),
        (368, None, IncidentKind.RESTRICTED, Reason.PAGE_RESTRICTED),
        (200, None, IncidentKind.MISSING_PERMISSION, Reason.PERMISSION_MISSING),
        (10, None, IncidentKind.MISSING_PERMISSION, Reason.PERMISSION_MISSING),
    ],
)
def test_a_page_that_is_turned_away_is_held_once_and_its_messages_wait(
    facebook: Graph, person: NewPerson, page: Page, code: int, subcode: int | None, kind: str, reason: str
) -> None:
    facebook.told = lambda _call: error(code, subcode)
    for _each in range(3):
        DeliveryFactory(optin=person())

    pump_page(page.pk)

    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    assert Incident.objects.get().kind == kind
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    assert reason in set(Delivery.objects.values_list("reason", flat=True))


@pytest.mark.parametrize(("code", "subcode"), [(551, None), (100, 2018001), (10, 2018108), (200, 1545041)])
def test_a_person_who_is_gone_is_no_affair_of_the_pages(
    facebook: Graph, person: NewPerson, page: Page, code: int, subcode: int | None
) -> None:
    gone, other = person(), person()
    facebook.told = refusing_once(error(code, subcode), when=lambda call: call.psid == thread_of(gone).psid)
    first, second = DeliveryFactory(optin=gone), DeliveryFactory(optin=other)

    pump_page(page.pk)

    first.refresh_from_db()
    second.refresh_from_db()
    page.refresh_from_db()
    assert (first.state, second.state, page.state) == (DeliveryState.FAILED, DeliveryState.SENT, PageState.ACTIVE)
    assert thread_of(gone).blocked_at is not None
    assert thread_of(other).blocked_at is None


def test_a_closed_window_says_nothing_of_the_person(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person()
    facebook.told = lambda _call: error(10, 2018278)
    row = DeliveryFactory(optin=optin)

    pump_page(page.pk)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.FAILED, Reason.WINDOW_REFUSED)
    assert thread_of(optin).blocked_at is None


def test_what_went_out_though_facebook_says_otherwise_is_not_sent_again(
    facebook: Graph, person: NewPerson, page: Page
) -> None:
    facebook.told = lambda _call: error(1, 1357046, status=500)
    row = DeliveryFactory(optin=person())

    pump_page(page.pk)
    due_again(page)
    pump_page(page.pk)

    row.refresh_from_db()
    assert (row.state, row.reason, row.provider_message_id) == (DeliveryState.SENT, Reason.SENT_THOUGH_REFUSED, "")
    assert row.detail.startswith("1/1357046")
    assert len(facebook.calls) == 1


def test_a_trouble_of_one_message_lets_the_page_go_on(facebook: Graph, person: NewPerson, page: Page) -> None:
    unlucky, other = DeliveryFactory(optin=person()), DeliveryFactory(optin=person())
    facebook.told = lambda call: error(100, 2018008) if f":{unlucky.pk}:" in call.metadata else None

    pump_page(page.pk)

    unlucky.refresh_from_db()
    other.refresh_from_db()
    assert (unlucky.state, unlucky.reason) == (DeliveryState.QUEUED, Reason.MEDIA_UNREACHABLE)
    assert other.state == DeliveryState.SENT
    assert Lease.objects.get().rest_until is None

    due_again(page)
    pump_page(page.pk)
    unlucky.refresh_from_db()
    assert (unlucky.state, unlucky.reason, unlucky.attempts) == (DeliveryState.FAILED, Reason.MEDIA_UNREACHABLE, 2)


def test_a_busy_facebook_lets_the_page_rest_as_long_as_it_asks(facebook: Graph, person: NewPerson, page: Page) -> None:
    facebook.told = lambda _call: error(9)
    row = DeliveryFactory(optin=person())

    pump_page(page.pk)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.QUEUED, Reason.THROTTLED)
    soonest = timezone.now() + timedelta(minutes=29)
    assert row.due_at > soonest
    rest = Lease.objects.get().rest_until
    assert rest is not None
    assert rest > soonest


def test_no_answer_is_a_doubt_of_that_message_alone(facebook: Graph, person: NewPerson, page: Page) -> None:
    doubtful, other = DeliveryFactory(optin=person()), DeliveryFactory(optin=person())
    facebook.told = lambda call: hang_up if f":{doubtful.pk}:" in call.metadata else None

    pump_page(page.pk)

    doubtful.refresh_from_db()
    other.refresh_from_db()
    assert (doubtful.state, other.state) == (DeliveryState.UNKNOWN, DeliveryState.SENT)


# -- Facebook's own count of the calls -----------------------------------------------------------------------------


def test_below_eighty_percent_nothing_changes(facebook: Graph, person: NewPerson, page: Page) -> None:
    facebook.headers = (USED % (79, 0),)
    DeliveryFactory(optin=person())

    pump_page(page.pk)

    lease = Lease.objects.get()
    assert (lease.slowed_to, lease.rest_until) == (1.0, None)


def test_from_eighty_percent_on_the_page_slows_down(
    facebook: Graph, person: NewPerson, page: Page, settings: Settings
) -> None:
    settings.PACE_LIMIT = True
    facebook.headers = (USED % (89, 0),)
    for _each in range(60):
        DeliveryFactory(optin=person())

    pump_page(page.pk)

    lease = Lease.objects.get()
    assert lease.slowed_to == pytest.approx(pace.SLOWED * 6 / 15)
    assert lease.rest_until is None
    # 60 a second from the first answer on, and no longer 300.
    took = facebook.calls[-1].at - facebook.calls[0].at
    assert len(facebook.calls) == 60
    assert took > 0.2 + 0.3


def test_from_ninety_five_percent_on_the_page_stops(facebook: Graph, person: NewPerson, page: Page) -> None:
    facebook.headers = (USED % (95, 0),)
    row = DeliveryFactory(optin=person())

    pump_page(page.pk)
    later = DeliveryFactory(optin=person())
    pump_page(page.pk)

    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.state, later.state) == (DeliveryState.SENT, DeliveryState.QUEUED)
    rest = Lease.objects.get().rest_until
    assert rest is not None
    assert rest > timezone.now() + timedelta(minutes=4)
    assert len(facebook.calls) == 1


def test_the_page_stops_until_facebook_says_that_there_is_room(facebook: Graph, person: NewPerson, page: Page) -> None:
    facebook.headers = (USED % (100, 42),)
    DeliveryFactory(optin=person())

    pump_page(page.pk)

    rest = Lease.objects.get().rest_until
    assert rest is not None
    assert timedelta(minutes=41) < rest - timezone.now() <= timedelta(minutes=42)


def test_a_refusals_headers_count_as_well(facebook: Graph, person: NewPerson, page: Page) -> None:
    def told(_call: object) -> bytes:
        plain = error(100, 2018001)
        return plain.replace(b"\r\n\r\n", b"\r\n" + (USED % (97, 0)).encode() + b"\r\n\r\n", 1)

    facebook.told = told
    DeliveryFactory(optin=person())

    pump_page(page.pk)

    assert Lease.objects.get().rest_until is not None


def test_a_warning_of_abuse_slows_the_page_down_for_an_hour(
    facebook: Graph, person: NewPerson, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    facebook.told = lambda _call: error(613, 2018338)
    DeliveryFactory(optin=person())

    pump_page(page.pk)

    lease = Lease.objects.get()
    assert lease.slowed_to == pace.LEAST_SHARE
    assert lease.slowed_at is not None
    assert lease.slowed_at > timezone.now() + timedelta(minutes=59)
    assert "abuse" in caplog.text
