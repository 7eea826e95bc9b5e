"""Old words go from the ledger; its rows, its states and its counts stay, and what is not over is not touched."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Attempt, Content, Delivery, Receipt
from notifications.services.contents import freeze_text
from notifications.services.erasing import GONE_BODY
from notifications.services.retention import enforcing, words
from notifications.services.retention.kinds import KINDS
from notifications.states import DeliveryState
from tests.factories import AttemptFactory, CampaignFactory, DeliveryFactory, ThreadFactory
from tests.support.known import found_by_the_audit

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=800)
BY_NAME = {kind.name: kind for kind in KINDS}


def enforce(name: str, *, times: int = 1) -> None:
    for _time in range(times):
        assert enforcing.enforce(BY_NAME[name], now=NOW)


def sent(**values: object) -> Delivery:
    facts = {"state": DeliveryState.SENT, "created_at": LONG_AGO, "attempts": 1, "personal": {"name": "Claire"}}
    row: Delivery = DeliveryFactory(**{**facts, "detail": "to Claire", "provider_message_id": "m_1", **values})
    AttemptFactory(delivery=row, started_at=LONG_AGO, answer='{"to": "Claire"}', message_id="m_1")
    Receipt.objects.create(delivery=row, mid="m_1", parts_seen=1)
    return row


def body_of(text: str) -> Content:
    content = freeze_text(json.dumps({"text": text}), kind="text")
    Content.objects.filter(pk=content.pk).update(created_at=LONG_AGO)
    return content


def test_words_and_answers_go_and_the_ledger_adds_up() -> None:
    row = sent()
    before = Attempt.objects.values_list("pk", "outcome", "status_code", "milliseconds", "started_at").get()

    enforce("sent_words")

    row.refresh_from_db()
    assert (row.personal, row.detail, row.provider_message_id) == (None, "", "")
    assert (row.state, row.attempts, row.created_at) == (DeliveryState.SENT, 1, LONG_AGO)
    tried = Attempt.objects.get()
    assert (tried.answer, tried.message_id, Receipt.objects.get().mid) == ("", "", "")
    assert Attempt.objects.values_list("pk", "outcome", "status_code", "milliseconds", "started_at").get() == before
    assert found_by_the_audit() == []


@pytest.mark.parametrize("state", words.OPEN)
def test_what_is_not_over_is_not_touched(state: DeliveryState) -> None:
    row = sent(state=state, fence=1, dispatch_started_at=LONG_AGO, content=body_of("Hello"))

    enforce("sent_words")
    enforce("bodies", times=3)

    row.refresh_from_db()
    assert row.personal == {"name": "Claire"}
    assert Attempt.objects.get().answer
    assert row.content.body == '{"text": "Hello"}'


def test_all_days_are_gone_through_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "CHUNK", 2)
    for number in range(5):
        # Two at one instant, on either side of a chunk's end.
        sent(created_at=LONG_AGO + timedelta(days=number // 2))

    enforce("sent_words")

    assert not Delivery.objects.exclude(personal=None).exists()


def test_a_body_that_a_young_message_has_too_stays() -> None:
    shared, own = body_of("Your order has left."), body_of("Claire, your order 871")
    sent(content=shared)
    sent(content=shared, created_at=NOW)
    sent(content=own)

    enforce("bodies", times=2)

    shared.refresh_from_db()
    own.refresh_from_db()
    assert shared.body == '{"text": "Your order has left."}'
    assert own.body == GONE_BODY


def test_a_reply_in_a_conversation_goes_too() -> None:
    content = body_of("Dear Claire")
    sent(optin=None, thread=ThreadFactory(), page=ThreadFactory().page, content=content, origin="reply")

    enforce("bodies", times=2)

    assert Content.objects.get(pk=content.pk).body == GONE_BODY


def test_what_a_campaign_sent_stays() -> None:
    content = body_of("Our sale")
    campaign = CampaignFactory(running=True, content=content)
    sent(campaign=campaign, content=content, page=campaign.page)

    enforce("bodies", times=2)

    content.refresh_from_db()
    assert content.body == '{"text": "Our sale"}'


def test_the_same_words_sent_again_meanwhile_are_sent_and_no_others() -> None:
    """Found by the hash a moment before that was taken away: the second run sees the new message."""
    content = body_of("Your order has left.")
    sent(content=content)
    enforce("bodies")
    DeliveryFactory(content=content)

    enforce("bodies", times=2)

    content.refresh_from_db()
    assert content.body == '{"text": "Your order has left."}'
    # And whoever comes later has a content of its own.
    assert freeze_text(content.body, kind="text").pk != content.pk
