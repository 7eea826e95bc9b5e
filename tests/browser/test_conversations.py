"""The inbox in a browser: new messages come by themselves, hands stay on the keyboard, what is typed is never lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from messenger_admin.roles import SUPPORT
from notifications.models import Delivery
from notifications.states import DeliveryState
from pages.models import Thread
from tests.browser.conftest import log_in
from tests.factories import ConnectedPageFactory
from tests.notifications.admin.conversations.now import got, url, wrote
from tests.pages.conversations.events import Person
from tests.people import client_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
URL = "/admin/pages/thread/"


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


@pytest.fixture
def inbox(browser_page: Page, support: Client) -> Page:
    log_in(browser_page, support)
    return browser_page


@pytest.fixture
def claire() -> Person:
    return Person(ConnectedPageFactory(name="Boutique Exemple"))


@pytest.fixture
def thread(claire: Person) -> Thread:
    found = wrote(claire, "Où est mon colis ?")
    Thread.objects.update(name="Claire Martin")
    wrote(Person(claire.page, "7099"), "Bonsoir", hours_ago=1)
    return found


def test_what_comes_is_shown_counted_and_read_while_somebody_looks(inbox: Page, thread: Thread, claire: Person) -> None:
    inbox.goto(url(thread))
    log = inbox.get_by_role("log")
    expect(log).to_contain_text("Où est mon colis ?")
    wrote(claire, "Vous êtes là ?", hours_ago=0)

    expect(log).to_contain_text("Vous êtes là ?")
    expect(inbox.locator("[data-row][aria-current] .talk-excerpt")).to_have_text("Vous êtes là ?")
    expect(inbox.locator("[data-row][aria-current] .talk-count")).to_have_count(0)
    thread.refresh_from_db()
    assert thread.unread == 0


def test_an_answer_goes_by_keyboard_and_shows_how_far_it_came(inbox: Page, thread: Thread) -> None:
    inbox.goto(url(thread))
    inbox.keyboard.press("r")
    inbox.keyboard.type("Il part demain.")
    inbox.keyboard.press("Control+Enter")

    last = inbox.locator(".talk-said").last
    expect(last).to_contain_text("Il part demain.")
    expect(last).to_contain_text("waiting")
    expect(inbox.get_by_label("Your answer")).to_have_value("")
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now())
    expect(last).to_contain_text("sent")


def test_a_draft_outlives_the_page_and_a_refusal(inbox: Page, thread: Thread) -> None:
    inbox.goto(url(thread))
    field = inbox.get_by_label("Your answer")
    field.fill("Je vous ré")
    inbox.goto(URL)
    inbox.goto(url(thread))
    expect(field).to_have_value("Je vous ré")

    Thread.objects.update(blocked_at=timezone.now())
    inbox.get_by_role("button", name="Send", exact=True).click()
    expect(inbox.get_by_role("alert")).to_be_visible()
    expect(field).to_have_value("Je vous ré")
    assert not Delivery.objects.exists()


def test_a_window_that_closes_meanwhile_shuts_the_form_and_keeps_the_words(inbox: Page, thread: Thread) -> None:
    inbox.goto(url(thread))
    inbox.get_by_label("Your answer").fill("Encore un mot")
    Thread.objects.update(acted_at=timezone.now() - timedelta(hours=25))

    expect(inbox.get_by_text("window is closed")).to_be_visible()
    expect(inbox.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    expect(inbox.get_by_label("Your answer")).to_have_value("Encore un mot")


def test_the_list_is_walked_and_searched_by_keys(inbox: Page, thread: Thread) -> None:
    inbox.goto(URL)
    for key in ("j", "j", "Enter"):
        inbox.keyboard.press(key)
    expect(inbox.get_by_role("heading", name="Customer …7099", level=2)).to_be_visible()
    inbox.keyboard.press("/")
    inbox.keyboard.type("colis")
    inbox.keyboard.press("Enter")
    expect(inbox.locator("[data-row]")).to_have_count(1)
    expect(inbox.locator("[data-row]")).to_contain_text("Claire Martin")


def test_older_messages_come_as_one_scrolls_up(inbox: Page, claire: Person) -> None:
    for number in range(100):
        thread = wrote(claire, f"n{number}!", hours_ago=9 - number / 20)
    got(claire, "Voici", hours_ago=0)
    inbox.goto(url(thread))
    log = inbox.get_by_role("log")
    expect(log.locator(".talk-said")).to_have_count(40)
    for count in (80, 101):
        log.evaluate("log => { log.scrollTop = 0; }")
        expect(log.locator(".talk-said")).to_have_count(count)
    said = log.locator(".talk-said .msgr").all_inner_texts()
    assert said == [f"n{number}!" for number in range(100)] + ["Voici"]
    assert log.locator(".talk-day").count() <= 2
