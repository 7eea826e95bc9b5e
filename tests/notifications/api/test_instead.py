"""A call may bring the utility template that goes out once Facebook's window is closed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Content, Delivery
from optins.models import OptIn
from pages.states import GatewayKind
from tests.factories import (
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    RecipientFactory,
    ThreadFactory,
    UtilityTemplateFactory,
)
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db
CHOSEN: dict[str, Any] = {"name": "order_left", "language": "en", "parameters": {"order": "{{ order_id }}"}}
FROZEN = '{"name":"order_left","language":"en","parameters":{"order":"{{ order_id }}"}}'


@pytest.fixture
def optin() -> OptIn:
    page = LinkedPageFactory(gateway=GatewayKind.META)
    UtilityTemplateFactory(page=page, name="order_left")
    made: OptIn = OptInFactory(page=page, recipient=RecipientFactory(page=page), attributes={"order_id": 871})
    return made


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page))


def post(caller: Caller, optin: OptIn, body: dict[str, Any], query: str = "") -> Any:
    return caller.post(f"{messages_of(optin.page, optin.customer_id)}{query}", json.dumps(body))


def wrote(optin: OptIn, **since: float) -> None:
    assert optin.recipient
    ThreadFactory(page=optin.page, psid=optin.recipient.psid, acted_at=timezone.now() - timedelta(**since))


def test_it_is_frozen_with_the_message(optin: OptIn, caller: Caller) -> None:
    answer = post(caller, optin, {"text": "Hello", "utility": CHOSEN})
    assert answer.status_code == 202, answer.content
    content = Delivery.objects.get().content
    assert (content.body, content.utility) == ('{"text":"Hello"}', FROZEN)
    assert content.sha256 == Content.digest(content.body, content.utility)


def test_the_same_words_without_it_are_another_content(optin: OptIn, caller: Caller) -> None:
    for body in ({"text": "Hello"}, {"text": "Hello", "utility": CHOSEN}, {"text": "Hello", "utility": CHOSEN}):
        assert post(caller, optin, body).status_code == 202
    assert sorted(Content.objects.values_list("utility", flat=True)) == ["", FROZEN]


def test_a_notification_brings_its_own(optin: OptIn, caller: Caller) -> None:
    NotificationFactory(name="order-left", utility=CHOSEN)
    answer = post(caller, optin, {"notification": "order-left", "variables": {"order_id": "9"}})
    assert answer.status_code == 202, answer.content
    assert Delivery.objects.get().content.utility == FROZEN
    assert Delivery.objects.get().personal == {"order_id": "9"}


def test_a_batch_takes_it_message_by_message(optin: OptIn, caller: Caller) -> None:
    to = {"page_id": optin.page.page_id, "customer_id": optin.customer_id}
    wrong = {**CHOSEN, "parameters": {}}
    messages = [{**to, "text": "A", "utility": CHOSEN}, {**to, "text": "B"}, {**to, "text": "C", "utility": wrong}]
    told = caller.post("/v1/batches", json.dumps({"messages": messages})).json()
    assert [entry["status"] for entry in told["data"]] == [202, 202, 422]
    assert told["data"][2]["errors"][0]["field"] == "utility.parameters"
    assert [row.content.utility for row in Delivery.objects.order_by("pk")] == [FROZEN, ""]


@pytest.mark.parametrize(
    ("utility", "field", "code"),
    [
        ("order_left", "utility", "not_object"),
        (None, "utility", "null"),
        ({**CHOSEN, "name": "Été"}, "utility.name", "template_name"),
        ({**CHOSEN, "name": "other"}, "utility.name", "unknown_template"),
        ({**CHOSEN, "language": "fr"}, "utility.name", "unknown_template"),
        ({**CHOSEN, "parameters": {}}, "utility.parameters", "missing"),
        ({**CHOSEN, "parameters": {"order": "1", "more": "2"}}, "utility.parameters.more", "unknown_key"),
        ({**CHOSEN, "parameters": {"order": " "}}, "utility.parameters.order", "blank"),
        ({**CHOSEN, "parameters": {"order": "{{ nobody_has_it }}"}}, "variables.nobody_has_it", "no_value"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    optin: OptIn, caller: Caller, utility: object, field: str, code: str
) -> None:
    answer = post(caller, optin, {"text": "Hello", "utility": utility})
    assert (answer.status_code, [(one["field"], one["code"]) for one in answer.json()["errors"]]) == (
        422,
        [(field, code)],
    )
    assert not Content.objects.exists()


def test_it_is_no_message_by_itself(optin: OptIn, caller: Caller) -> None:
    assert post(caller, optin, {"utility": CHOSEN}).json()["errors"][0]["code"] == "empty"


def test_a_name_and_a_template_are_not_both_given(optin: OptIn, caller: Caller) -> None:
    NotificationFactory(name="order-left")
    answer = post(caller, optin, {"notification": "order-left", "utility": CHOSEN})
    assert answer.json()["errors"][0] | {"message": ""} == {"field": "utility", "code": "unknown_key", "message": ""}


def test_a_page_that_goes_through_iadvize_takes_any_and_uses_none(caller: Caller) -> None:
    optin = OptInFactory(page=LinkedPageFactory(gateway=GatewayKind.IADVIZE), attributes={"order_id": 1})
    answer = post(Caller(secret_for(optin.page)), optin, {"text": "Hello", "utility": {**CHOSEN, "name": "other"}})
    assert answer.status_code == 202, answer.content


# --- Dry runs ---------------------------------------------------------------------------------------------------


def foretold(caller: Caller, optin: OptIn, body: dict[str, Any]) -> dict[str, Any]:
    answer = post(caller, optin, body, "?dry_run=1")
    assert answer.status_code == 200, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_in_the_window_the_message_itself_would_go(optin: OptIn, caller: Caller) -> None:
    wrote(optin, hours=1)
    told = foretold(caller, optin, {"text": "Hello", "utility": CHOSEN})
    assert (told["would_be_sent"], told["body"]) == (True, {"text": "Hello"})
    assert told["right"].endswith("Within 24 hours of the customer's last act")


def test_after_it_the_template_would(optin: OptIn, caller: Caller) -> None:
    wrote(optin, days=2)
    told = foretold(caller, optin, {"text": "Hello", "utility": CHOSEN})
    assert told["would_be_sent"] is True
    assert told["body"] == {"utility": {"name": "order_left", "language": "en", "parameters": {"order": "871"}}}
    assert told["right"].endswith("Utility template that Facebook approved")


@pytest.mark.parametrize(
    ("days", "utility", "code"),
    [(2, None, "window_closed"), (None, CHOSEN, "never_wrote")],
)
def test_otherwise_it_says_what_stands_in_the_way(
    optin: OptIn, caller: Caller, days: int | None, utility: dict[str, Any] | None, code: str
) -> None:
    if days:
        wrote(optin, days=days)
    told = foretold(caller, optin, {"text": "Hello", **({"utility": utility} if utility else {})})
    assert (told["would_be_sent"], [one["code"] for one in told["obstacles"]]) == (False, [code])
    assert told["when"] is None
