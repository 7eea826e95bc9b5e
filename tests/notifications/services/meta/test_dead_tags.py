"""What Facebook takes from nobody any more is refused before any network, wherever it would come from."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import payloads
from notifications.gateway.meta import rules
from notifications.gateway.meta.rules import Way
from notifications.reasons import Reason
from notifications.services.pumping import pump_page
from notifications.services.replies import CannotReply, reply
from notifications.states import DeliveryState
from pages.models import Page
from tests.factories import ThreadFactory, UserFactory
from tests.support.graph import Graph

pytestmark = pytest.mark.django_db(transaction=True)

DEAD = [rule.tag for rule in rules.RULES if rule.tag and rule.way is None]


def test_the_three_are_among_them() -> None:
    assert {"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"} <= set(DEAD)


@pytest.mark.parametrize("tag", DEAD)
def test_no_message_can_ask_for_one(tag: str) -> None:
    for asked in ({"tag": tag}, {"messaging_type": "MESSAGE_TAG", "tag": tag}, {"message_tag": tag}):
        with pytest.raises(payloads.PayloadError):
            payloads.parse({"text": "Your order is on its way.", **asked})


def test_a_right_that_ends_stops_what_is_queued_on_that_very_day(
    facebook: Graph, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    Page.objects.update(human_agent=True)
    page.refresh_from_db()
    thread = ThreadFactory(page=page, acted_at=timezone.now() - timedelta(days=3))
    agent, today = UserFactory(), timezone.now().date()
    row = reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    ended = [replace(rule, until=today) if rule.way is Way.HUMAN_AGENT else rule for rule in rules.RULES]
    monkeypatch.setattr(rules, "RULES", tuple(ended))
    pump_page(page.pk)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.TAG_REFUSED)
    assert facebook.calls == []
    with pytest.raises(CannotReply):
        reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())
