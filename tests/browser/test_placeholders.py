"""Inserting a customer's data at a browser: by mouse and by keyboard, at the cursor."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import LinkedPageFactory, OptInFactory
from tests.notifications.admin.composing import ADD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def composer(marketing_page: Page) -> Page:
    page = LinkedPageFactory()
    OptInFactory(page=page, customer_id="FR-1", attributes={"first_name": "Zoé", "size": "M"})
    marketing_page.goto(f"{ADD}?kind=text")
    return marketing_page


def test_a_placeholder_is_inserted_at_the_cursor_by_keyboard(composer: Page) -> None:
    text = composer.locator("#id_text")
    text.fill("Hello !")
    text.press("ArrowLeft")
    composer.get_by_role("button", name="Insert a customer’s data: Text").press("Enter")
    expect(composer.get_by_role("button", name="first_name")).to_be_focused()
    composer.get_by_label("If a customer has none, write").fill("dear {customer}|")
    composer.get_by_role("button", name="first_name").press("Enter")
    expect(text).to_have_value("Hello {{ first_name|dear customer }}!")
    expect(text).to_be_focused()
    expect(composer.locator("[data-preview] mark")).to_have_text("dear customer")


def test_a_name_that_is_not_offered_can_be_typed(composer: Page) -> None:
    text = composer.locator("#id_text")
    composer.get_by_role("button", name="Insert a customer’s data: Text").click()
    other = composer.get_by_label("Another name")
    other.fill("First Name")
    other.press("Enter")
    expect(composer.locator("[data-insert-wrong]")).to_be_visible()
    other.fill("order_no")
    other.press("Enter")
    expect(text).to_have_value("{{ order_no }}")


def test_escape_leaves_everything_as_it_was(composer: Page) -> None:
    button = composer.get_by_role("button", name="Insert a customer’s data: Text")
    button.press("Enter")
    composer.keyboard.press("Escape")
    expect(composer.locator("[data-insert-panel]")).to_be_hidden()
    expect(button).to_be_focused()
    expect(composer.locator("#id_text")).to_have_value("")


def test_the_counter_counts_what_would_show(composer: Page) -> None:
    composer.locator("#id_text").fill("Hi {{ first_name|you }}, {{ size }}")
    expect(composer.locator("[data-counter=id_text] [data-count]")).to_have_text(str(len("Hi you, x")))


def test_the_preview_can_be_seen_as_a_customer_would(composer: Page) -> None:
    composer.locator("#id_text").fill("Hi {{ first_name|you }}, {{ size }}")
    composer.get_by_label("As customer").fill("FR-1")
    expect(composer.locator("[data-preview] mark")).to_have_text(["Zoé", "M"])
