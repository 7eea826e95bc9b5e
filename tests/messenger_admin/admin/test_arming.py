"""The screen on which an administrator lets a restored copy send again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Installation
from notifications.services import installation
from notifications.states import Waiting
from pages.models import AuditEntry
from tests.people import client_as
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db

ARM = reverse("admin:arm")


@pytest.fixture(autouse=True)
def restored() -> None:
    installation.stands(now=timezone.now())
    Installation.objects.update(place=Installation.objects.get().place + "0")
    installation.stands(now=timezone.now())


def test_the_question_says_what_follows_and_proposes_to_hold_back() -> None:
    response = client_as(ADMINISTRATORS).get(ARM)

    text = response.content.decode()
    assert "may have reached the customers long ago" in text
    assert response.context["form"]["waiting"].value() == Waiting.HOLD_BACK


@pytest.mark.parametrize(("waiting", "state"), [(Waiting.HOLD_BACK, "unknown"), (Waiting.SEND, "queued")])
def test_the_choice_is_done_and_kept_with_who_made_it(waiting: Waiting, state: str) -> None:
    Installation.objects.update(armed=True)
    campaign = launched(2)
    Installation.objects.update(armed=False)

    client_as(ADMINISTRATORS).post(ARM, {"waiting": waiting})

    assert Installation.objects.get().armed
    assert states(campaign) == {state: 2}
    assert AuditEntry.objects.get(action="installation.armed").actor is not None


def test_nothing_is_chosen_by_an_empty_form() -> None:
    response = client_as(ADMINISTRATORS).post(ARM, {"waiting": ""})

    assert response.status_code == 200
    assert not Installation.objects.get().armed


def test_a_choice_that_is_being_done_is_said_and_not_asked_again() -> None:
    Installation.objects.update(arming=Waiting.HOLD_BACK)
    client = client_as(ADMINISTRATORS)

    assert "is being done" in client.get(ARM).content.decode()
    client.post(ARM, {"waiting": Waiting.SEND})
    assert Installation.objects.get().arming == Waiting.HOLD_BACK


@pytest.mark.parametrize("role", [MARKETING, SUPPORT])
def test_others_may_not_choose(role: str) -> None:
    assert client_as(role).post(ARM, {"waiting": Waiting.SEND}).status_code == 403
    assert not Installation.objects.get().armed


@pytest.mark.parametrize(("role", "linked"), [(ADMINISTRATORS, True), (MARKETING, False), (SUPPORT, False)])
def test_the_first_page_says_it_first_and_leads_there_who_may(role: str, linked: bool) -> None:
    response = client_as(role).get(reverse("admin:index"))

    need = response.context["needs"][0]
    assert "restored copy" in need.title
    assert (need.level, need.url) == ("danger", ARM if linked else "")


def test_a_campaigns_page_says_it() -> None:
    Installation.objects.update(armed=True)
    campaign = launched(1)
    Installation.objects.update(armed=False)

    url = reverse("admin:notifications_campaign_change", args=[campaign.pk])
    assert "restored from a copy" in client_as(MARKETING).get(url).content.decode()
