"""The admin's frame without a mouse, and on a phone: every control is reached, named, and does what it says."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import NotificationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LIST = "/admin/notifications/notification/"


@pytest.fixture
def listed(marketing_page: Page) -> Page:
    NotificationFactory(name="Spring")
    marketing_page.goto(LIST)
    return marketing_page


def test_the_filters_open_under_the_keys_and_close_where_they_were_opened(listed: Page) -> None:
    button = listed.get_by_role("button", name="Filters", exact=True)
    button.press("Enter")
    expect(listed.locator("#changelist-filter :focus")).to_have_count(1)
    listed.keyboard.press("Escape")
    expect(listed.locator("#changelist-filter")).to_be_hidden()
    expect(button).to_be_focused()


def test_the_persons_menu_opens_by_key_and_changes_the_colours(listed: Page) -> None:
    listed.locator("[aria-controls=user-links]").press("Enter")
    listed.get_by_role("button", name="Dark", exact=True).press("Enter")
    assert "dark" in str(listed.locator("html").get_attribute("class"))


@pytest.mark.parametrize(("role", "name"), [("link", "Notifications"), ("button", "Search"), ("button", "Menu")])
def test_a_control_is_named_by_its_words_and_not_by_its_icon(listed: Page, role: str, name: str) -> None:
    names = listed.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # one of playwright's roles
    expect(names.first).to_be_visible()


def test_on_a_phone_the_sidebar_opens_and_closes_and_nothing_is_wider_than_the_screen(listed: Page) -> None:
    listed.set_viewport_size({"width": 390, "height": 844})
    listed.get_by_role("button", name="Menu", exact=True).click()
    campaigns = listed.get_by_role("link", name="Campaigns", exact=True)
    expect(campaigns).to_be_visible()
    listed.get_by_role("button", name="Close the menu", exact=True).click()
    expect(campaigns).to_be_hidden()
    assert listed.evaluate("document.documentElement.scrollWidth <= innerWidth")
