"""Shops without reloads: the tag reads the page again when it moves, is drawn anew, or says so."""

import pytest
from playwright.sync_api import expect

from optins.models import TagFinding
from tests.browser.tag.conftest import Shop, Visitor, message_us
from tests.factories import ButtonFactory
from tests.support.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "Send to Messenger"
ONLY_ON_PRODUCTS = {"what": "address", "operator": "contains", "value": "product"}


@pytest.mark.parametrize(
    "move",
    [
        "history.pushState(null, '', 'product')",
        "history.replaceState(null, '', 'product')",
        "location.hash = '#/product'",
        "Navigation.prototype.navigate && navigation.navigate('#product')",
    ],
)
def test_a_page_that_moves_is_judged_again_there_and_back(visitor: Visitor, shop: Shop, move: str) -> None:
    button = message_us(shop.site, ONLY_ON_PRODUCTS)
    visitor.page.goto(shop.page())
    visitor.page.evaluate("history.pushState(null, '', '?start')")
    expect(visitor.page.locator("[data-button]")).to_have_count(0)

    visitor.page.evaluate(f"{{ {move} }}")
    expect(visitor.page.locator(f'[data-button="{button.pk}"]')).to_be_visible()

    visitor.page.evaluate("history.back()" if "replace" not in move else "history.replaceState(null, '', '/other')")
    expect(visitor.page.locator("[data-button]")).to_have_count(0)


def test_custom_data_declared_just_after_the_move_counts(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(""))

    declared = "setTimeout(() => { window.idzCustomData = {extId: 'a'} }, 100)"
    visitor.page.evaluate(f"history.pushState(null, '', 'p'); {declared}")
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    visitor.page.evaluate("window.idzCustomData = {}; messengerAdmin.refresh()")
    expect(visitor.page.get_by_role("button", name=SEND)).to_have_count(0)


def test_a_place_that_is_drawn_later_or_drawn_anew_gets_its_button_once(visitor: Visitor, shop: Shop) -> None:
    message_us(shop.site, placement="fixed", selector="#here")
    visitor.page.goto(shop.page(body="<main></main>"))
    link = visitor.page.get_by_role("link", name="Message us")
    expect(link).to_have_count(0)

    for _ in range(2):
        visitor.page.evaluate(
            "document.querySelector('main').replaceChildren(Object.assign(document.createElement('p'), {id: 'here'}))"
        )
        expect(link).to_have_count(1)
        assert visitor.page.locator("#here messenger-admin-buttons").count() == 1


def test_a_sheet_about_another_customer_goes_with_him(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())
    visitor.page.get_by_role("button", name=SEND).click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()

    visitor.page.evaluate("window.idzCustomData = {extId: 'somebody-else'}; messengerAdmin.refresh()")

    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_a_tag_that_is_there_twice_runs_once_and_the_administrator_is_told(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(head=shop.tag() * 2))

    expect(visitor.page.get_by_role("button", name=SEND)).to_have_count(1)
    wait_for(lambda: TagFinding.objects.filter(site=shop.site, code="tag_twice").exists(), "it is told", seconds=10)
    expect(visitor.page.get_by_role("button", name=SEND)).to_have_count(1)


def test_events_tell_the_shop_what_happened(visitor: Visitor, shop: Shop) -> None:
    button = ButtonFactory(site=shop.site)
    names = "['shown', 'clicked', 'opened', 'failed']"
    listen = f"""window.heard = []; for (const name of {names})
      addEventListener('messengerAdmin:' + name, one => heard.push([name, one.detail.button, one.detail.kind]));"""
    visitor.page.goto(shop.page("window.idzCustomData = {extId: 'a'};" + listen))

    visitor.page.get_by_role("button", name=SEND).click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()

    kind = "send_to_messenger"
    assert visitor.page.evaluate("heard") == [[name, button.pk, kind] for name in ("shown", "clicked", "opened")]
