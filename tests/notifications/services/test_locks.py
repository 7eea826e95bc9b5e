"""Those who move rows of several campaigns at once wait for each other in one order, and so never in a ring."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.services import campaigns, expansion, lease, ledger, marking
from optins.services import revoke
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory
from tests.support.ledger import states
from tests.support.racing import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def let_them_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, whoever has taken a first tally waits a moment for the other one to have one as well."""
    meeting, mine, shift = threading.Barrier(2), threading.local(), ledger.shift

    def shift_and_wait(campaign_id: int | None, changes: Mapping[str, int]) -> None:
        shift(campaign_id, changes)
        if not getattr(mine, "waited", False):
            mine.waited = True
            with suppress(threading.BrokenBarrierError):
                meeting.wait(timeout=1)

    monkeypatch.setattr(ledger, "shift", shift_and_wait)


def test_marking_and_an_agreement_that_is_taken_back_do_not_block_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = LinkedPageFactory()
    _stays, leaves = OptInFactory.create_batch(2, page=page)
    composed_first, launched_first = CampaignFactory.create_batch(2, page=page)
    for campaign in (launched_first, composed_first):
        campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
        expansion.expand(campaign.pk)
    Delivery.objects.filter(optin=leaves).update(due_at=timezone.now() + timedelta(hours=1))
    held = lease.acquire(page_pk=page.pk, holder="one")
    assert held is not None
    let_them_meet(monkeypatch)

    results = race(
        lambda: len(marking.mark(held=held, now=timezone.now(), most=10).rows),
        lambda: int(revoke(optin=leaves, actor=None, now=timezone.now())),
    )

    assert results == [2, 1]
    for campaign in (composed_first, launched_first):
        assert states(campaign) == {"dispatching": 1, "skipped": 1}
