"""Facebook's Send API on loopback, and people on a page that is connected to it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Delivery, Lease
from notifications.states import DeliveryState
from optins.models import OptIn
from pages.models import Page, Thread
from tests.factories import ConnectedPageFactory, OptInFactory, RecipientFactory, ThreadFactory
from tests.support.graph import Graph, graph

NewPerson = Callable[..., OptIn]


@pytest.fixture
def facebook(settings: Settings) -> Iterator[Graph]:
    with graph() as played:
        settings.GRAPH_URL = played.url
        settings.FACEBOOK_APP_SECRET = "the app's secret"
        settings.PACE_LIMIT = False
        settings.PUMP_SLICE = 30.0
        settings.CONNECT_TIMEOUT = 10.0
        settings.TOTAL_TIMEOUT = 20.0
        yield played


@pytest.fixture
def page() -> Page:
    return ConnectedPageFactory(name="Boutique", disclosure="Automated.")


@pytest.fixture
def person(page: Page) -> NewPerson:
    """Somebody who wrote, agreed, and knows that messages are automated; unless said otherwise."""

    def new(*, customer_id: str = "", hours_ago: float | None = 1.0, told: bool = True, **thread: object) -> OptIn:
        recipient = RecipientFactory(page=page)
        now = timezone.now()
        ThreadFactory(
            page=page,
            psid=recipient.psid,
            first_at=now - timedelta(days=30),
            last_at=now - timedelta(days=1),
            acted_at=None if hours_ago is None else now - timedelta(hours=hours_ago),
            disclosed_at=now if told else None,
            **thread,
        )
        more = {"customer_id": customer_id} if customer_id else {}
        return OptInFactory(page=page, recipient=recipient, **more)

    return new


def psid(optin: OptIn | None) -> str:
    assert optin
    assert optin.recipient
    return optin.recipient.psid


def thread_of(optin: OptIn | None) -> Thread:
    assert optin
    return Thread.objects.get(page=optin.page, psid=psid(optin))


def due_again(page: Page) -> None:
    """The page may be pumped at once, and what waits for another try is due."""
    Lease.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(seconds=1), rest_until=None)
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=timezone.now())
