"""From a click to Messenger: one token, a tab that knows nothing of the shop, and a way on where no tab may open."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from optins.models import Invitation
from tests.browser.tag.conftest import Shop, Visitor, box_of, message_us, new_site
from tests.browser.tag.shops import Shops
from tests.factories import ButtonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "Send to Messenger"
CODE = "messenger-admin-sheet .code"


def test_a_click_opens_messenger_in_a_tab_of_its_own_and_shows_the_code(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    page = shop.page(headers={"Referrer-Policy": "unsafe-url"})
    visitor.page.goto(f"{page}basket?step=2#pay")

    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("button", name=SEND).click()
    tab = opened.value
    tab.wait_for_url(re.compile("/m.me/[0-9]+[?]ref="))

    expect(visitor.page.locator(CODE)).to_have_text(re.compile("^[A-Z0-9]{6}$"))
    assert tab.evaluate("window.opener") is None
    assert "order-1" not in tab.url
    invitation = Invitation.objects.get(site=shop.site)
    assert (invitation.customer_id, invitation.address) == ("order-1", f"{page}basket?step=2")
    (asked,) = [request for request in visitor.requests if request.url.endswith("/optin")]
    assert not asked.headers.get("referer")
    assert json.loads(asked.post_data or "")["address"] == f"{page}basket?step=2"


def test_two_quick_clicks_make_one_token(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())

    visitor.page.get_by_role("button", name=SEND).evaluate("one => { one.click(); one.click() }")

    expect(visitor.page.locator(CODE)).to_be_visible()
    visitor.page.wait_for_timeout(300)
    assert Invitation.objects.filter(site=shop.site).count() == 1
    assert len(visitor.asked("/optin")) == 1


@pytest.mark.parametrize("blocked", ["window.open = () => null;", "window.open = () => { throw new Error('no') };"])
def test_where_no_tab_may_open_a_link_stands_in_the_page(visitor: Visitor, shop: Shop, blocked: str) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page())
    visitor.page.evaluate(f"() => {{ {blocked} }}")

    visitor.page.get_by_role("button", name=SEND).click()

    link = visitor.page.get_by_role("link", name="Open Messenger")
    expect(link).to_have_attribute("href", re.compile("ref="))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert len(visitor.context.pages) == 1


def test_two_sites_on_one_page_stand_one_above_the_other(visitor: Visitor, shop: Shop, shops: Shops) -> None:
    other = new_site(shops)
    message_us(shop.site)
    message_us(other, labels={"en": "Ask the other shop"})
    visitor.page.goto(shop.page(head=shop.tag() + shop.tag(other.sid)))

    one = visitor.page.get_by_role("link", name="Message us")
    two = visitor.page.get_by_role("link", name="Ask the other shop")
    expect(one).to_be_visible()
    expect(two).to_be_visible()
    upper, lower = sorted((box_of(one), box_of(two)), key=lambda box: box["y"])
    assert upper["y"] + upper["height"] <= lower["y"]


@pytest.mark.parametrize(
    ("html", "locale", "label"),
    [
        ('lang="fr"', "en-GB", "Envoyer sur Messenger"),
        ('lang="fr-CA"', "en-GB", "Envoyer sur Messenger"),
        ("", "fr-FR", "Envoyer sur Messenger"),
        ('lang="en"', "fr-FR", "Send to Messenger"),
        ('lang="ja"', "de-DE", "Send to Messenger"),
    ],
)
def test_the_pages_language_picks_the_label_then_the_visitors(
    visits: Callable[..., Visitor], shop: Shop, html: str, locale: str, label: str
) -> None:
    ButtonFactory(site=shop.site)
    visitor = visits(locale=locale)
    visitor.page.goto(shop.page(html=html))

    visitor.page.get_by_role("button", name=label).click()

    expect(visitor.page.locator(CODE)).to_be_visible()
    heading = "La suite est dans Messenger" if label.startswith("Envoyer") else "Go on in Messenger"
    expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible()
    assert Invitation.objects.get(site=shop.site).look["label"] == label


def test_nothing_is_kept_and_no_host_but_ours_is_asked(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    visitor.page.goto(shop.page())
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    visitor.page.wait_for_timeout(500)

    kept = "[document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    assert visitor.page.evaluate(f"async () => {kept}") == ["", 0, 0, 0]
    assert {request.url.split("/")[2] for request in visitor.requests} == {shop.host[7:], shop.shops.origin[7:]}
