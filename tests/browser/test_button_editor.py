"""The editor of buttons at work in a browser: six looks that follow, rules by keyboard, the dry run, the switch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from messenger_admin.roles import ADMINISTRATORS
from pages.models import Button, Site
from tests.browser.conftest import log_in
from tests.factories import ButtonFactory, ConnectedPageFactory
from tests.pages.admin.buttons.editing import LIST, add_url, change_url
from tests.people import client_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def site() -> Site:
    made: Site = ConnectedPageFactory().site
    made.custom_data = [{"name": "cart_amount", "type": "number"}]
    made.privacy_url = "https://shop.example/privacy"
    made.save()
    return made


@pytest.fixture
def editor(browser_page: Page) -> Page:
    log_in(browser_page, client_as(ADMINISTRATORS))
    return browser_page


def rules(page: Page) -> Locator:
    return page.locator('[data-row="rule"]')


def conditions(rule: Locator) -> Locator:
    return rule.locator('[data-row="condition"]')


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIST}")


def compare(condition: Locator, what: str, operator: str, value: str) -> None:
    condition.get_by_label("What").select_option(label=what)
    condition.get_by_label("Comparison").select_option(label=operator)
    condition.get_by_label("Value").fill(value)


def test_a_button_is_built_tried_and_switched_off(editor: Page, site: Site) -> None:
    editor.goto(add_url(site))
    editor.locator("#id_name").fill("Alert")
    # All six looks, and the preview, say what is written.
    editor.locator("#id_label_en").fill("Tell me")
    expect(editor.locator(".be-look .mb-label")).to_have_text(["Tell me"] * 6)
    editor.get_by_role("radio", name="XLarge, White on blue").check()
    expect(editor.locator("[data-button]")).to_have_class("mb mb-white mb-xlarge")
    expect(editor.locator("[data-window] [data-shown-label]")).to_have_text("Tell me")

    editor.get_by_role("button", name="Add a rule").click()
    first = rules(editor).nth(0)
    expect(conditions(first).nth(0).get_by_label("What")).to_be_focused()
    compare(conditions(first).nth(0), "Address of the page", "contains", "/p/")
    first.get_by_role("button", name="Add a condition").click()
    conditions(first).nth(1).get_by_label("What").select_option(label="Device")
    expect(conditions(first).nth(1).get_by_label("Value")).to_be_hidden()
    conditions(first).nth(1).get_by_label("Telephone").check()
    first.get_by_label("Name of the rule").fill("Products on the phone")
    editor.get_by_role("button", name="Add a rule").click()
    compare(conditions(rules(editor).nth(1)).nth(0), "cart_amount", "is at least", "80")
    save(editor)

    button = Button.objects.get()
    assert (button.size, button.colour, button.labels) == ("xlarge", "white", {"en": "Tell me"})
    assert [(rule.name, len(rule.conditions)) for rule in button.rules.all()] == [
        ("Products on the phone", 2),
        ("Rule 2", 1),
    ]

    # By keyboard: the address, and Enter asks.
    editor.goto(change_url(button))
    editor.get_by_role("link", name="Dry run").click()
    editor.get_by_label("Address of the page").fill("https://shop.example/p/1")
    editor.get_by_label("customer_id").fill("FR-1")
    editor.keyboard.press("Enter")
    expect(editor.locator("#result")).to_contain_text("does not appear")
    expect(editor.locator("#result")).to_contain_text("says no: Device: Telephone")
    expect(editor.locator("#result")).to_contain_text("says no: cart_amount is at least 80")
    expect(editor.get_by_label("Address of the page")).to_have_value("https://shop.example/p/1")
    editor.get_by_label("cart_amount").fill("99,90")
    editor.get_by_label("Device").select_option(label="Telephone")
    editor.get_by_role("button", name="Which buttons would appear?").click()
    expect(editor.locator("#result .mb-label")).to_have_text("Tell me")

    editor.goto(LIST)
    switch = editor.get_by_role("switch", name="Show “Alert” on the shop’s pages")
    expect(switch).to_be_checked()
    switch.focus()
    editor.keyboard.press("Space")
    expect(editor.get_by_text("“Alert” is switched off.")).to_be_visible()
    expect(switch).not_to_be_checked()
    button.refresh_from_db()
    assert not button.enabled


def test_each_look_has_its_own_size_and_colour(editor: Page, site: Site) -> None:
    editor.goto(add_url(site))
    looks = editor.locator(".be-look .mb")
    heights = [look.evaluate("one => one.offsetHeight") for look in looks.all()]
    grounds = [look.evaluate("one => getComputedStyle(one).backgroundColor") for look in looks.all()]
    assert heights == [32, 32, 44, 44, 56, 56]
    assert grounds == ["rgb(255, 255, 255)", "rgb(8, 102, 255)"] * 3


def test_the_preview_speaks_the_visitor_s_language_and_stands_in_the_corner(editor: Page, site: Site) -> None:
    editor.goto(add_url(site))
    shown = editor.locator("[data-window]")
    editor.get_by_role("button", name="French", exact=True).click()
    expect(shown).to_contain_text("Envoyer sur Messenger")
    expect(shown).to_contain_text("Pour arrêter, répondez-y STOP")
    editor.get_by_text("Message Us: the visitor opens a conversation").click()
    expect(shown).to_contain_text("Écrivez-nous")
    expect(shown).not_to_contain_text("STOP")
    expect(editor.locator("#id_wording_fr")).to_be_hidden()
    editor.get_by_label("Corner of the window", exact=True).select_option("top-start")
    expect(editor.locator("[data-place]")).to_have_class("mb-place mb-floating mb-top-start")
    editor.get_by_text("Fixed: inside an element of the page").click()
    expect(editor.locator("[data-place]")).to_have_class("mb-place")
    expect(editor.get_by_label("Corner of the window", exact=True)).to_be_hidden()


def test_a_selector_is_tried_while_it_is_written(editor: Page, site: Site) -> None:
    editor.goto(add_url(site))
    editor.get_by_text("Fixed: inside an element of the page").click()
    selector, trouble = editor.get_by_label("CSS selector"), editor.locator("[data-trouble]")
    selector.fill("a:no-such-thing")
    expect(trouble).to_contain_text("Browsers can’t read this selector")
    selector.fill("#alert-me")
    expect(trouble).to_be_empty()


def test_rules_move_go_and_come_back_and_keep_the_focus(editor: Page, site: Site) -> None:
    button = ButtonFactory(site=site, wordings={"en": "Agree"})
    editor.goto(change_url(button))
    for number, name in enumerate(("One", "Two", "Three")):
        editor.get_by_role("button", name="Add a rule").click()
        row = rules(editor).nth(number)
        row.get_by_label("Name of the rule").fill(name)
        compare(conditions(row).nth(0), "Pages seen", "is at least", str(number))
    said = editor.locator("[data-announce]")
    editor.get_by_role("button", name="Move Three up").focus()
    editor.keyboard.press("Enter")
    expect(said).to_have_text("Three moved to position 2.")
    expect(editor.get_by_role("button", name="Move Three up")).to_be_focused()
    editor.get_by_role("button", name="Remove One").click()
    expect(editor.get_by_role("button", name="Undo")).to_be_focused()
    editor.keyboard.press("Enter")
    expect(said).to_have_text("One is back.")
    editor.get_by_role("button", name="Remove Two").click()
    save(editor)
    assert [rule.name for rule in button.rules.all()] == ["One", "Three"]


def test_what_is_wrong_is_reached_from_the_summary(editor: Page, site: Site) -> None:
    editor.goto(add_url(site))
    editor.get_by_role("button", name="Add a rule").click()
    conditions(rules(editor).first).first.get_by_label("What").select_option(label="Device")
    editor.locator("#id_label_en").fill("Kept")
    editor.get_by_role("button", name="Save", exact=True).click()
    summary = editor.get_by_role("alert")
    expect(summary).to_contain_text("The button was not saved.")
    expect(summary).to_contain_text("Choose at least one device.")
    expect(editor.locator("#id_label_en")).to_have_value("Kept")
    expect(conditions(rules(editor).first).first.get_by_label("Telephone")).to_be_visible()
    assert not Button.objects.exists()


@pytest.mark.parametrize("path", ["editor", "dry run", "list"])
def test_it_fits_a_phone(editor: Page, site: Site, path: str) -> None:
    button = ButtonFactory(site=site, wordings={"en": "Agree"}, labels={"en": "A label as long as labels may be, 40"})
    editor.set_viewport_size({"width": 390, "height": 844})
    editor.goto({"editor": change_url(button), "dry run": f"{LIST}dry-run/?site={site.pk}", "list": LIST}[path])
    assert editor.evaluate("document.documentElement.scrollWidth") <= 390
