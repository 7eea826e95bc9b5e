"""A server that is slow, dead or wrong: the shop's page goes on, and the visitor is told calmly."""

import time
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from optins.models import Invitation
from tests.browser.tag.conftest import Shop, Visitor, message_us
from tests.factories import ButtonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "Send to Messenger"
ANSWERS: dict[str, dict[str, Any] | None] = {
    "refused": None,
    "500": {"status": 500, "body": "<h1>Server error</h1>"},
    "429": {"status": 429, "json": {"error": "too_many"}},
    "garbage": {"status": 200, "body": "<!DOCTYPE html>"},
    "another's JSON": {"status": 200, "json": {"link": 7}},
    "a link that is none": {"status": 200, "json": {"link": "javascript:alert(1)"}},
    "nothing": {"status": 200, "body": ""},
    "a redirect": {"status": 302, "headers": {"Location": "https://elsewhere.example/"}},
}


def answer(route: Route, what: str) -> None:
    facts = ANSWERS[what]
    if facts is None:
        route.abort("connectionrefused")
    else:
        route.fulfill(**{**facts, "headers": {"Access-Control-Allow-Origin": "*", **facts.get("headers", {})}})


@pytest.mark.parametrize("what", ANSWERS)
def test_a_click_that_cannot_be_answered_is_said_calmly(visitor: Visitor, shop: Shop, what: str) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())
    visitor.page.route("**/optin", lambda route: answer(route, what))
    button = visitor.page.get_by_role("button", name=SEND)

    button.click()

    dialog = visitor.page.get_by_role("dialog", name="This doesn’t work right now")
    expect(dialog).to_contain_text("Nothing was sent.")
    expect(dialog.get_by_role("link", name="Write to us in Messenger")).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert len(visitor.context.pages) == 1  # the tab that was opened for Messenger is closed
    visitor.troubles = [one for one in visitor.troubles if "CORS" not in one and "Refused to connect" not in one]


def test_what_failed_can_be_tried_again(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())
    visitor.page.route("**/optin", lambda route: route.abort(), times=1)
    visitor.page.get_by_role("button", name=SEND).click()

    visitor.page.get_by_role("button", name="Try again").click()

    expect(visitor.page.locator("messenger-admin-sheet .code")).to_be_visible()
    assert Invitation.objects.filter(site=shop.site).count() == 1


def test_while_the_answer_takes_its_time_the_button_says_so_and_ten_seconds_are_too_many(
    visitor: Visitor, shop: Shop
) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())
    unanswered: list[Route] = []
    visitor.page.route("**/optin", lambda route: unanswered.append(route))
    button = visitor.page.get_by_role("button", name=SEND)

    begun = time.monotonic()
    button.click()

    expect(button).to_have_attribute("aria-busy", "true")
    assert button.evaluate("one => getComputedStyle(one).cursor") == "progress"
    button.click()
    expect(visitor.page.get_by_role("dialog")).to_contain_text("doesn’t work right now", timeout=12_000)
    assert 7 < time.monotonic() - begun < 11
    assert len(unanswered) == 1
    unanswered[0].abort()


def test_a_slow_tag_holds_up_nothing_and_comes_when_it_comes(visitor: Visitor, shop: Shop) -> None:
    message_us(shop.site)
    waiting: list[Route] = []
    visitor.page.route("**/tag/*.js", lambda route: waiting.append(route))
    visitor.page.goto(shop.page(body="<button>Buy</button>"), wait_until="domcontentloaded")

    assert visitor.page.evaluate("document.readyState") == "interactive"
    visitor.page.get_by_role("button", name="Buy").click()
    visitor.page.wait_for_timeout(1_000)
    waiting[0].continue_()

    expect(visitor.page.get_by_role("link", name="Message us")).to_be_visible()


@pytest.mark.parametrize("what", ["refused", "500", "nothing"])
def test_a_dead_host_leaves_the_page_as_it_was(visitor: Visitor, shop: Shop, what: str) -> None:
    message_us(shop.site)
    visitor.page.route("**/tag/*.js", lambda route: answer(route, what))
    visitor.page.goto(shop.page(body="<p>Shop</p>"))

    visitor.page.evaluate("window.messengerAdmin?.refresh()")  # as docs/tag.md has it
    expect(visitor.page.locator("messenger-admin-buttons")).to_have_count(0)
    expect(visitor.page.get_by_text("Shop")).to_be_visible()
