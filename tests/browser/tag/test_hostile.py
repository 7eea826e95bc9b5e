"""Pages that replaced what scripts rely on, or whose styles hide everything: the button stands, and a click works."""

import pytest
from playwright.sync_api import expect

from optins.models import Invitation
from tests.browser.tag.conftest import Shop, Visitor
from tests.browser.tag.shops import DATA
from tests.factories import ButtonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTHING = "function () { throw new Error('the page replaced this') }"
HOSTILE = {
    "a member on every object": "Object.prototype.extra = 1; Object.prototype.get = () => 1;",
    "a setter on every object": "Object.defineProperty(Object.prototype, 'value', {set() {}, get() { return 'x' }});",
    "JSON": "window.JSON = {};",
    "JSON.stringify": f"JSON.stringify = {NOTHING};",
    "JSON.parse": f"JSON.parse = {NOTHING};",
    "toJSON, as an old library does": "Array.prototype.toJSON = String.prototype.toJSON = function () { return 'x' };",
    "the methods of arrays": "for (const name of ['map', 'some', 'find', 'filter', 'forEach', 'join', 'concat'])"
    f" Array.prototype[name] = {NOTHING};",
    "iteration": f"Array.prototype[Symbol.iterator] = {NOTHING};",
    "Map and Set": f"Map.prototype.get = Map.prototype.set = Set.prototype.add = Set.prototype.has = {NOTHING};",
    "texts": "String.prototype.normalize = String.prototype.trim = RegExp.prototype.exec = RegExp.prototype.test ="
    f" {NOTHING};",
    "Object": f"Object.keys = Object.entries = Object.create = {NOTHING};",
    "hasOwnProperty": f"Object.prototype.hasOwnProperty = {NOTHING};",
    "fetch": f"window.fetch = {NOTHING};",
    "Promise": "window.Promise = function () {};",
    "then": f"Promise.prototype.then = {NOTHING};",
    "Response": f"Response.prototype.json = {NOTHING};",
    "URL and AbortController": f"window.URL = window.AbortController = {NOTHING};",
    "listeners": f"EventTarget.prototype.addEventListener = window.addEventListener = {NOTHING};",
    "dispatchEvent": f"EventTarget.prototype.dispatchEvent = window.dispatchEvent = window.CustomEvent = {NOTHING};",
    "finding and making elements": f"document.querySelector = Document.prototype.querySelector = {NOTHING};",
    "appending": f"Node.prototype.appendChild = Element.prototype.append = {NOTHING};",
    "attachShadow": f"Element.prototype.attachShadow = {NOTHING};",
    "removing": f"Element.prototype.remove = Element.prototype.replaceChildren = {NOTHING};",
    "attributes and classes": f"Element.prototype.setAttribute = DOMTokenList.prototype.add = {NOTHING};",
    "timers": f"window.setTimeout = window.setInterval = window.clearTimeout = {NOTHING};",
    "Date and Intl": f"window.Date = window.Intl = {NOTHING};",
    "watching": f"window.MutationObserver = {NOTHING};",
    "navigation": f"Object.defineProperty(window, 'navigation', {{get: {NOTHING}}});",
    "history, frozen": "Object.freeze(history);",
    "everything frozen": "for (const one of [Object, Array, String, Promise, JSON, Document, Element])"
    " { Object.freeze(one); Object.freeze(one.prototype) }",
    "our own door, frozen": "window.messengerAdmin = Object.freeze({});",
    "our own door, shut": "Object.defineProperty(window, 'messengerAdmin', {value: 7});",
    "custom data that raises": "Object.defineProperty(window.idzCustomData, 'other', {get() { throw 1 }});",
    "custom data behind a proxy": "window.idzCustomData = new Proxy(window.idzCustomData, {});",
    "open": f"window.open = {NOTHING};",
    "a form that is called body": "addEventListener('DOMContentLoaded', () =>"
    " document.body.append(Object.assign(document.createElement('form'), {name: 'body'})));",
    "a policy of types": "",
    "a policy of types, and JSON": "window.JSON = {};",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_the_button_stands_and_a_click_works(visitor: Visitor, shop: Shop, what: str) -> None:
    ButtonFactory(site=shop.site)
    headers = {"Content-Security-Policy": "require-trusted-types-for 'script'"} if "types" in what else {}
    page = shop.page(DATA + HOSTILE[what], body="<p>Shop</p>", headers=headers)
    visitor.page.goto(page)

    visitor.page.get_by_role("button", name="Send to Messenger").click()

    expect(visitor.page.locator("messenger-admin-sheet .code")).to_be_visible()
    assert Invitation.objects.get(site=shop.site).customer_id == "order-1"


@pytest.mark.parametrize(
    "css",
    [
        "body * { all: unset !important; display: none !important; }",
        "body * { opacity: 0 !important; visibility: hidden !important; width: 0 !important; font-size: 0 !important }",
        "messenger-admin-buttons { display: none !important; transform: scale(0) !important; pointer-events: none }",
        ":root { --mb-x: 9999px; --mb-ink: red; --mb-icon: 40; } * { direction: rtl !important; }",
    ],
)
def test_styles_of_the_page_neither_hide_nor_change_it(visitor: Visitor, shop: Shop, css: str) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(css=css, body="<p>Shop</p>"))
    button = visitor.page.get_by_role("button", name="Send to Messenger")

    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box
    assert (box["height"], box["width"] > 150, box["x"] < 1280) == (44, True, True)
    button.click()
    expect(visitor.page.locator("messenger-admin-sheet .code")).to_be_visible()


def test_our_styles_leave_the_page_alone(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    look = "one => ['color', 'font', 'margin', 'display', 'border'].map(name => getComputedStyle(one)[name])"
    body = '<div class="mb mb-place sheet row"><button class="mb close">Buy</button></div>'
    visitor.page.goto(shop.page(body=body, head=""))
    before = [one.evaluate(look) for one in visitor.page.locator("body > div, body > div > button").all()]

    visitor.page.goto(shop.page(body=body))
    visitor.page.get_by_role("button", name="Send to Messenger").click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()

    assert [one.evaluate(look) for one in visitor.page.locator("body > div, body > div > button").all()] == before
