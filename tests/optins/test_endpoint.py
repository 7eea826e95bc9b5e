"""What the tag asks for when somebody clicks: who may ask, what is answered, and what an abuser gets."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from optins import codes
from optins.models import Invitation, Quota
from optins.services import erase, limiting
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import OptInFactory, RecipientFactory, SiteFactory
from tests.optins.visitors import SHOP, new_button, shop_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return shop_page()


def sid_of(page: Page) -> str:
    assert page.site
    return page.site.sid


def ask(page: Page, body: object = None, *, origin: str | None = SHOP, method: str = "POST", **more: Any) -> Any:
    assert page.site
    button = page.site.buttons.first()
    told = {"customer_id": "c-1", "button": button.pk if button else 1, "address": f"{SHOP}/p/1#x", "language": "fr"}
    raw = body if isinstance(body, bytes) else json.dumps(told | (body if isinstance(body, dict) else {})).encode()
    headers = {"Origin": origin} if origin is not None else {}
    return Client().generic(method, f"/tag/{sid_of(page)}/optin", raw, "application/json", headers=headers, **more)


def test_a_click_is_answered_with_a_link_and_a_code_that_hold_no_customer_id(page: Page, settings: Settings) -> None:
    response = ask(page)
    told = response.json()

    assert response.status_code == 200
    token = told["link"].removeprefix(f"{settings.M_ME_URL}/{page.page_id}?ref=")
    assert codes.looks_like_token(token)
    assert codes.is_code(told["code"])
    assert "c-1" not in response.text
    invitation = Invitation.objects.get(token_sha256=codes.digest(token))
    assert (invitation.customer_id, invitation.address, invitation.wording.language) == ("c-1", f"{SHOP}/p/1", "fr")  # type: ignore[union-attr]
    assert token not in json.dumps(list(Invitation.objects.values()), default=str)


def test_the_answer_sets_no_cookie_and_is_kept_by_nobody(page: Page) -> None:
    response = ask(page)

    assert not response.cookies
    assert (response["Cache-Control"], response["Vary"]) == ("no-store", "Origin")
    assert response["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in response


def test_it_does_not_tell_whether_an_id_is_known_held_or_erased(page: Page) -> None:
    OptInFactory(page=page, customer_id="held", recipient=RecipientFactory(page=page))
    erase(optin=OptInFactory(page=page, customer_id="erased"), actor=None, now=timezone.now())
    answers = [ask(page, {"customer_id": each}) for each in ("held", "erased", "new")]

    assert {(each.status_code, tuple(each.json()), len(each.content)) for each in answers} == {
        (200, ("link", "code", "expires_at"), len(answers[0].content))
    }


@pytest.mark.parametrize(
    "origin", [None, "", "null", "https://evil.example", f"{SHOP}.evil.example", "http://shop.example", f"{SHOP}:444"]
)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_another_origin_is_refused(page: Page, origin: str | None, method: str) -> None:
    response = ask(page, origin=origin, method=method)

    assert (response.status_code, response.json()) == (403, {"error": "origin"})
    assert "Access-Control-Allow-Origin" not in response
    assert not Invitation.objects.exists()


def test_a_browser_may_ask_first_whether_it_may(page: Page) -> None:
    response = ask(page, method="OPTIONS")

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == SHOP
    assert (response["Access-Control-Allow-Methods"], response["Access-Control-Allow-Headers"]) == (
        "POST",
        "Content-Type",
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_refused(page: Page, method: str) -> None:
    response = ask(page, method=method)

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "unreadable"),
        (b"{", 400, "unreadable"),
        (b"[]", 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b"[" * 8_000, 400, "unreadable"),
        (b"x" * 8_193, 413, "too_large"),
        ({"customer_id": ""}, 422, "customer_id"),
        ({"customer_id": 7}, 422, "customer_id"),
        ({"customer_id": "a" * 256}, 422, "customer_id"),
        ({"customer_id": "{{customer_id}}"}, 422, "suspicious_customer_id"),
        ({"customer_id": "undefined"}, 422, "suspicious_customer_id"),
        ({"customer_id": "claire@example.com"}, 422, "suspicious_customer_id"),
        ({"button": 0}, 422, "button"),
        ({"button": "1"}, 422, "button"),
        ({"button": True}, 422, "button"),
        ({"button": 2**70}, 422, "button"),
        ({"language": []}, 422, "language"),
    ],
)
def test_what_can_not_be_is_refused_with_a_code(page: Page, body: object, status: int, code: str) -> None:
    response = ask(page, body)

    assert (response.status_code, response.json()) == (status, {"error": code})
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("told", [{"customer_id": "a\0b"}, {"address": "\ud800"}, {"language": "x" * 400}])
def test_odd_letters_break_nothing(page: Page, told: dict[str, str]) -> None:
    assert ask(page, json.dumps({**told_by(page), **told}).encode()).status_code == 200


def told_by(page: Page) -> dict[str, object]:
    assert page.site
    button = page.site.buttons.first()
    return {"customer_id": "c-1", "button": button.pk if button else 1, "address": SHOP, "language": "en"}


def test_a_button_that_is_switched_off_or_of_another_site_asks_for_nothing(page: Page) -> None:
    off, others = new_button(page, enabled=False), new_button(shop_page())

    assert [ask(page, {"button": each.pk}).json()["error"] for each in (off, others)] == ["button", "button"]


def test_a_site_that_is_unknown_or_reaches_nobody_says_so(page: Page) -> None:
    alone = SiteFactory(origins=[SHOP])
    through_iadvize = shop_page(gateway=GatewayKind.IADVIZE)
    unknown = Client().post("/tag/nothing/optin", headers={"Origin": SHOP})
    lonely = Client().post(
        f"/tag/{alone.sid}/optin", json.dumps(told_by(page)), "application/json", headers={"Origin": SHOP}
    )

    assert (unknown.status_code, unknown.json()) == (404, {"error": "unknown_site"})
    assert (lonely.status_code, lonely.json()) == (409, {"error": "no_page"})
    assert ask(through_iadvize).json() == {"error": "not_through_facebook"}


def test_one_address_may_ask_so_often_and_no_more(page: Page, settings: Settings) -> None:
    settings.OPTIN_PER_ADDRESS = 3
    answers = [ask(page) for _each in range(5)]
    elsewhere = ask(page, REMOTE_ADDR="192.0.2.9")

    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json() == {"error": "too_many"}
    assert 0 < int(answers[3]["Retry-After"]) <= 20
    assert answers[3]["Access-Control-Allow-Origin"] == SHOP
    assert elsewhere.status_code == 200
    assert Invitation.objects.count() == 4


def test_a_whole_ipv6_network_is_one_asker(page: Page, settings: Settings) -> None:
    settings.OPTIN_PER_ADDRESS = 1
    first, second = ask(page, REMOTE_ADDR="2001:db8::1"), ask(page, REMOTE_ADDR="2001:db8::2")

    assert (first.status_code, second.status_code) == (200, 429)


@pytest.mark.parametrize(("behind", "status"), [(True, 429), (False, 200)])
def test_the_proxy_is_believed_where_there_is_one_and_its_client_is_not(
    page: Page, settings: Settings, behind: bool, status: int
) -> None:
    settings.OPTIN_PER_ADDRESS, settings.BEHIND_PROXY = 1, behind
    ask(page, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.7")
    again = ask(page, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR="2.2.2.2, 192.0.2.7")

    assert again.status_code == status


def test_a_site_may_be_asked_so_often_and_no_more(page: Page, settings: Settings) -> None:
    settings.OPTIN_PER_SITE = 2
    answers = [ask(page, REMOTE_ADDR=f"192.0.2.{each}") for each in range(1, 4)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert ask(shop_page()).status_code == 200


def test_what_is_kept_of_an_address_names_nobody_and_goes(page: Page) -> None:
    ask(page, REMOTE_ADDR="192.0.2.7")

    assert "192.0.2.7" not in str(list(Quota.objects.values()))
    assert limiting.forget(now=timezone.now() + timedelta(minutes=3)) == 2
    assert not Quota.objects.exists()
