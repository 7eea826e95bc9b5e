"""The phone of a person in the sandbox: writes, taps, reacts, begins and blocks, by mouse and by keyboard."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from messenger_admin.sandbox import messages
from messenger_admin.sandbox.facebook import profiles, subscriptions
from messenger_admin.sandbox.facebook.cast import play
from messenger_admin.sandbox.messages import Received
from messenger_admin.sandbox.messenger import outbox, people
from messenger_admin.sandbox.store import opened
from tests.support.messenger_sandbox import EVERYTHING, PAGE_ID

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PSID = people.psid_of("claire", PAGE_ID)
PHONE = f"/sandbox/phone/?page_id={PAGE_ID}&customer_id={PSID}"
Receive = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    with opened(settings.SANDBOX_STORE) as connection:
        play(connection)
        subscriptions.subscribe(connection, PAGE_ID, EVERYTHING)
        people.met(connection, "claire", PAGE_ID, now=time.time())
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def receive(store: Path) -> Receive:
    """What the page sends arrives on Claire's phone."""

    def put(mid: str = "m_1", **message: Any) -> None:
        body = json.dumps({"recipient": {"id": PSID}, "message": message}).encode()
        known: dict[str, Any] = {"page_id": PAGE_ID, "customer_id": PSID, "received_at": time.time(), "status": 200}
        with opened(store) as connection:
            messages.insert(connection, [Received(message_id=mid, body=body, delivered=True, **known)])

    return put


def told(store: Path) -> list[tuple[str, Any]]:
    with opened(store) as connection:
        return [(entry.field, entry.json) for entry in outbox.newest(connection)[::-1]]


def test_somebody_arrives_by_a_link_begins_and_writes(browser_page: Page, store: Path) -> None:
    with opened(store) as connection:
        profiles.write(connection, PAGE_ID, {"get_started": {"payload": "GO"}})
    browser_page.goto(f"/sandbox/m.me/{PAGE_ID}?ref=t_1")
    browser_page.get_by_role("button", name="John Smith").click()

    expect(browser_page.get_by_role("textbox", name="Message")).to_be_hidden()
    browser_page.get_by_role("button", name="Get started").click()
    box = browser_page.get_by_role("textbox", name="Message")
    expect(box).to_have_js_property("clientHeight", 36)
    box.fill("Bonjour")
    box.press("Enter")

    expect(browser_page.locator(".message.mine")).to_contain_text(["Get Started", "Bonjour"])
    expect(box).to_have_value("")
    begun, written = told(store)
    assert begun[1]["postback"]["referral"]["ref"] == "t_1"
    assert written[1]["message"]["text"] == "Bonjour"


def test_a_button_and_a_quick_reply_are_tapped(browser_page: Page, store: Path, receive: Receive) -> None:
    button = {"type": "postback", "title": "Aide", "payload": "HELP"}
    payload = {"template_type": "button", "text": "Voilà", "buttons": [button]}
    receive(attachment={"type": "template", "payload": payload})
    receive("m_2", text="Encore ?", quick_replies=[{"content_type": "text", "title": "Oui", "payload": "YES"}])
    browser_page.goto(PHONE)

    browser_page.get_by_role("button", name="Oui", exact=True).press("Enter")
    expect(browser_page.locator(".message.mine")).to_have_count(1)
    expect(browser_page.get_by_role("button", name="Oui", exact=True)).to_be_hidden()
    browser_page.get_by_role("button", name="Aide").click()

    expect(browser_page.locator(".message.mine")).to_contain_text(["Oui", "Aide"])
    events = dict(told(store))
    assert events["messages"]["message"]["quick_reply"] == {"payload": "YES"}
    assert events["messaging_postbacks"]["postback"]["payload"] == "HELP"


def test_looking_reads_and_reads_nothing_where_that_is_off(browser_page: Page, store: Path, receive: Receive) -> None:
    browser_page.goto(PHONE)
    browser_page.get_by_label("Tells the page when it reads").uncheck()
    receive(text="unread")
    expect(browser_page.locator(".message")).to_contain_text(["unread"])
    browser_page.wait_for_timeout(500)
    assert told(store) == []

    browser_page.get_by_label("Tells the page when it reads").check()
    receive("m_2", text="read")
    expect(browser_page.locator(".message")).to_contain_text(["unread", "read"])
    browser_page.wait_for_timeout(1_000)

    assert [field for field, _event in told(store)] == ["message_reads"]


def test_a_reaction_stands_on_the_message(browser_page: Page, store: Path, receive: Receive) -> None:
    receive(text="Merci !")
    browser_page.goto(PHONE)

    browser_page.locator(".message").hover()
    browser_page.locator(".react summary").click()
    browser_page.get_by_role("button", name="❤").click()
    expect(browser_page.locator("[data-reaction]")).to_have_text("❤")

    browser_page.locator(".react summary").press("Enter")
    browser_page.get_by_role("button", name="Take the reaction back").press("Enter")
    expect(browser_page.locator("[data-reaction]")).to_be_hidden()
    assert [event["reaction"]["action"] for field, event in told(store) if "reactions" in field] == ["react", "unreact"]


def test_a_picture_is_sent(browser_page: Page, store: Path) -> None:
    browser_page.goto(PHONE)

    browser_page.get_by_label("Send a picture").click()
    browser_page.get_by_role("button", name="A pair of shoes").click()

    expect(browser_page.locator(".message.mine img")).to_be_visible()
    (attachment,) = told(store)[0][1]["message"]["attachments"]
    assert attachment["payload"]["url"].endswith(".svg")


def test_blocking_takes_the_composer_away_until_it_is_undone(browser_page: Page, store: Path) -> None:
    browser_page.goto(PHONE)

    # Clicked and not checked: an answer that was on its way may undo the tick for a moment.
    browser_page.get_by_label("Blocked this page").click()
    expect(browser_page.get_by_label("Blocked this page")).to_be_checked()
    expect(browser_page.get_by_role("textbox", name="Message")).to_be_hidden()
    expect(browser_page.get_by_text("You blocked this page.", exact=True)).to_be_visible()

    browser_page.get_by_role("button", name="Unblock").click()
    expect(browser_page.get_by_role("textbox", name="Message")).to_be_visible()
    expect(browser_page.get_by_label("Blocked this page")).not_to_be_checked()
    assert told(store) == []


def test_what_is_refused_is_said(browser_page: Page, store: Path) -> None:
    browser_page.goto(PHONE)
    box = browser_page.get_by_role("textbox", name="Message")
    box.fill("Hello?")
    # The phone does not hear of it: it would take the composer away.
    browser_page.route("**/sandbox/api/thread*", lambda route: route.abort())
    with opened(store) as connection:
        people.block(connection, PSID, time.time())

    box.press("Enter")

    expect(browser_page.get_by_role("alert")).to_contain_text("blocked the page")
    with opened(store) as connection:
        people.block(connection, PSID, None)
