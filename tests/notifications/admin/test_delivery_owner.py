"""Who owned the page when a message left stands on the message's own page, wherever the page is today."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import SUPPORT
from notifications.admin.deliveries.owner import owner
from notifications.models import Delivery
from notifications.states import DeliveryState
from pages.services.links import link_page, move_page, unlink_page
from tests.factories import DeliveryFactory, OptInFactory, PageFactory, SiteFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

NOON = timezone.now() - timedelta(days=1)
HOUR = timedelta(hours=1)


def left(**changes: object) -> Delivery:
    """A message of yesterday noon, from a page that belonged to the first shop since the morning."""
    page = PageFactory()
    link_page(page=page, site=SiteFactory(name="First shop", sid="1"), actor=None, now=NOON - HOUR)
    fields = {"state": DeliveryState.SENT, "sent_at": NOON, **changes}
    delivery: Delivery = DeliveryFactory(optin=OptInFactory(page=page), **fields)
    return delivery


def moved(delivery: Delivery) -> None:
    site = SiteFactory(name="Second shop", sid="2")
    move_page(page=delivery.page, site=site, actor=None, now=NOON + HOUR)


def test_a_page_that_stayed_has_one_site() -> None:
    found = owner(left())
    assert (found.title, str(found.site), found.today) == ("Site", "First shop (1)", "")


@pytest.mark.parametrize(
    "state", [DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.UNKNOWN]
)
def test_after_a_move_the_site_of_then_is_said_with_todays(state: str) -> None:
    delivery = left(state=state)
    moved(delivery)
    found = owner(delivery)
    assert (found.title, str(found.site)) == ("Site when it left", "First shop (1)")
    assert found.today == "Today the page belongs to Second shop (2)."


def test_a_doubt_is_dated_by_when_it_was_taken_out_of_the_queue() -> None:
    delivery = left(state=DeliveryState.UNKNOWN, sent_at=None, dispatch_started_at=NOON)
    moved(delivery)
    assert str(owner(delivery).site) == "First shop (1)"


def test_what_has_not_left_is_the_new_sites() -> None:
    delivery = left(state=DeliveryState.QUEUED, sent_at=None)
    moved(delivery)
    found = owner(delivery)
    assert (found.title, str(found.site)) == ("Site", "Second shop (2)")


def test_a_page_that_belongs_to_nobody_any_more_says_so() -> None:
    delivery = left()
    unlink_page(page=delivery.page, actor=None, now=NOON + HOUR)
    found = owner(delivery)
    assert (str(found.site), found.today) == ("First shop (1)", "Today the page belongs to no site.")


def test_it_stands_on_the_deliverys_page() -> None:
    delivery = left()
    moved(delivery)
    url = reverse("admin:notifications_delivery_change", args=[delivery.pk])
    text = client_as(SUPPORT).get(url).content.decode()
    assert "Site when it left" in text
    assert "First shop (1)" in text
    assert "Today the page belongs to Second shop (2)." in text
