"""The page's pace counts calls, and a message of two parts is two of them."""

from itertools import pairwise

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Delivery, Lease
from notifications.pace import Pace
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from pages.models import Page
from tests.factories import ContentFactory, DeliveryFactory
from tests.notifications.services.meta.conftest import NewPerson
from tests.notifications.services.meta.test_parts import BOTH
from tests.support.graph import Graph

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_part_takes_a_place(
    facebook: Graph, person: NewPerson, page: Page, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PACE_LIMIT = True
    # The wire would keep them apart as well.
    monkeypatch.setattr(Pace, "least_gap", lambda _pace: 0.0)
    Page.objects.update(messages_per_second=20)
    content = ContentFactory(kind="image", body=BOTH)
    for _each in range(15):
        DeliveryFactory(optin=person(), content=content)

    pump_page(page.pk)

    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 15
    times = sorted(call.at for call in facebook.calls)
    assert len(times) == 30
    # 29 gaps of a twentieth of a second, less what the first was late; 15 places would take half as long.
    assert times[-1] - times[0] > 1.0
    # What a busy machine holds up for so long arrives together.
    longest = max(later - earlier for earlier, later in pairwise(times))
    assert max(sum(1 for each in times if at <= each < at + 1) for at in times) <= 22 + int(longest * 20)


def test_the_next_holder_goes_on_where_the_parts_ended(
    facebook: Graph, person: NewPerson, page: Page, settings: Settings
) -> None:
    settings.PACE_LIMIT = True
    Page.objects.update(messages_per_second=2)
    DeliveryFactory(optin=person(), content=ContentFactory(kind="image", body=BOTH))
    begun_at = timezone.now()

    pump_page(page.pk)

    next_send_at = Lease.objects.get().next_send_at
    assert next_send_at is not None
    assert (next_send_at - begun_at).total_seconds() > 0.9
