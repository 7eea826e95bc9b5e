from collections.abc import Iterator

import pytest

from pages.models import Page
from pages.signals import facebook_event
from pages.states import GatewayKind
from tests.factories import LinkedPageFactory
from tests.pages.webhooks.inbox import Listener


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory(gateway=GatewayKind.META)
    return linked


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Stands beside the apps above, which are silenced: what they do is theirs to test."""
    ours, others = Listener(), facebook_event.receivers
    facebook_event.receivers = []
    facebook_event.sender_receivers_cache.clear()
    facebook_event.connect(ours)
    yield ours
    facebook_event.receivers = others
    facebook_event.sender_receivers_cache.clear()
