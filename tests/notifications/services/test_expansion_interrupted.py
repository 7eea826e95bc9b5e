"""An expansion that breaks off at any statement goes on where it was, and makes each row once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Campaign
from notifications.services import campaigns, expansion
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory
from tests.support.ledger import states

pytestmark = pytest.mark.django_db(transaction=True)

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class BreaksOff:
    """Lets so many statements pass; then the connection fails, before the next one or right after it was done."""

    def __init__(self, passes: int, *, after: bool) -> None:
        self.left, self.after = passes, after

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left >= 0:
            return execute(sql, params, many, context)
        # A transaction that was begun and is not known of can't be rolled back by what is tested here.
        if self.after and not sql.startswith("BEGIN"):
            execute(sql, params, many, context)
        raise OperationalError("the connection is gone")


def expand(campaign: Campaign) -> None:
    """As its hints would, one after the other."""
    while Campaign.objects.filter(pk=campaign.pk, expanded_at=None).exists():
        expansion.expand(campaign.pk)


@pytest.mark.parametrize("after", [False, True], ids=["before a statement", "after it"])
def test_it_goes_on_wherever_it_was_interrupted(settings: Settings, after: bool) -> None:
    settings.EXPANSION_CHUNK = 4
    page = LinkedPageFactory()
    OptInFactory.create_batch(10, page=page)
    passes = interrupted = 0
    while True:
        campaign: Campaign = CampaignFactory(page=page)
        campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
        breaking_off = BreaksOff(passes, after=after)
        try:
            with connection.execute_wrapper(breaking_off):
                expand(campaign)
        except OperationalError:
            interrupted += 1
        expand(campaign)
        assert states(campaign) == {"queued": 10}, f"interrupted at statement {passes}"
        if breaking_off.left >= 0:
            break
        passes += 1
    assert interrupted > 8
