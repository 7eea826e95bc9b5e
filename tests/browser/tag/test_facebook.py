"""Facebook's own plugin, where a shop chose it: after consent, beside whatever Facebook tag the shop has.

Facebook's SDK alone is a stand-in, answered in its stead by the browser; all that is ours is real.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from optins import codes
from optins.models import Invitation, TagFinding
from tests.browser.tag.conftest import Shop, Visitor, message_us
from tests.browser.tag.shops import DATA
from tests.factories import ButtonFactory
from tests.support.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "Send to Messenger"
AGREED = "messengerAdmin.consent(true)"
SDK = "https://connect.facebook.net/{locale}/sdk.js"
# As Facebook's does: it counts itself, says when it is there, and draws a frame into each element that it knows.
STAND_IN = """
window.loaded = (window.loaded || 0) + 1;
window.FB = {
  init: (facts) => { (window.inits = window.inits || []).push(facts) },
  XFBML: {parse: (root) => {
    for (const one of root.querySelectorAll('.fb-send-to-messenger, .fb-messengermessageus')) {
      const frame = document.createElement('iframe');
      frame.style.height = '%dpx';
      one.append(frame);
    }
  }},
};
if (window.fbAsyncInit) window.fbAsyncInit();
"""
# The shop's policy has to let Facebook's script in.
OPEN = {"Content-Security-Policy": "object-src 'none'"}
PAGES_OWN = "window.fbAsyncInit = () => { window.own = (window.own || 0) + 1; FB.init({appId: 'the-shops'}) };"


def facebook_answers(visitor: Visitor, *, height: int = 40) -> list[str]:
    """The addresses at which the SDK was asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        cors = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(content_type="text/javascript", body=STAND_IN % height, headers=cors)

    visitor.page.route("https://connect.facebook.net/**", answer)
    return asked


def forgive_facebook(visitor: Visitor) -> None:
    """Here it is asked for, as the shop chose."""
    visitor.requests = [one for one in visitor.requests if "connect.facebook.net" not in one.url]


def drawn(visitor: Visitor) -> Any:
    return visitor.page.locator(".fb-send-to-messenger, .fb-messengermessageus")


def found_on(shop: Shop) -> dict[str, str]:
    return dict(TagFinding.objects.filter(site=shop.site).values_list("code", "detail"))


