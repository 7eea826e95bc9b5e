"""A person lets a restored copy send again, and says what becomes of what was waiting in it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.models import Campaign, Delivery, Installation
from notifications.reasons import Reason
from notifications.services import arming, campaigns, installation, witness
from notifications.services.sweep import sweep
from notifications.states import CampaignState, DeliveryState, Halt, LatePolicy, Waiting
from pages.models import AuditEntry
from tests.factories import CampaignFactory, DeliveryFactory, OptInFactory, UserFactory
from tests.support.ledger import launched, states
from tests.support.racing import race

pytestmark = pytest.mark.django_db

HOLD_BACK, SEND = Waiting.HOLD_BACK, Waiting.SEND


def restore() -> None:
    """The database is found to be a copy."""
    installation.stands(now=timezone.now())
    Installation.objects.update(place=Installation.objects.get().place + "0")
    installation.stands(now=timezone.now())


def arm(waiting: Waiting) -> int:
    arming.ask_to_arm(waiting=waiting, actor=UserFactory(), now=timezone.now())
    return arming.go_on(now=timezone.now(), seconds=60)


def armed() -> bool:
    return installation.stands(now=timezone.now())


def test_what_was_waiting_is_held_back_and_the_copy_may_send() -> None:
    campaign = launched(3)
    restore()

    assert arm(HOLD_BACK) == 3

    assert armed()
    assert states(campaign) == {"unknown": 3}
    assert set(Delivery.objects.values_list("reason", flat=True)) == {Reason.RESTORED}


def test_what_was_waiting_is_left_to_be_sent_if_a_person_says_so() -> None:
    campaign = launched(3)
    restore()

    assert arm(SEND) == 0

    assert armed()
    assert states(campaign) == {"queued": 3}


def test_what_was_asked_for_since_the_copy_was_found_out_is_sent() -> None:
    row = DeliveryFactory()
    restore()
    later = DeliveryFactory()

    arm(HOLD_BACK)

    assert Delivery.objects.get(pk=row.pk).state == DeliveryState.UNKNOWN
    assert Delivery.objects.get(pk=later.pk).state == DeliveryState.QUEUED


def test_rows_that_its_campaigns_had_yet_to_make_are_made_and_held_back() -> None:
    page = OptInFactory().page
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    restore()

    arm(HOLD_BACK)

    assert states(campaign) == {"unknown": 2}


@pytest.mark.parametrize("policy", [LatePolicy.SEND, LatePolicy.ASK])
def test_a_campaign_whose_time_passed_waits_for_a_person_whatever_its_policy(policy: LatePolicy) -> None:
    now = timezone.now()
    campaign = CampaignFactory(page=OptInFactory().page, if_late=policy)
    campaigns.schedule(campaign=campaign, at=now + timedelta(seconds=1), actor=None, now=now)
    Campaign.objects.update(scheduled_for=now - timedelta(seconds=1))
    restore()

    arm(HOLD_BACK)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.halt) == (CampaignState.SCHEDULED, Halt.LATE)


def test_a_campaign_whose_time_passed_follows_its_policy_where_what_waited_is_sent() -> None:
    now = timezone.now()
    campaign = CampaignFactory(page=OptInFactory().page, if_late=LatePolicy.SEND)
    campaigns.schedule(campaign=campaign, at=now + timedelta(seconds=1), actor=None, now=now)
    Campaign.objects.update(scheduled_for=now - timedelta(seconds=1))
    restore()

    arm(SEND)
    sweep()

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING


def test_who_chose_and_what_is_kept() -> None:
    restore()
    actor = UserFactory()

    arming.ask_to_arm(waiting=SEND, actor=actor, now=timezone.now())
    arming.go_on(now=timezone.now(), seconds=60)

    kept = AuditEntry.objects.filter(action__in=["installation.arming", "installation.armed"])
    assert [(entry.actor, entry.detail) for entry in kept] == [(actor, {"waiting": "send"})] * 2


def test_the_first_choice_counts() -> None:
    restore()
    assert arming.ask_to_arm(waiting=HOLD_BACK, actor=None, now=timezone.now())

    assert not arming.ask_to_arm(waiting=SEND, actor=None, now=timezone.now())
    assert Installation.objects.get().arming == HOLD_BACK


def test_what_may_send_cannot_be_armed() -> None:
    installation.stands(now=timezone.now())

    assert not arming.ask_to_arm(waiting=SEND, actor=None, now=timezone.now())


def test_nothing_is_sent_before_everything_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arming, "CHUNK", 2)
    campaign = launched(5)
    restore()
    arming.ask_to_arm(waiting=HOLD_BACK, actor=None, now=timezone.now())

    assert arming.go_on(now=timezone.now(), seconds=-1) == 0
    assert not armed()
    assert arming.go_on(now=timezone.now(), seconds=60) == 5
    assert armed()
    assert states(campaign) == {"unknown": 5}


def test_the_sweep_works_off_what_was_chosen() -> None:
    campaign = launched(2)
    restore()
    arming.ask_to_arm(waiting=HOLD_BACK, actor=None, now=timezone.now())

    sweep()

    assert armed()
    assert states(campaign) == {"unknown": 2}


def test_an_armed_copy_is_an_installation_of_its_own_that_older_memories_say_nothing_of() -> None:
    installation.stands(now=timezone.now())
    witness.remember(Installation.objects.get().uuid, 1_000)
    assert not armed()

    arm(SEND)

    assert armed()


def test_the_original_restored_once_more_is_found_out_by_its_old_name() -> None:
    installation.stands(now=timezone.now())
    old = Installation.objects.get()
    witness.remember(old.uuid, 1_000)
    armed()
    arm(SEND)

    Installation.objects.update(uuid=old.uuid, beats=500)

    assert not armed()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_that_hold_back_at_once_count_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arming, "CHUNK", 7)
    campaign = launched(100)
    restore()
    arming.ask_to_arm(waiting=HOLD_BACK, actor=None, now=timezone.now())

    held = race(*[lambda: arming.go_on(now=timezone.now(), seconds=60)] * 4)

    assert sum(n for n in held if isinstance(n, int)) == 100
    arming.go_on(now=timezone.now(), seconds=60)
    assert states(campaign) == {"unknown": 100}
    assert Installation.objects.get().armed


def command(*options: str) -> str:
    said = StringIO()
    call_command("arm", *options, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(("option", "state"), [("--keep-back", "unknown"), ("--send-queued", "queued")])
def test_the_command_does_the_same_from_a_terminal(option: str, state: str) -> None:
    campaign = launched(2)
    restore()

    assert "sends again" in command(option)
    assert states(campaign) == {state: 2}


def test_the_command_has_nothing_to_do_where_nothing_was_restored() -> None:
    assert "Nothing to do" in command("--send-queued")


def test_the_command_does_not_overrule_what_a_colleague_chose() -> None:
    restore()
    arming.ask_to_arm(waiting=HOLD_BACK, actor=UserFactory(), now=timezone.now())

    with pytest.raises(CommandError, match="chose already"):
        command("--send-queued")


def test_the_choice_is_asked_of_the_command() -> None:
    with pytest.raises(CommandError, match="required"):
        command()
