"""Ledgers to send from, and their recount."""

from collections import Counter

from django.utils import timezone

from notifications.models import Campaign, Delivery, Tally
from notifications.services import campaigns, expansion
from notifications.states import DeliveryState
from optins.models import OptIn
from pages.models import Page
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory


def launched(count: int, page: Page | None = None, **options: object) -> Campaign:
    """A campaign to `count` new opt-ins, launched and expanded through the services."""
    page = page or LinkedPageFactory()
    OptInFactory.create_batch(count, page=page)
    campaign: Campaign = CampaignFactory(page=page, **options)
    assert campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    expansion.expand(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def optin_of(delivery: Delivery) -> OptIn:
    """Of one that has an opt-in: answers in conversations have none."""
    assert delivery.optin
    return delivery.optin


def states(campaign: Campaign) -> dict[str, int]:
    """The campaign's rows, counted; the tally has to say the same."""
    counted = Counter(Delivery.objects.filter(campaign=campaign).values_list("state", flat=True))
    kept = Tally.objects.get(campaign=campaign).by_state()
    assert {state: n for state, n in kept.items() if n} == dict(counted), "the tally disagrees with its rows"
    return {DeliveryState(state).value: n for state, n in counted.items()}
