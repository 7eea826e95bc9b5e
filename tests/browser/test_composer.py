"""The composer at work in a browser: rows by keyboard and by drag, a preview that follows, errors that are found."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from notifications.models import Delivery, Notification
from tests.factories import NotificationFactory, OptInFactory
from tests.notifications.admin.composing import ADD, change_url
from tests.support import guide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def cards(page: Page) -> Locator:
    return page.locator("[data-rows=elements] [data-row]")


def titles(page: Page) -> list[str]:
    return [field.input_value() for field in cards(page).locator("[name$=-title]:not([name*=button])").all()]


@pytest.fixture
def carousel(marketing_page: Page) -> Page:
    """The guide's carousel with a third card, open in the composer."""
    body = guide.body("carousel")
    body["attachment"]["payload"]["elements"].append({"title": "Third", "subtitle": "Card"})
    marketing_page.goto(change_url(NotificationFactory(kind="carousel", body=body)))
    return marketing_page


def saved_titles() -> list[str]:
    elements = Notification.objects.get().body["attachment"]["payload"]["elements"]
    return [element["title"] for element in elements]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/notification/")


WHITE, GREY = "Classic White T-Shirt", "Classic Grey T-Shirt"


def test_a_card_moves_by_keyboard_keeps_the_focus_and_is_announced(carousel: Page) -> None:
    up = cards(carousel).nth(2).locator("[data-up]")
    expect(up).to_have_accessible_name("Move Card 3 up")
    up.focus()
    carousel.keyboard.press("Enter")
    expect(carousel.locator("[data-announce]")).to_have_text("Card 3 moved to position 2.")
    assert titles(carousel) == [WHITE, "Third", GREY]
    expect(cards(carousel).nth(1).locator("[data-up]")).to_be_focused()
    carousel.keyboard.press("Space")
    save(carousel)
    assert saved_titles() == ["Third", WHITE, GREY]


def test_a_card_moves_by_drag(carousel: Page) -> None:
    cards(carousel).first.locator("[data-drag]").hover()
    carousel.mouse.down()
    target = cards(carousel).nth(1).bounding_box()
    assert target
    carousel.mouse.move(target["x"] + 20, target["y"] + target["height"] - 5, steps=10)
    carousel.mouse.up()
    expect(carousel.locator("[data-announce]")).to_have_text("Card 1 moved to position 2.")
    save(carousel)
    assert saved_titles() == [GREY, WHITE, "Third"]


def test_a_removed_card_can_be_brought_back(carousel: Page) -> None:
    cards(carousel).nth(1).locator("[data-remove]").click()
    undo = cards(carousel).nth(1).get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(carousel.locator("[data-rows-count]")).to_have_text("2")
    undo.click()
    expect(carousel.locator("[data-rows-count]")).to_have_text("3")
    save(carousel)
    assert saved_titles() == [WHITE, GREY, "Third"]


def test_a_removed_card_is_gone_once_saved(carousel: Page) -> None:
    cards(carousel).first.locator("[data-remove]").click()
    save(carousel)
    assert saved_titles() == [GREY, "Third"]


def test_cards_are_added_up_to_ten_and_then_the_button_says_why(carousel: Page) -> None:
    add = carousel.get_by_role("button", name="Add a card")
    for number in range(4, 11):
        add.click()
        expect(cards(carousel).nth(number - 1).locator("[name$=-title]").first).to_be_focused()
    expect(add).to_be_disabled()
    expect(carousel.get_by_text("A carousel holds 10 cards at most.")).to_be_visible()
    orders = [field.input_value() for field in cards(carousel).locator("[name$=-ORDER]").all()]
    assert orders == [str(number) for number in range(1, 11)]


def test_a_new_card_can_be_filled_in_moved_and_saved(carousel: Page) -> None:
    carousel.get_by_role("button", name="Add a card").click()
    carousel.keyboard.type("Fourth")
    carousel.keyboard.press("Tab")  # what inserts a placeholder into the title
    carousel.keyboard.press("Tab")
    carousel.keyboard.type("Card")
    cards(carousel).nth(3).locator("[data-up]").click()
    save(carousel)
    assert saved_titles() == [WHITE, GREY, "Fourth", "Third"]


