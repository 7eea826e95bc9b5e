"""Campaigns through the API: drafted and read, and who may do what with them."""

import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Campaign, Content
from notifications.states import AudienceKind, CampaignState, Halt, LatePolicy
from pages.models import AuditEntry, Page
from tests.factories import (
    CampaignFactory,
    LinkedPageFactory,
    NotificationFactory,
    PageFactory,
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


def asked(page: Page, **facts: Any) -> dict[str, Any]:
    given = {"name": "Sale", "page_id": page.page_id, "notification": "Opening", "audience": {"kind": "all"}, **facts}
    return {name: value for name, value in given.items() if value is not None}


def create(caller: Caller, page: Page, headers: dict[str, str] | None = None, **facts: Any) -> Any:
    NotificationFactory._meta.model.objects.filter(name="Opening").exists() or NotificationFactory(name="Opening")
    return caller.post("/v1/campaigns", json.dumps(asked(page, **facts)), **(headers or {}))


def told(answer: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


# --- Drafts -------------------------------------------------------------------------------------------------


def test_a_campaign_begins_as_a_draft(caller: Caller, page: Page) -> None:
    answer = create(caller, page)

    assert answer.status_code == 201, answer.content
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.page, campaign.notification.name) == (C.DRAFT, page, "Opening")
    assert (campaign.audience_kind, campaign.failure_ceiling, campaign.if_late) == (
        AudienceKind.ALL,
        20,
        LatePolicy.ASK,
    )
    assert answer["Location"] == answer.json()["data"]["_link"] == f"/v1/campaigns/{campaign.pk}"
    entry = AuditEntry.objects.get(action="campaign.created")
    assert (entry.actor, entry.detail["api_token"]["name"]) == (None, "shop")


def test_everything_that_can_be_said_of_it_is_kept_and_told(caller: Caller, page: Page) -> None:
    facts: dict[str, Any] = {
        "audience": {"kind": "prefix", "prefix": "instock-AB123-"},
        "scheduled_for": "2126-11-27T18:00:00+01:00",
        "useful_until": "2126-11-28T18:00:00Z",
        "messages_per_second": 5,
        "quiet_hours": {"from": "22:00", "until": "08:00"},
        "first_slice": 100,
        "failure_ceiling": 0,
        "if_late": "skip",
    }

    data = create(caller, page, **facts).json()["data"]

    campaign = Campaign.objects.get()
    assert (campaign.quiet_from, campaign.quiet_until) == (time(22), time(8))
    assert (campaign.canary_size, campaign.failure_ceiling, campaign.messages_per_second) == (100, None, 5)
    kept = {**facts, "scheduled_for": "2126-11-27T17:00:00+00:00", "useful_until": "2126-11-28T18:00:00+00:00"}
    read = caller.get(data["_link"]).json()["data"]
    assert {name: read[name] for name in facts} == kept


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"name": "  "}, 422, "name", "not_accepted"),
    ({"name": "x" * 121}, 422, "name", "too_long"),
    ({"page_id": "99999999"}, 404, "page_id", "unknown_page"),
    ({"notification": "Closing"}, 422, "notification", "unknown_notification"),
    ({"audience": "all"}, 422, "audience", "not_object"),
    ({"audience": {"kind": "some"}}, 422, "audience.kind", "unknown_choice"),
    ({"audience": {"kind": "prefix"}}, 422, "audience.prefix", "prefix_missing"),
    ({"audience": {"kind": "all", "prefix": "a"}}, 422, "audience.prefix", "not_everyone"),
    ({"scheduled_for": "soon"}, 422, "scheduled_for", "no_instant"),
    ({"scheduled_for": "9999-12-31T23:00:00-10:00"}, 422, "scheduled_for", "no_instant"),
    ({"useful_until": "2126-11-28"}, 422, "useful_until", "no_instant"),
    ({"if_late": "maybe"}, 422, "if_late", "unknown_choice"),
    ({"messages_per_second": 0}, 422, "messages_per_second", "too_small"),
    ({"messages_per_second": 301}, 422, "messages_per_second", "too_large"),
    ({"messages_per_second": "5"}, 422, "messages_per_second", "not_whole_number"),
    ({"first_slice": 2**31}, 422, "first_slice", "too_large"),
    ({"failure_ceiling": 101}, 422, "failure_ceiling", "too_large"),
    ({"quiet_hours": {"from": "22:00"}}, 422, "quiet_hours.until", "missing"),
    ({"quiet_hours": {"from": "22:00", "until": "24:00"}}, 422, "quiet_hours.until", "not_accepted"),
    ({"quiet_hours": {"from": "22:00", "until": "22:00"}}, 422, "quiet_hours.until", "no_hours"),
    ({"colour": "blue"}, 422, "colour", "unknown_key"),
]


@pytest.mark.parametrize(("facts", "status", "field", "code"), REFUSED)
def test_what_is_wrong_is_named_with_its_place(
    caller: Caller, page: Page, facts: dict[str, Any], status: int, field: str, code: str
) -> None:
    answer = create(caller, page, **facts)

    assert (answer.status_code, told(answer)) == (status, [(field, code)])
    assert not Campaign.objects.exists()


