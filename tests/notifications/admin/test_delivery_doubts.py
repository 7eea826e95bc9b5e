"""Settling doubts: one by one, or several after a question with the count; only by who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING, SUPPORT
from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.states import CampaignState, DeliveryState
from pages.models import AuditEntry
from tests.factories import CampaignFactory, DeliveryFactory, TallyFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db
D = DeliveryState
LIST = "/admin/notifications/delivery/"
DECISIONS = [("treat_as_sent", D.SENT, Reason.TREATED_AS_SENT), ("send_again", D.QUEUED, Reason.SENT_AGAIN)]


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def url(decision: str, delivery: Delivery) -> str:
    return reverse(f"admin:notifications_delivery_{decision}", args=[delivery.pk])


def doubtful(**fields: Any) -> Delivery:
    delivery: Delivery = DeliveryFactory(state=D.UNKNOWN, reason=Reason.SILENCE, **fields)
    return delivery


@pytest.mark.parametrize(("decision", "state", "reason"), DECISIONS)
def test_a_decision_is_asked_for_then_done(support: Client, decision: str, state: str, reason: str) -> None:
    delivery = doubtful()
    assert support.get(url(decision, delivery)).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == D.UNKNOWN
    support.post(url(decision, delivery))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (state, reason)
    assert AuditEntry.objects.filter(action=f"delivery.{reason}").exists()


def test_sending_again_warns_of_the_duplicate_before_it_is_done(support: Client) -> None:
    assert "gets it twice" in support.get(url("send_again", doubtful())).content.decode()


@pytest.mark.parametrize("decision", ["treat_as_sent", "send_again"])
def test_what_is_settled_is_not_asked_again(support: Client, decision: str) -> None:
    delivery = DeliveryFactory(state=D.SENT)
    shown = support.get(url(decision, delivery), follow=True).content.decode()
    assert "no longer in doubt. It is sent now." in shown


def test_who_decides_second_is_told_so(support: Client) -> None:
    delivery = doubtful()
    client_as(SUPPORT).post(url("treat_as_sent", delivery))
    shown = support.post(url("send_again", delivery), follow=True).content.decode()
    delivery.refresh_from_db()
    assert "1 delivery was left as it is" in shown
    assert delivery.state == D.SENT


def test_a_settled_doubt_is_not_said_to_be_confirmed(support: Client) -> None:
    delivery = doubtful()
    shown = support.post(url("treat_as_sent", delivery), follow=True).text
    assert "The gateway never confirmed it." in shown
    assert "The gateway accepted it." not in shown


def test_of_a_cancelled_campaign_nothing_is_sent_again(support: Client) -> None:
    campaign = CampaignFactory(running=True, state=CampaignState.CANCELLED)
    TallyFactory(campaign=campaign, unknown=1)
    delivery = doubtful(campaign=campaign)
    shown = support.post(url("send_again", delivery), follow=True).content.decode()
    assert "its campaign was cancelled" in shown


def test_who_may_not_resolve_sees_no_button_and_is_refused() -> None:
    client, delivery = client_as(MARKETING), doubtful()
    shown = client.get(reverse("admin:notifications_delivery_change", args=[delivery.pk])).content.decode()
    assert "/treat_as_sent/" not in shown
    assert client.get(url("send_again", delivery)).status_code == 403
    assert client.post(url("send_again", delivery)).status_code == 403


# --- Several --------------------------------------------------------------------------------------------------


def ticked(client: Client, decision: str, deliveries: list[Delivery], **more: str) -> Any:
    chosen = {"action": decision, "_selected_action": [delivery.pk for delivery in deliveries], **more}
    return client.post(f"{LIST}?state=unknown", chosen, follow=True)


@pytest.mark.parametrize(("decision", "state", "_reason"), DECISIONS)
def test_several_are_decided_after_a_question_with_their_count(
    support: Client, decision: str, state: str, _reason: str
) -> None:
    deliveries = [doubtful() for _ in range(3)]
    asked = ticked(support, decision, deliveries).content.decode()
    assert "3 deliveries?" in asked
    assert set(Delivery.objects.values_list("state", flat=True)) == {D.UNKNOWN}
    done = ticked(support, decision, deliveries, confirmed="yes", typed="3").content.decode()
    assert "3 deliveries." in done
    assert set(Delivery.objects.values_list("state", flat=True)) == {state}


@pytest.mark.parametrize("typed", ["", "2", "three"])
def test_several_are_decided_only_once_their_number_was_typed(support: Client, typed: str) -> None:
    deliveries = [doubtful() for _ in range(3)]
    asked = ticked(support, "send_again", deliveries, confirmed="yes", typed=typed).content.decode()
    assert "Nothing was decided. Type 3 here." in asked
    assert set(Delivery.objects.values_list("state", flat=True)) == {D.UNKNOWN}


def test_only_what_is_in_doubt_is_counted_and_decided(support: Client) -> None:
    mixed: list[Delivery] = [doubtful(), DeliveryFactory(state=D.FAILED)]
    chosen = {"action": "treat_as_sent", "_selected_action": [delivery.pk for delivery in mixed]}
    asked = support.post(LIST, chosen).content.decode()
    assert "1 delivery?" in asked
    assert "1 other that you ticked is not in doubt" in asked
    support.post(LIST, {**chosen, "confirmed": "yes"})
    assert Delivery.objects.get(pk=mixed[1].pk).state == D.FAILED


def test_when_none_is_in_doubt_there_is_nothing_to_ask(support: Client) -> None:
    chosen = {"action": "send_again", "_selected_action": [DeliveryFactory(state=D.SENT).pk]}
    assert "None of the ticked deliveries is in doubt" in support.post(LIST, chosen, follow=True).content.decode()


def test_everything_of_the_list_can_t_be_decided_at_once(support: Client) -> None:
    chosen, other = doubtful(), doubtful()
    ticked(support, "send_again", [chosen], select_across="1", confirmed="yes")
    other.refresh_from_db()
    assert other.state == D.UNKNOWN


def test_several_are_decided_only_by_who_may() -> None:
    delivery = doubtful()
    ticked(client_as(MARKETING), "treat_as_sent", [delivery], confirmed="yes")
    delivery.refresh_from_db()
    assert delivery.state == D.UNKNOWN
    assert "treat_as_sent" not in client_as(MARKETING).get(LIST).content.decode()
