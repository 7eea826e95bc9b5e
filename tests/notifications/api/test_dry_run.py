"""A dry run: judged and foretold like the message itself, and nothing is stored."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from notifications import hints
from notifications.models import Lease
from optins.models import OptIn
from optins.states import OptInState
from pages.models import ApiToken, Page
from pages.states import PageState
from tests.factories import LinkedPageFactory, NotificationFactory, OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory(attributes={"name": "Ada"})
    return optin


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page))


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture(autouse=True)
def nothing_is_stored(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hinted: list[int] = []
    monkeypatch.setattr(hints, "kick_page_soon", hinted.append)
    before = rows()
    yield
    after = rows()
    assert {name: count for name, count in after.items() if before[name] > count} == {}
    assert after["notifications.Delivery"] == after["notifications.Content"] == after["notifications.KeptAnswer"] == 0
    assert hinted == []


def foretold(caller: Caller, optin: OptIn, body: str = guide.text("text")) -> Any:
    address = f"{messages_of(optin.page, optin.customer_id)}?dry_run=1"
    return caller.post(address, body, **{"Idempotency-Key": "k"})


def test_nothing_at_all_is_written(optin: OptIn, caller: Caller) -> None:
    before = rows()

    assert foretold(caller, optin).status_code == 200
    assert rows() == before


def test_what_would_be_sent_is_foretold(optin: OptIn, caller: Caller) -> None:
    before = timezone.now()

    told = foretold(caller, optin).json()["data"]

    assert (told["would_be_sent"], told["obstacles"], told["body"]) == (True, [], guide.body("text"))
    assert told["right"]
    assert told["when"] >= before.isoformat()


def test_a_notification_by_name_is_foretold_filled(optin: OptIn, caller: Caller) -> None:
    NotificationFactory(name="order", body={"text": "Hello {{ name }}, {{ number }}"})

    told = foretold(caller, optin, '{"notification": "order", "variables": {"number": 871}}').json()["data"]

    assert told["body"] == {"text": "Hello Ada, 871"}


def test_a_page_on_hold_is_an_obstacle(optin: OptIn, caller: Caller) -> None:
    Page.objects.update(state=PageState.ON_HOLD)

    told = foretold(caller, optin).json()["data"]

    assert (told["would_be_sent"], told["when"]) == (False, None)
    assert [one["code"] for one in told["obstacles"]] == ["page_on_hold"]


def test_a_page_that_rests_says_until_when(optin: OptIn, caller: Caller) -> None:
    until = timezone.now() + timedelta(minutes=5)
    Lease.objects.create(page=optin.page, expires_at=timezone.now(), rest_until=until)

    assert foretold(caller, optin).json()["data"]["when"] == until.isoformat()


@pytest.mark.parametrize(
    ("state", "expired", "status"),
    [(OptInState.REVOKED, False, 409), (OptInState.EXPIRED, False, 409), (OptInState.ACTIVE, True, 409)],
)
def test_what_would_be_refused_is_refused(optin: OptIn, caller: Caller, state: str, expired: bool, status: int) -> None:
    OptIn.objects.update(state=state, expires_at=timezone.now() - timedelta(seconds=1) if expired else None)

    assert foretold(caller, optin).status_code == status


def test_a_body_that_is_no_message_and_a_customer_that_is_not(optin: OptIn, caller: Caller) -> None:
    assert foretold(caller, optin, "{}").status_code == 422
    assert caller.post(f"{messages_of(optin.page, 'nobody')}?dry_run=1", guide.text("text")).status_code == 404


def test_a_token_of_another_site_and_one_that_was_revoked(optin: OptIn, caller: Caller) -> None:
    assert foretold(Caller(secret_for(LinkedPageFactory())), optin).status_code == 403
    assert foretold(caller, optin).status_code == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert foretold(caller, optin).status_code == 401