def test_a_draft_that_is_asked_for_twice_with_one_key_is_made_once(caller: Caller, page: Page) -> None:
    key = {"Idempotency-Key": "sale-7"}

    first, again = (create(caller, page, key) for _time in range(2))

    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert Campaign.objects.count() == 1
    assert create(caller, page, key, name="Another").status_code == 422


# --- Reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("halt", "detail", "shown"), [
    (Halt.FAILURES, {"failed": 20, "ended": 100}, {"failed": 20, "ended": 100}),
    (Halt.CANARY, {"size": 50}, {"size": 50}),
])  # fmt: skip
def test_a_halt_is_told_with_its_figures(
    caller: Caller, page: Page, halt: Halt, detail: dict[str, int], shown: dict[str, int]
) -> None:
    campaign = CampaignFactory(page=page, running=True, state=C.PAUSED, halt=halt, halt_detail=detail)

    found = caller.get(f"/v1/campaigns/{campaign.pk}").json()["data"]["halt"]

    assert (found["code"], found["detail"], found["problems"]) == (halt.value, shown, [])
    assert found["message"]


def test_what_stood_in_the_way_at_its_time_is_told_in_words(caller: Caller, page: Page) -> None:
    detail = {"problems": [{"code": "audience_empty", "params": {}}, {"code": "of_another_version"}]}
    campaign = CampaignFactory(page=page, halt=Halt.REFUSED, halt_detail=detail)

    found = caller.get(f"/v1/campaigns/{campaign.pk}").json()["data"]["halt"]

    assert [(one["field"], one["code"]) for one in found["problems"]] == [
        ("audience", "audience_empty"),
        ("", "of_another_version"),
    ]
    assert found["problems"][0]["message"].startswith("Nobody in this audience")


def test_a_list_is_read_part_by_part_and_narrowed(caller: Caller, page: Page) -> None:
    drafts = [CampaignFactory(page=page).pk for _number in range(3)]
    running = CampaignFactory(page=page, running=True).pk
    CampaignFactory()

    def ids(asked: str) -> list[int]:
        return [each["id"] for each in caller.get(f"/v1/campaigns?{asked}").json()["data"]]

    first = caller.get("/v1/campaigns?limit=2").json()
    assert [each["id"] for each in first["data"]] == [running, drafts[2]]
    assert ids(f"limit=2&after={first['page']['next']}") == [drafts[1], drafts[0]]
    assert ids("state=running") == [running]
    assert ids(f"page_id={page.page_id}&state=draft") == drafts[::-1]


# --- Who may ------------------------------------------------------------------------------------------------

MOVES = ("launch", "schedule", "unschedule", "pause", "resume", "cancel")
CALLS = [
    ("GET", "", "campaigns:run"),
    ("POST", "", "campaigns:read"),
    ("GET", "/{id}", "campaigns:run"),
    ("POST", "/{id}/forecast", "campaigns:run"),
    *(("POST", f"/{{id}}/{name}", "campaigns:read") for name in MOVES),
]


@pytest.mark.parametrize(("method", "path", "other_scope"), CALLS)
def test_each_call_needs_a_token_and_its_scope(page: Page, method: str, path: str, other_scope: str) -> None:
    address = "/v1/campaigns" + path.format(id=CampaignFactory(page=page).pk)

    assert Caller("").call(method, address, "{}").status_code == 401
    assert Caller(secret_for(page, scopes=(other_scope,))).call(method, address, "{}").status_code == 403


@pytest.mark.parametrize("path", ["", "/forecast", *(f"/{name}" for name in MOVES)])
@pytest.mark.parametrize("unknown", ["0", "999999999", "x", "9" * 30, "%C2%B2"])
def test_another_sites_campaign_is_answered_as_none(path: str, unknown: str) -> None:
    caller, campaign = Caller(secret_for(LinkedPageFactory())), CampaignFactory()

    def answer(number: object) -> tuple[int, str]:
        got = caller.call("POST" if path else "GET", f"/v1/campaigns/{number}{path}", "")
        return got.status_code, got.json()["meta"]["message"].replace(str(number), "")

    theirs, nobodys = answer(campaign.pk), answer(unknown)

    assert theirs[0] == nobodys[0] == 404
    assert unknown.startswith("%") or theirs == nobodys


def test_another_sites_page_is_answered_as_none(caller: Caller) -> None:
    other = LinkedPageFactory()

    theirs, nobodys = create(caller, other), create(caller, PageFactory.build(page_id="99999999"))

    assert (theirs.status_code, told(theirs)) == (nobodys.status_code, told(nobodys))
    assert caller.get(f"/v1/campaigns?page_id={other.page_id}").status_code == 403
    assert caller.get("/v1/campaigns?page_id=99999999").status_code == 404


def test_a_draft_freezes_nothing(caller: Caller, page: Page) -> None:
    create(caller, page)

    assert not Content.objects.exists()
