"""A customer's phone in the sandbox: what arrives shows by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from messenger_admin.sandbox import messages
from messenger_admin.sandbox.messages import Query, Received
from messenger_admin.sandbox.store import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THREAD = {"page_id": "322837607840703", "customer_id": "a/b é"}
PHONE = "/sandbox/phone/?page_id=322837607840703&customer_id=a%2Fb+%C3%A9"
CAROUSEL = (Path(__file__).parents[1] / "data" / "guide" / "carousel.json").read_bytes()
Receive = Callable[[bytes], None]


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def receive(store: Path) -> Receive:
    def put(body: bytes) -> None:
        values: dict[str, Any] = THREAD | {"message_id": "m", "received_at": 1.0, "status": 202, "delivered": True}
        with opened(store) as connection:
            messages.insert(connection, [Received(body=body, **values)])

    return put


def shown(page: Page) -> Any:
    return page.locator(".phone .message")


def test_a_message_arrives_without_reloading(browser_page: Page, receive: Receive) -> None:
    browser_page.goto(PHONE)
    expect(browser_page.get_by_text("No message yet.")).to_be_visible()
    browser_page.evaluate("window.same = true")

    receive(b'{"text":"It is back in stock"}')

    expect(shown(browser_page)).to_contain_text(["It is back in stock"])
    expect(browser_page.get_by_text("No message yet.")).to_be_hidden()
    expect(browser_page.locator("[data-log] li")).to_have_count(1)
    assert browser_page.evaluate("window.same")


def test_each_message_is_shown_once_and_in_order(browser_page: Page, receive: Receive) -> None:
    receive(b'{"text":"first"}')
    browser_page.goto(PHONE)
    for text in (b"second", b"third"):
        receive(b'{"text":"%b"}' % text)

    expect(shown(browser_page)).to_contain_text(["first", "second", "third"])
    browser_page.wait_for_timeout(1_500)
    expect(shown(browser_page)).to_have_count(3)


def test_the_newest_is_in_sight_unless_the_reader_looks_further_up(browser_page: Page, receive: Receive) -> None:
    for number in range(30):
        receive(b'{"text":"message %d"}' % number)
    browser_page.goto(PHONE)
    expect(shown(browser_page).last).to_be_in_viewport()

    receive(b'{"text":"follows"}')
    expect(browser_page.get_by_text("follows").first).to_be_in_viewport()

    browser_page.locator("[data-scroller]").evaluate("thread => { thread.scrollTop = 0; }")
    receive(b'{"text":"waits below"}')
    expect(browser_page.get_by_role("button", name="New message")).to_be_visible()
    expect(shown(browser_page).last).not_to_be_in_viewport()

    browser_page.get_by_role("button", name="New message").click()
    expect(shown(browser_page).last).to_be_in_viewport()
    expect(browser_page.get_by_role("button", name="New message")).to_be_hidden()


def test_a_cleared_thread_empties_itself_and_goes_on(browser_page: Page, receive: Receive, store: Path) -> None:
    receive(b'{"text":"old"}')
    browser_page.goto(PHONE)
    with opened(store) as connection:
        messages.clear(connection, Query())
    expect(shown(browser_page)).to_have_count(0)

    receive(b'{"text":"new"}')
    expect(shown(browser_page)).to_contain_text(["new"])


def test_a_carousel_is_moved_sideways_by_keyboard_within_the_phone(browser_page: Page, receive: Receive) -> None:
    receive(CAROUSEL)
    browser_page.goto(PHONE)
    carousel = browser_page.locator(".msgr-carousel")

    carousel.focus()
    browser_page.keyboard.press("ArrowRight")

    browser_page.wait_for_function("document.querySelector('.msgr-carousel').scrollLeft > 0")
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_thread_is_cleared_after_a_question(browser_page: Page, receive: Receive) -> None:
    receive(b'{"text":"old"}')
    browser_page.goto(PHONE)

    browser_page.get_by_text("Clear this thread…").click()
    browser_page.get_by_role("button", name="Forget them").click()

    expect(browser_page.get_by_text("1 message was forgotten.")).to_be_visible()
    expect(browser_page.get_by_text("No message has arrived yet")).to_be_visible()


def test_light_and_dark_are_the_readers_choice_and_stay(browser_page: Page, receive: Receive) -> None:
    receive(b'{"text":"hello"}')
    browser_page.goto(PHONE)
    bubble = browser_page.locator(".phone .msgr-bubble")
    before = bubble.evaluate("bubble => getComputedStyle(bubble).backgroundColor")

    browser_page.get_by_role("button", name="Light or dark").click()
    after = bubble.evaluate("bubble => getComputedStyle(bubble).backgroundColor")
    browser_page.reload()

    assert before != after
    assert bubble.evaluate("bubble => getComputedStyle(bubble).backgroundColor") == after


def test_a_lost_connection_is_said_and_mended(browser_page: Page, receive: Receive) -> None:
    browser_page.goto(PHONE)
    browser_page.route("**/sandbox/api/thread**", lambda route: route.abort())
    expect(browser_page.get_by_text("no connection, trying again")).to_be_visible()

    receive(b'{"text":"kept for you"}')
    browser_page.unroute("**/sandbox/api/thread**")

    expect(shown(browser_page)).to_contain_text(["kept for you"])
    expect(browser_page.locator("[data-live]")).to_have_text("live")
