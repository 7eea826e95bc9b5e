"""What the page's policy does with doubts that nobody decided in time."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import doubts, ledger
from notifications.services.doubt_policy import apply_policies
from notifications.states import CampaignState, DeliveryState
from optins.models import OptIn
from optins.states import OptInState
from pages.models import AuditEntry, Page
from pages.states import DoubtPolicy
from tests.factories import DeliveryFactory, UserFactory
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db

AGAIN, AS_SENT = DoubtPolicy.SEND_AGAIN, DoubtPolicy.TREAT_AS_SENT


def doubtful(count: int, *, policy: DoubtPolicy, since: datetime) -> Campaign:
    """A campaign whose rows are all in doubt, on a page that gives people an hour."""
    campaign = launched(count)
    Page.objects.update(doubt_policy=policy, doubt_minutes=60)
    rows = Delivery.objects.filter(campaign=campaign)
    ledger.move(
        rows,
        DeliveryState.UNKNOWN,
        frm=DeliveryState.QUEUED,
        campaign_id=campaign.pk,
        reason=Reason.SILENCE,
        ended_at=since,
    )
    return campaign


def long_ago() -> datetime:
    return timezone.now() - timedelta(minutes=61)


def test_a_page_that_wants_a_person_to_decide_is_left_alone() -> None:
    campaign = doubtful(1, policy=DoubtPolicy.ASK, since=long_ago())

    assert apply_policies(timezone.now()) == 0
    assert states(campaign) == {"unknown": 1}


@pytest.mark.parametrize("policy", [AGAIN, AS_SENT])
def test_a_person_has_the_pages_minutes_to_decide_first(policy: DoubtPolicy) -> None:
    campaign = doubtful(1, policy=policy, since=timezone.now() - timedelta(minutes=59))

    assert apply_policies(timezone.now()) == 0
    assert states(campaign) == {"unknown": 1}


@pytest.mark.parametrize(
    ("policy", "state", "reason"),
    [(AS_SENT, "sent", Reason.TREATED_AS_SENT_BY_POLICY), (AGAIN, "queued", Reason.SENT_AGAIN_BY_POLICY)],
)
def test_the_policy_decides_what_nobody_did_and_says_that_it_was_the_policy(
    policy: DoubtPolicy, state: str, reason: Reason
) -> None:
    campaign = doubtful(3, policy=policy, since=long_ago())

    assert apply_policies(timezone.now()) == 3

    assert states(campaign) == {state: 3}
    assert set(Delivery.objects.values_list("reason", flat=True)) == {reason}
    entry = AuditEntry.objects.get(action="page.doubts_decided")
    assert (entry.actor, entry.detail) == (None, {"policy": policy, "deliveries": 3})


def test_a_finished_campaign_runs_again_for_what_the_policy_sends_again() -> None:
    campaign = doubtful(1, policy=AGAIN, since=long_ago())
    Campaign.objects.update(state=CampaignState.FINISHED, finished_at=timezone.now())

    apply_policies(timezone.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == (CampaignState.RUNNING, None)


def test_the_policy_sends_a_delivery_again_once_and_leaves_the_second_doubt_to_a_person() -> None:
    campaign = doubtful(1, policy=AGAIN, since=long_ago())
    apply_policies(timezone.now())
    queued = Delivery.objects.filter(campaign=campaign)
    ledger.move(
        queued, DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED, campaign_id=campaign.pk, ended_at=long_ago(), reason=""
    )

    assert apply_policies(timezone.now()) == 0
    assert states(campaign) == {"unknown": 1}


def cancel() -> None:
    Campaign.objects.update(state=CampaignState.CANCELLED)


def revoke() -> None:
    OptIn.objects.update(state=OptInState.REVOKED)


def let_expire() -> None:
    OptIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def grow_too_old() -> None:
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def restore() -> None:
    Delivery.objects.update(reason=Reason.RESTORED)


@pytest.mark.parametrize("change", [cancel, revoke, let_expire, grow_too_old, restore])
def test_what_must_not_leave_any_more_is_not_sent_again(change: object) -> None:
    campaign = doubtful(1, policy=AGAIN, since=long_ago())
    assert callable(change)
    change()

    assert apply_policies(timezone.now()) == 0
    assert states(campaign) == {"unknown": 1}


def test_what_a_restored_copy_holds_back_is_not_taken_for_sent_either() -> None:
    campaign = doubtful(1, policy=AS_SENT, since=long_ago())
    restore()

    assert apply_policies(timezone.now()) == 0
    assert states(campaign) == {"unknown": 1}


def test_what_the_policy_sends_again_is_no_longer_useful_than_before() -> None:
    until = timezone.now() + timedelta(minutes=5)
    row = DeliveryFactory(state=DeliveryState.UNKNOWN, ended_at=long_ago(), expires_at=until)
    Page.objects.update(doubt_policy=AGAIN)

    apply_policies(timezone.now())

    row.refresh_from_db()
    assert (row.state, row.expires_at) == (DeliveryState.QUEUED, until)


def test_a_person_may_send_again_what_the_policy_sent_again() -> None:
    campaign = doubtful(1, policy=AGAIN, since=long_ago())
    Delivery.objects.update(policy_sent_again_at=long_ago())

    assert doubts.send_again(delivery=Delivery.objects.get(), actor=UserFactory(), now=timezone.now())
    assert states(campaign) == {"queued": 1}


def test_many_doubts_are_decided_in_several_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.services.doubts.CHUNK", 2)
    monkeypatch.setattr("notifications.services.doubt_policy.MOST_CHUNKS", 2)
    campaign = doubtful(5, policy=AS_SENT, since=long_ago())

    assert [apply_policies(timezone.now()) for _ in range(3)] == [4, 1, 0]
    assert states(campaign) == {"sent": 5}