def test_enter_in_a_field_saves(carousel: Page) -> None:
    cards(carousel).nth(2).locator("[name$=-title]").first.fill("Renamed")
    carousel.keyboard.press("Enter")
    carousel.wait_for_url("**/notification/")
    assert saved_titles()[2] == "Renamed"


def test_the_preview_follows_what_is_written(marketing_page: Page) -> None:
    marketing_page.goto(f"{ADD}?kind=text")
    preview = marketing_page.locator("[data-preview]")
    expect(preview).to_contain_text("appears here as you write")
    marketing_page.locator("[name=text]").press_sequentially("Back in stock <b>now</b>")
    expect(preview.locator(".msgr-text")).to_have_text("Back in stock <b>now</b>")
    expect(marketing_page.locator("[data-remarks]")).to_contain_text("Ready to be sent.")


def test_the_counter_follows_in_code_points_and_warns_beyond_320(marketing_page: Page) -> None:
    marketing_page.goto(f"{ADD}?kind=text")
    counter = marketing_page.locator("[data-counter=id_text]")
    marketing_page.locator("[name=text]").fill("😀" * 321)
    expect(counter.locator("[data-count]")).to_have_text("321")
    expect(counter).to_have_class(re.compile("composer-long"))
    expect(marketing_page.locator("[data-remarks]")).to_contain_text("this text has 321")


def test_the_last_preview_stays_when_the_server_can_not_be_asked(marketing_page: Page) -> None:
    marketing_page.goto(change_url(NotificationFactory(body={"text": "Before"})))
    marketing_page.route("**/preview/**", lambda route: route.abort())
    marketing_page.locator("[name=text]").fill("After")
    expect(marketing_page.locator("[data-preview-status]")).to_contain_text("could not be refreshed")
    expect(marketing_page.locator("[data-preview]")).to_contain_text("Before")
    marketing_page.unroute("**/preview/**")
    marketing_page.get_by_role("button", name="Try again").click()
    expect(marketing_page.locator("[data-preview]")).to_contain_text("After")


def test_the_phone_is_dark_while_the_screen_is_light(carousel: Page) -> None:
    carousel.get_by_role("button", name="Dark").click()
    expect(carousel.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(carousel.locator(".composer-phone .msgr")).to_have_css("color-scheme", "dark")


def test_the_first_error_has_the_focus_and_the_summary_leads_to_the_others(carousel: Page) -> None:
    cards(carousel).nth(1).locator("[name$=-title]").first.fill("")
    cards(carousel).nth(2).locator("[name$=-image_url]").fill("nowhere")
    carousel.get_by_role("button", name="Save", exact=True).click()
    expect(carousel.locator("[data-errors]")).to_be_visible()
    expect(carousel.locator("#id_elements-1-title")).to_be_focused()
    carousel.locator("[data-errors]").get_by_role("link", name="Card 3: Image address (URL)").click()
    expect(carousel.locator("#id_elements-2-image_url")).to_be_focused()


def test_a_test_is_sent_and_its_state_followed(marketing_page: Page) -> None:
    optin = OptInFactory(customer_id="FR-012345")
    marketing_page.goto(f"{ADD}?kind=text")
    marketing_page.locator("[name=text]").fill("Not saved, yet sent")
    panel = marketing_page.locator("[data-test-panel]")
    panel.get_by_label("customer_id").fill("Nobody")
    panel.get_by_role("button", name="Send a test").click()
    expect(panel.locator("#id_test-customer_id_error")).to_contain_text("active opt-in")
    expect(panel.get_by_label("customer_id")).to_be_focused()
    panel.get_by_label("customer_id").fill(optin.customer_id)
    panel.get_by_role("button", name="Send a test").click()
    expect(panel.locator(".composer-state")).to_have_text("Waiting")
    delivery = Delivery.objects.get()
    assert delivery.content.as_dict() == {"text": "Not saved, yet sent"}
    Delivery.objects.filter(pk=delivery.pk).update(state="sent")
    expect(panel.locator(".composer-state")).to_have_text("Sent")
