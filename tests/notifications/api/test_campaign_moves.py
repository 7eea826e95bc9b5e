"""Campaigns through the API: foreseen, launched and steered."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.services import campaigns, expansion
from notifications.states import CampaignState, DeliveryState
from optins.states import OptInState
from pages.models import AuditEntry, Page
from tests.factories import (
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    TallyFactory,
)
from tests.support.api import Caller, secret_for

pytestmark = pytest.mark.django_db

C = CampaignState
NOW = timezone.now()
SOON = (NOW + timedelta(days=1)).isoformat()


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory(messages_per_second=10)
    return page


@pytest.fixture
def caller(page: Page) -> Caller:
    return Caller(secret_for(page))


def act(caller: Caller, campaign: Campaign, name: str, body: str = "", **headers: str) -> Any:
    return caller.post(f"/v1/campaigns/{campaign.pk}/{name}", body, **headers)


def told(answer: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


# --- Forecasts ----------------------------------------------------------------------------------------------


def test_a_forecast_says_how_many_and_how_long(caller: Caller, page: Page) -> None:
    OptInFactory.create_batch(30, page=page)
    OptInFactory(page=page, state=OptInState.REVOKED)
    campaign = CampaignFactory(page=page, messages_per_second=5)

    data = act(caller, campaign, "forecast").json()["data"]

    assert (data["recipients"], data["messages_per_second"], data["seconds"]) == (30, 5, 6.0)
    assert (data["can_be_launched"], data["problems"], data["lacking"], data["too_late"]) == (True, [], None, 0)
    took = datetime.fromisoformat(data["done_at"]) - datetime.fromisoformat(data["starts_at"])
    assert took == timedelta(seconds=6)


def test_a_forecast_counts_those_who_would_get_nothing(caller: Caller, page: Page) -> None:
    OptInFactory.create_batch(30, page=page, attributes={"first_name": "Marie"})
    OptInFactory.create_batch(2, page=page)
    personal = NotificationFactory(body={"text": "Hello {{ first_name }}"})
    until = timezone.now() + timedelta(seconds=1, milliseconds=500)
    campaign = CampaignFactory(page=page, notification=personal, useful_until=until)

    data = act(caller, campaign, "forecast").json()["data"]

    assert data["lacking"] == {"recipients": 2, "at_least": False, "names": ["first_name"]}
    assert 17 <= data["too_late"] <= 18


def test_a_forecast_is_of_its_time(caller: Caller, page: Page) -> None:
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page, scheduled_for=NOW + timedelta(days=1))

    data = act(caller, campaign, "forecast").json()["data"]

    assert datetime.fromisoformat(data["starts_at"]) == campaign.scheduled_for


def test_a_forecast_says_what_stands_in_the_way(caller: Caller, page: Page) -> None:
    campaign = CampaignFactory(page=page, messages_per_second=99)

    data = act(caller, campaign, "forecast").json()["data"]

    assert data["can_be_launched"] is False
    assert [(one["field"], one["code"]) for one in data["problems"]] == [
        ("audience", "audience_empty"),
        ("messages_per_second", "faster_than_page"),
    ]


# --- Moves --------------------------------------------------------------------------------------------------


def test_a_launch_makes_the_rows(caller: Caller, page: Page) -> None:
    OptInFactory.create_batch(3, page=page)
    campaign = CampaignFactory(page=page)

    answer = act(caller, campaign, "launch")

    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "running")
    assert AuditEntry.objects.get(action="campaign.launched").detail["api_token"]["name"] == "shop"
    expansion.expand(campaign.pk)
    data = caller.get(f"/v1/campaigns/{campaign.pk}").json()["data"]
    assert (data["tally"]["queued"], data["progress"]) == (3, {"total": 3, "done": 0, "complete": True})


def test_a_launch_that_is_repeated_with_its_key_is_answered_again(caller: Caller, page: Page) -> None:
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page)

    first, again = (act(caller, campaign, "launch", **{"Idempotency-Key": "go"}) for _time in range(2))

    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (200, 200, "true")
    assert first.json() == again.json()
    assert AuditEntry.objects.filter(action="campaign.launched").count() == 1


def test_a_launch_that_can_t_be_says_each_reason(caller: Caller) -> None:
    page = LinkedPageFactory(token="")
    campaign = CampaignFactory(page=page, useful_until=NOW - timedelta(hours=1))

    answer = Caller(secret_for(page)).post(f"/v1/campaigns/{campaign.pk}/launch", "")

    assert answer.status_code == 409
    assert told(answer) == [
        ("page_id", "page_without_token"),
        ("audience", "audience_empty"),
        ("useful_until", "no_longer_useful"),
    ]
    assert all(one["message"] for one in answer.json()["errors"])


def test_a_refused_launch_leaves_its_key_free(caller: Caller, page: Page) -> None:
    campaign = CampaignFactory(page=page)
    assert act(caller, campaign, "launch", **{"Idempotency-Key": "go"}).status_code == 409

    OptInFactory(page=page)

    assert act(caller, campaign, "launch", **{"Idempotency-Key": "go"}).status_code == 200


def test_a_campaign_is_scheduled_for_its_time_or_for_another(caller: Caller, page: Page) -> None:
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page, scheduled_for=NOW + timedelta(days=2))

    assert act(caller, campaign, "schedule").json()["data"]["state"] == "scheduled"
    answer = act(caller, campaign, "schedule", json.dumps({"scheduled_for": SOON}))

    assert answer.json()["data"]["scheduled_for"] == SOON
    assert act(caller, campaign, "unschedule").json()["data"]["state"] == "draft"


@pytest.mark.parametrize(("body", "status", "problem"), [
    ("", 422, ("scheduled_for", "missing")),
    ('{"scheduled_for": "soon"}', 422, ("scheduled_for", "no_instant")),
    ('{"scheduled_for": "2020-11-27T18:00:00Z"}', 409, ("scheduled_for", "time_passed")),
    ('{"at": "soon"}', 422, ("at", "unknown_key")),
    ("[", 400, ("", "not_json")),
])  # fmt: skip
def test_a_time_that_is_none_is_refused(
    caller: Caller, page: Page, body: str, status: int, problem: tuple[str, str]
) -> None:
    OptInFactory(page=page)

    answer = act(caller, CampaignFactory(page=page), "schedule", body)

    assert (answer.status_code, told(answer)) == (status, [problem])


def test_a_campaign_pauses_goes_on_and_is_cancelled(caller: Caller, page: Page) -> None:
    campaign = TallyFactory(campaign=CampaignFactory(page=page, running=True), queued=1).campaign
    row = DeliveryFactory(campaign=campaign, optin=OptInFactory(page=page), content=campaign.content)

    states = [act(caller, campaign, name).json()["data"]["state"] for name in ("pause", "resume", "cancel")]
    campaigns.cancel_rows(campaign_pk=campaign.pk, now=timezone.now())

    assert states == ["paused", "running", "cancelled"]
    assert Delivery.objects.get(pk=row.pk).state == DeliveryState.CANCELLED
    acts = AuditEntry.objects.filter(action__startswith="campaign.").order_by("pk")
    assert [entry.action for entry in acts] == ["campaign.paused", "campaign.resumed", "campaign.cancelled"]
    assert {entry.detail["api_token"]["name"] for entry in acts} == {"shop"}


LEGAL = {
    "forecast": {C.DRAFT, C.SCHEDULED},
    "launch": {C.DRAFT, C.SCHEDULED},
    "schedule": {C.DRAFT, C.SCHEDULED},
    "unschedule": {C.SCHEDULED},
    "pause": {C.RUNNING},
    "resume": {C.PAUSED},
    "cancel": {C.SCHEDULED, C.RUNNING, C.PAUSED},
}


@pytest.mark.parametrize("state", C)
@pytest.mark.parametrize("name", LEGAL)
def test_a_move_that_is_not_legal_now_says_the_state(caller: Caller, page: Page, name: str, state: C) -> None:
    # Without an audience, a launch that could be has other troubles than its state.
    OptInFactory.create_batch(state in LEGAL[name], page=page)
    content = ContentFactory()
    campaign = CampaignFactory(
        page=page, state=state, content=content, launched_at=NOW, audience_ceiling=0, scheduled_for=NOW + timedelta(1)
    )

    answer = act(caller, campaign, name)

    if state in LEGAL[name]:
        assert answer.status_code == 200, answer.content
    else:
        assert (answer.status_code, told(answer)) == (409, [("state", state.value)])
