"""Opt-ins through the API: listed, read, described, revoked and erased."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import DeliveryState
from optins.models import ConsentEvent, OptIn
from optins.states import OptInState
from pages.models import AuditEntry, Page
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.support.api import Caller, secret_for

pytestmark = pytest.mark.django_db

EVIDENCE = {"form": "https://shop.example/account", "wording": "Tell me on Messenger"}


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory()
    return page


@pytest.fixture
def caller(page: Page) -> Caller:
    return Caller(secret_for(page))


def optins_of(page: Page, customer_id: str | None = None, act: str = "") -> str:
    own = "" if customer_id is None else f"/{quote(customer_id, safe='')}"
    return f"/v1/pages/{page.page_id}/optins{own}{act}"


def tell(caller: Caller, page: Page, customer_id: str = "FR-1", **facts: Any) -> Any:
    return caller.post(optins_of(page), json.dumps({"customer_id": customer_id, "evidence": EVIDENCE, **facts}))


def kinds(optin: OptIn) -> list[str]:
    return list(ConsentEvent.objects.filter(optin=optin).order_by("pk").values_list("kind", flat=True))


# --- Reading ------------------------------------------------------------------------------------------------


def test_an_opt_in_is_read_with_its_proof(caller: Caller, page: Page) -> None:
    tell(caller, page, attributes={"first_name": "Marie"})

    data = caller.get(optins_of(page, "FR-1")).json()["data"]

    assert (data["state"], data["attributes"], data["psid"]) == ("active", {"first_name": "Marie"}, None)
    assert [(event["event"], event["evidence"]["wording"]) for event in data["proof"]] == [
        ("granted", "Tell me on Messenger")
    ]


def test_an_agreement_whose_time_is_over_is_expired(caller: Caller, page: Page) -> None:
    OptInFactory(page=page, customer_id="order-7", expires_at=timezone.now() - timedelta(seconds=1))

    assert caller.get(optins_of(page, "order-7")).json()["data"]["state"] == "expired"


def test_a_list_is_read_part_by_part(caller: Caller, page: Page) -> None:
    for number in range(5):
        OptInFactory(page=page, customer_id=f"FR-{number}")
    OptInFactory(customer_id="FR-of-another-page")

    first = caller.get(optins_of(page) + "?limit=3").json()
    OptInFactory(page=page, customer_id="FR-meanwhile")
    second = caller.get(f"{optins_of(page)}?limit=3&after={first['page']['next']}").json()

    assert [each["customer_id"] for each in first["data"]] == ["FR-4", "FR-3", "FR-2"]
    assert [each["customer_id"] for each in second["data"]] == ["FR-1", "FR-0"]
    assert second["page"]["next"] is None


@pytest.mark.parametrize(("asked", "found"), [
    ("state=active", ["order-9", "order-1"]),
    ("state=revoked", ["order-2"]),
    ("state=expired", ["order-4", "order-3"]),
    ("prefix=order-1", ["order-1"]),
    ("prefix=ORDER", []),
    ("prefix=order&state=revoked", ["order-2"]),
])  # fmt: skip
def test_a_list_is_narrowed(caller: Caller, page: Page, asked: str, found: list[str]) -> None:
    now = timezone.now()
    OptInFactory(page=page, customer_id="order-1")
    OptInFactory(page=page, customer_id="order-2", state=OptInState.REVOKED)
    OptInFactory(page=page, customer_id="order-3", state=OptInState.EXPIRED)
    OptInFactory(page=page, customer_id="order-4", expires_at=now - timedelta(seconds=1))
    OptInFactory(page=page, customer_id="order-9", expires_at=now + timedelta(hours=1))

    answer = caller.get(f"{optins_of(page)}?{asked}")

    assert [each["customer_id"] for each in answer.json()["data"]] == found


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=101", "limit=x", "state=gone", "after=%2B", "after=YQ", "prefix=%00"]
)
def test_a_list_that_is_asked_for_wrongly_is_refused(caller: Caller, page: Page, asked: str) -> None:
    answer = caller.get(f"{optins_of(page)}?{asked}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, asked.split("=")[0])


# --- Describing and revoking --------------------------------------------------------------------------------


def test_attributes_are_changed_and_forgotten_one_by_one(caller: Caller, page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1", attributes={"first_name": "Marie", "town": "Lyon", "odd": [1]})
    body = '{"attributes": {"town": "Lille", "rate": 4.5}, "remove": ["first_name", "unknown"]}'

    answer = caller.call("PATCH", optins_of(page, "FR-1"), body)

    assert answer.json()["data"]["attributes"] == {"town": "Lille", "rate": 4.5, "odd": [1]}
    entry = AuditEntry.objects.get(action="optin.described")
    assert entry.detail["api_token"]["name"] == "shop"
    assert (entry.detail["set"], entry.detail["removed"]) == (["rate", "town"], ["first_name"])


def test_revoking_skips_what_is_queued(caller: Caller, page: Page) -> None:
    optin = OptInFactory(page=page, customer_id="FR-1")
    queued = DeliveryFactory(optin=optin)

    answer = caller.post(optins_of(page, "FR-1", "/revoke"), '{"evidence": "Asked on the phone"}')

    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "revoked")
    assert Delivery.objects.get(pk=queued.pk).state == DeliveryState.SKIPPED
    event = ConsentEvent.objects.get()
    assert event.evidence == {"source": "api", "api_token": "shop", "note": "Asked on the phone"}
    assert AuditEntry.objects.get(action="optin.revoked").detail["api_token"]["name"] == "shop"


def test_revoking_twice_is_revoking_once(caller: Caller, page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1")

    for _time in range(2):
        assert caller.post(optins_of(page, "FR-1", "/revoke"), "").json()["data"]["state"] == "revoked"
    assert ConsentEvent.objects.count() == 1


# --- Erasing (what it erases is told in tests/notifications/services/test_erasing.py) ---------------------------


def test_erasing_twice_is_erasing_once(caller: Caller, page: Page) -> None:
    tell(caller, page)

    answers = [caller.call("DELETE", optins_of(page, "FR-1")) for _time in range(2)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    entry = AuditEntry.objects.get(action="optin.erased")
    assert (entry.actor, entry.detail["api_token"]["name"]) == (None, "shop")


def test_who_was_erased_is_not_read_listed_or_opted_in_again(caller: Caller, page: Page) -> None:
    tell(caller, page)
    caller.call("DELETE", optins_of(page, "FR-1"))
    left = OptIn.objects.get().customer_id

    assert caller.get(optins_of(page, "FR-1")).status_code == 404
    assert caller.get(optins_of(page, left)).status_code == 404
    assert caller.get(optins_of(page)).json()["data"] == []
    answer = tell(caller, page)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "erased")


def test_an_erasure_asks_to_be_repeated_while_a_message_is_leaving(caller: Caller, page: Page) -> None:
    optin = OptInFactory(page=page, customer_id="FR-1")
    row = DeliveryFactory(optin=optin, state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=timezone.now())

    answer = caller.call("DELETE", optins_of(page, "FR-1"))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "still_leaving")
    assert int(answer["Retry-After"]) > 0
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.SENT)
    assert caller.call("DELETE", optins_of(page, "FR-1")).status_code == 204
