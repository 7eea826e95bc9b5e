"""The API's documentation in a browser: drawn by this host's own scripts, and good for trying a call."""

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Delivery
from tests.factories import OptInFactory
from tests.support.api import secret_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "#operations-Messages-send_message"


def test_a_call_can_be_tried_with_a_token(browser_page: Page) -> None:
    optin = OptInFactory(customer_id="a/b c", page__page_id="322837607840703")
    browser_page.goto("/documentation/")
    browser_page.get_by_role("button", name="Authorize").click()
    browser_page.get_by_label("auth-bearer-value").fill(secret_for(optin.page))
    browser_page.locator(".auth-container", has_text="BearerToken").get_by_role("button", name="Apply").click()
    browser_page.get_by_role("button", name="Close").first.click()
    call = browser_page.locator(SEND)
    call.locator(".opblock-summary-control").click()
    call.get_by_placeholder("customer_id").fill("a/b c")
    call.get_by_placeholder("Idempotency-Key").fill("once")
    call.get_by_role("button", name="Execute").click()

    expect(call.locator(".live-responses-table tbody .response-col_status").first).to_have_text("202")
    assert Delivery.objects.get().optin == optin


def test_it_fits_a_phone(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto("/documentation/")
    browser_page.locator(SEND).locator(".opblock-summary-control").click()
    expect(browser_page.locator(SEND).get_by_role("button", name="Execute")).to_be_visible()

    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390
