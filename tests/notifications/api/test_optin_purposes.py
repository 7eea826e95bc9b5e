"""What an agreement may be used for, as the API takes and tells it."""

import json
from typing import Any

import pytest

from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.states import Purpose
from pages.models import Page
from tests.factories import LinkedPageFactory, OptInFactory
from tests.support.api import Caller, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory()
    return page


@pytest.fixture
def caller(page: Page) -> Caller:
    return Caller(secret_for(page))


def told(caller: Caller, page: Page, customer_id: str, **facts: Any) -> dict[str, Any]:
    sent = json.dumps({"customer_id": customer_id, "evidence": "By phone", **facts})
    answer = caller.post(f"/v1/pages/{page.page_id}/optins", sent)
    assert answer.status_code in {200, 201}, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.parametrize(("customer_id", "purpose", "used_up", "ends"), [
    ("FR-1", "marketing", False, False),
    ("order-7", "transactional", False, True),
    ("instock-AB123-k4", "alert", True, True),
])  # fmt: skip
def test_the_site_s_patterns_decide_and_the_answer_says_so(
    caller: Caller, page: Page, customer_id: str, purpose: str, *, used_up: bool, ends: bool
) -> None:
    data = told(caller, page, customer_id)

    assert (data["purpose"], data["used_up"], data["expires_at"] is not None) == (purpose, used_up, ends)
    optin = OptIn.objects.get()
    assert (optin.purpose, optin.used_up) == (purpose, used_up)


@pytest.mark.parametrize("purpose", Purpose.values)
def test_who_knows_better_says_it(caller: Caller, page: Page, purpose: str) -> None:
    assert told(caller, page, "FR-1", purpose=purpose)["purpose"] == purpose


@pytest.mark.parametrize("purpose", ["marketing", "alert"])
def test_what_the_pattern_says_of_an_id_is_never_widened(caller: Caller, page: Page, purpose: str) -> None:
    sent = json.dumps({"customer_id": "order-7", "evidence": "By phone", "purpose": purpose})
    answer = caller.post(f"/v1/pages/{page.page_id}/optins", sent)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("purpose", "purpose_wider")
    assert "order-<number>" in error["message"]
    assert not OptIn.objects.exists()


def test_another_purpose_renews_the_agreement_under_it(caller: Caller, page: Page) -> None:
    told(caller, page, "FR-1", purpose="transactional")

    assert told(caller, page, "FR-1", purpose="marketing")["purpose"] == "marketing"
    kinds = list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ConsentKind.GRANTED, ConsentKind.RENEWED]


def test_what_is_told_again_without_one_keeps_it(caller: Caller, page: Page) -> None:
    told(caller, page, "FR-1", purpose="transactional")

    assert told(caller, page, "FR-1")["purpose"] == "transactional"
    assert ConsentEvent.objects.count() == 1


def test_an_unknown_purpose_is_refused_at_its_place(caller: Caller, page: Page) -> None:
    sent = json.dumps({"customer_id": "FR-1", "evidence": "By phone", "purpose": "spam"})
    answer = caller.post(f"/v1/pages/{page.page_id}/optins", sent)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("purpose", "unknown_choice")
    assert not OptIn.objects.exists()


def test_it_is_read_and_listed_with_it(caller: Caller, page: Page) -> None:
    OptInFactory(page=page, customer_id="a", purpose=Purpose.ALERT, used_up=True)
    url = f"/v1/pages/{page.page_id}/optins"

    [listed], read = caller.get(url).json()["data"], caller.get(f"{url}/a").json()["data"]

    assert (listed["purpose"], listed["used_up"]) == (read["purpose"], read["used_up"]) == ("alert", True)
