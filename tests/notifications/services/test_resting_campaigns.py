"""Campaigns in their quiet hours, on the clock of the page's site."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.services import campaigns, choosing, lease, marking
from notifications.services.sweep import pages_with_work
from optins.models import OptIn
from pages.models import Link, Page, Site
from pages.services.links import link_page, unlink_page
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory, SiteFactory
from tests.support.ledger import launched

pytestmark = pytest.mark.django_db

EVENING = datetime(2027, 6, 1, 21, 0, tzinfo=UTC)  # 23:00 in Paris, 17:00 in New York
MORNING = datetime(2027, 6, 2, 6, 0, tzinfo=UTC)  # 8:00 in Paris
NIGHT = {"quiet_from": time(22), "quiet_until": time(8)}


def mark(page: Page, now: datetime) -> list[int | None]:
    """The campaigns of the rows that a pump may mark at `now`."""
    held = lease.acquire(page_pk=page.pk, holder=f"at {now}")
    assert held is not None
    batch = marking.mark(held=held, now=now, most=10)
    lease.release(held)
    return [row.campaign_id for row in batch.rows]


def asleep(count: int = 2) -> Campaign:
    campaign = launched(count, None, **NIGHT)
    Delivery.objects.update(due_at=EVENING - timedelta(days=1))
    return campaign


def test_nothing_of_it_is_marked_in_its_quiet_hours_and_the_rest_of_the_page_goes_on() -> None:
    quiet = asleep()
    loud = launched(0, quiet.page)
    single = DeliveryFactory(optin=OptInFactory(page=quiet.page))
    Delivery.objects.update(due_at=EVENING - timedelta(days=1))

    assert set(mark(single.page, EVENING)) == {None, loud.pk}
    assert Campaign.objects.get(pk=quiet.pk).rests_until == MORNING


def test_it_goes_on_when_they_are_over() -> None:
    quiet = asleep()
    mark(quiet.page, EVENING)

    assert mark(quiet.page, MORNING - timedelta(seconds=1)) == []
    assert mark(quiet.page, MORNING) == [quiet.pk] * 2


def test_the_clock_is_that_of_the_site() -> None:
    quiet = asleep()
    Site.objects.update(timezone="America/New_York")

    assert mark(quiet.page, EVENING) == [quiet.pk] * 2


def test_a_page_of_which_everything_rests_is_due_for_nobody() -> None:
    quiet = asleep()

    assert not choosing.has_due(quiet.page_id, EVENING)
    assert not pages_with_work(EVENING).exists()
    assert pages_with_work(MORNING).get() == quiet.page


def test_resuming_looks_at_the_hours_again() -> None:
    quiet = asleep()
    mark(quiet.page, EVENING)
    campaigns.pause(campaign=quiet, actor=None, now=EVENING)

    campaigns.resume(campaign=quiet, actor=None, now=EVENING)

    assert Campaign.objects.get().rests_until is None


def test_another_zone_or_another_site_looks_at_the_hours_again() -> None:
    quiet = asleep()
    mark(quiet.page, EVENING)
    site = Link.objects.get().site
    site.timezone = "America/New_York"
    site.save()
    assert mark(quiet.page, EVENING) == [quiet.pk] * 2
    Campaign.objects.update(rests_until=MORNING)

    unlink_page(page=quiet.page, actor=None, now=timezone.now())
    link_page(page=quiet.page, site=SiteFactory(timezone="Asia/Tokyo"), actor=None, now=timezone.now())

    assert Campaign.objects.get().rests_until is None


def test_hours_that_were_changed_meanwhile_are_not_overruled() -> None:
    quiet = asleep()
    stale = Campaign.objects.get()
    Campaign.objects.update(quiet_from=time(1))

    choosing._rests(stale, ZoneInfo("Europe/Paris"), EVENING)

    assert Campaign.objects.get(pk=quiet.pk).rests_until is None


def test_a_campaign_without_quiet_hours_never_rests() -> None:
    campaign = launched(2, LinkedPageFactory())
    Delivery.objects.update(due_at=EVENING - timedelta(days=1))

    assert mark(campaign.page, EVENING) == [campaign.pk] * 2
    assert OptIn.objects.count() == 2