def test_nothing_of_facebooks_is_asked_for_before_consent(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    asked = facebook_answers(visitor)
    visitor.page.goto(shop.page(headers=OPEN))

    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    visitor.page.wait_for_timeout(500)

    assert asked == []
    assert not Invitation.objects.filter(site=shop.site).exists()


def test_a_site_that_did_not_choose_it_never_gets_it(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    asked = facebook_answers(visitor)
    visitor.page.goto(shop.page(headers=OPEN))
    visitor.page.evaluate(AGREED)
    visitor.page.wait_for_timeout(500)

    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    assert asked == []


@pytest.mark.parametrize(
    ("html", "locale"), [('lang="fr-CA"', "fr_FR"), ('lang="en"', "en_US"), ('lang="ar" dir="rtl"', "ar_AR")]
)
def test_after_consent_one_sdk_comes_in_the_pages_language_and_draws(
    visitor: Visitor, shop: Shop, html: str, locale: str
) -> None:
    button = ButtonFactory(site=shop.site, legacy=True, size="xlarge", colour="white")
    message_us(shop.site, legacy=True, corner="bottom-start")
    asked = facebook_answers(visitor)
    visitor.page.goto(shop.page(html=html, headers=OPEN))
    visitor.page.evaluate(AGREED)

    expect(drawn(visitor).locator("iframe")).to_have_count(2)
    expect(visitor.page.locator(".mb")).to_have_count(0)  # the plugin stands where ours stood
    assert asked == [SDK.format(locale=locale)]
    (init,) = visitor.page.evaluate("inits")
    assert init["appId"] == "77001"
    one = visitor.page.locator(".fb-send-to-messenger")
    facts = {name: one.get_attribute(name) for name in ("messenger_app_id", "page_id", "color", "size")}
    page = shop.site.links.get().page
    assert facts == {"messenger_app_id": "77001", "page_id": page.page_id, "color": "white", "size": "xlarge"}
    ref = one.get_attribute("data-ref") or ""
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,250}", ref)
    assert Invitation.objects.get(site=shop.site, button=button).token_sha256 == codes.digest(ref)
    assert "facebook_sdk" not in found_on(shop)  # it is ours, and nothing to look at
    forgive_facebook(visitor)


@pytest.mark.parametrize("where", ["before us", "after us", "by the loader that Facebook gave out"])
def test_the_pages_own_sdk_rules_and_there_is_never_a_second(visitor: Visitor, shop: Shop, where: str) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    asked = facebook_answers(visitor)
    address = SDK.format(locale="de_DE")
    script = f'<script async crossorigin="anonymous" src="{address}"></script>'
    loader = f"""addEventListener('DOMContentLoaded', () => {{
      if (document.getElementById('facebook-jssdk')) return;
      const js = document.createElement('script'); js.id = 'facebook-jssdk'; js.src = '{address}';
      document.head.append(js);
    }});"""
    heads = {"before us": script + shop.tag(), "after us": shop.tag() + script}
    agreed = "window.messengerAdmin = {consented: true};"
    data = DATA + PAGES_OWN + agreed + (loader if where not in heads else "")
    visitor.page.goto(shop.page(data, head=heads.get(where), html='lang="fr"', headers=OPEN))

    expect(drawn(visitor).locator("iframe")).to_have_count(1)
    assert asked == [address]
    assert visitor.page.evaluate("[own, inits]") == [1, [{"appId": "the-shops"}]]
    wait_for(
        lambda: found_on(shop).get("facebook_sdk") == "de_DE", "the administrator is told of its locale", seconds=10
    )
    forgive_facebook(visitor)


def test_a_page_that_only_waits_for_an_sdk_is_called_when_ours_is_there(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    asked = facebook_answers(visitor)
    visitor.page.goto(shop.page(DATA + PAGES_OWN, headers=OPEN))
    visitor.page.evaluate(AGREED)

    expect(drawn(visitor).locator("iframe")).to_have_count(1)
    assert len(asked) == 1
    assert visitor.page.evaluate("[own, inits]") == [1, [{"appId": "the-shops"}]]
    forgive_facebook(visitor)


def test_consent_taken_back_brings_our_own_button(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    facebook_answers(visitor)
    visitor.page.goto(shop.page(headers=OPEN))
    visitor.page.evaluate(AGREED)
    expect(drawn(visitor).locator("iframe")).to_have_count(1)

    visitor.page.evaluate("messengerAdmin.consent(false)")

    expect(drawn(visitor)).to_have_count(0)
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    forgive_facebook(visitor)


def test_another_customer_gets_another_token(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    facebook_answers(visitor)
    visitor.page.goto(shop.page(headers=OPEN))
    visitor.page.evaluate(AGREED)
    expect(drawn(visitor).locator("iframe")).to_have_count(1)
    first = drawn(visitor).get_attribute("data-ref")

    visitor.page.evaluate("window.idzCustomData = {extId: 'somebody-else'}; messengerAdmin.refresh()")

    expect(drawn(visitor)).not_to_have_attribute("data-ref", first or "")
    customers = Invitation.objects.filter(site=shop.site).order_by("pk").values_list("customer_id", flat=True)
    assert list(customers) == ["order-1", "somebody-else"]
    forgive_facebook(visitor)


def test_a_plugin_that_draws_nothing_leaves_our_button_and_is_told(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    facebook_answers(visitor, height=0)
    visitor.page.goto(shop.page(headers=OPEN))
    visitor.page.evaluate(AGREED)

    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    wait_for(lambda: "facebook_plugin_absent" in found_on(shop), "the administrator is told", seconds=12)
    expect(drawn(visitor)).to_have_count(0)
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    forgive_facebook(visitor)


def test_an_sdk_that_does_not_load_leaves_our_button_and_is_told(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site, legacy=True)
    visitor.page.route("https://connect.facebook.net/**", lambda route: route.abort())
    visitor.page.goto(shop.page(headers=OPEN))
    with visitor.page.expect_event("requestfailed"):
        visitor.page.evaluate(AGREED)

    wait_for(lambda: "facebook_sdk_absent" in found_on(shop), "the administrator is told", seconds=12)
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    forgive_facebook(visitor)
