"""Every kind of rule, judged by the tag on a page in Chromium."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.tag.conftest import Shop, Visitor, message_us, new_site
from tests.browser.tag.shops import Shops

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLE = json.loads((Path(__file__).parents[2] / "data" / "targeting.json").read_text(encoding="utf-8"))
DATA = TABLE[0]["visit"]["data"]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148"
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
ANDROID_TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X900) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def condition(what: str, operator: str, value: Any) -> dict[str, Any]:
    return {"what": what, "operator": operator, "value": value}


def looked_at(visitor: Visitor, shop: Shop, address: str) -> set[int]:
    """The buttons of a page, once all are judged: the last one has no rule."""
    last = message_us(shop.site, position=99, corner="top-start")
    visitor.page.goto(address)
    expect(visitor.page.locator(f'[data-button="{last.pk}"]')).to_be_visible()
    return visitor.buttons() - {last.pk}


@pytest.mark.parametrize(
    ("operator", "value", "shown"),
    [
        ("is", "{page}p/AB123?color=grey", True),
        ("is", "{page}p/AB123", False),
        ("is_not", "{page}p/AB123", True),
        ("contains", "COLOR=grey", True),
        ("contains", "/cart", False),
        ("not_contains", "/cart", True),
        ("starts_with", "{page}p/", True),
        ("starts_with", "/p/", False),
        ("matches", "*/p/??123*", True),
        ("matches", "/p/*", False),
    ],
)
def test_the_address_decides(visitor: Visitor, shop: Shop, operator: str, value: str, shown: bool) -> None:
    page = shop.page("")
    button = message_us(shop.site, condition("address", operator, value.format(page=page)))

    assert looked_at(visitor, shop, f"{page}p/AB123?color=grey") == ({button.pk} if shown else set())


@pytest.mark.parametrize(
    ("device", "facts"),
    [
        ("desktop", {}),
        ("mobile", {"user_agent": PHONE, "has_touch": True, "viewport": {"width": 390, "height": 844}}),
        ("mobile", {"user_agent": ANDROID, "has_touch": True}),
        ("tablet", {"user_agent": IPAD, "has_touch": True}),
        ("tablet", {"user_agent": ANDROID_TABLET, "has_touch": True}),
    ],
)
def test_the_device_decides(visits: Callable[..., Visitor], shop: Shop, device: str, facts: dict[str, Any]) -> None:
    page = shop.page("")
    buttons = {
        one: message_us(shop.site, condition("device", "one_of", [one])) for one in ("desktop", "mobile", "tablet")
    }

    visitor = visits(**facts)
    if facts:  # as many fingers as an iPad tells; Playwright's own has one
        screen = visitor.context.new_cdp_session(visitor.page)
        screen.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})

    assert looked_at(visitor, shop, page) == {buttons[device].pk}


def test_custom_data_decides_by_every_operator_of_the_table(visitor: Visitor, shop: Shop) -> None:
    rows = [row for row in TABLE if row["conditions"] and row["conditions"][0]["what"].startswith("data:")]
    rows = [row for row in rows if row["visit"]["data"] == DATA]
    buttons = {message_us(shop.site, *row["conditions"]).pk: row for row in rows}
    assert {row["conditions"][0]["operator"] for row in rows} >= {"is", "contains", "is_set", "at_least", "less_than"}

    shown = looked_at(visitor, shop, shop.page(f"window.idzCustomData = {json.dumps(DATA)};"))

    wrong = [row["name"] for number, row in buttons.items() if (number in shown) != (row["no"] is None)]
    assert not wrong


def test_day_and_hour_are_those_of_the_site(visits: Callable[..., Visitor], host: str, shops: Shops) -> None:
    """The visitor's clock is almost a day behind the site's."""
    site = new_site(shops, timezone="Pacific/Kiritimati")
    shop = Shop(site=site, host=host, shops=shops)
    there = datetime.now(ZoneInfo(site.timezone))
    days = [there.isoweekday(), (there - timedelta(hours=1)).isoweekday(), (there + timedelta(hours=1)).isoweekday()]
    around = {"from": f"{there - timedelta(hours=1):%H:%M}", "until": f"{there + timedelta(hours=1):%H:%M}"}
    elsewhere = {"from": f"{there + timedelta(hours=1):%H:%M}", "until": f"{there + timedelta(hours=3):%H:%M}"}
    now = message_us(site, condition("time", "within", {"days": days, **around}))
    message_us(site, condition("time", "within", {"days": [1, 2, 3, 4, 5, 6, 7], **elsewhere}))
    message_us(site, condition("time", "within", {"days": [(there.isoweekday() + 2) % 7 + 1], **around}))

    assert looked_at(visits(timezone_id="America/Los_Angeles"), shop, shop.page("")) == {now.pk}


def test_seconds_on_the_page_begin_anew_and_those_on_the_site_go_on(visitor: Visitor, shop: Shop) -> None:
    page = shop.page("")
    on_page = message_us(shop.site, condition("seconds_on_page", "at_least", 2))
    on_site = message_us(shop.site, condition("seconds_on_site", "at_least", 2), corner="bottom-start")
    briefly = message_us(shop.site, condition("seconds_on_page", "at_most", 1), corner="top-end")

    assert looked_at(visitor, shop, page) == {briefly.pk}
    expect(visitor.page.locator(f'[data-button="{on_page.pk}"]')).to_be_visible()
    expect(visitor.page.locator(f'[data-button="{briefly.pk}"]')).to_have_count(0)
    visitor.page.evaluate("history.pushState(null, '', 'next')")
    expect(visitor.page.locator(f'[data-button="{on_page.pk}"]')).to_have_count(0)
    assert {on_site.pk, briefly.pk} <= visitor.buttons()


def test_pages_seen_are_counted_and_kept_only_with_consent(visitor: Visitor, shop: Shop) -> None:
    button = message_us(shop.site, condition("pages_seen", "at_least", 2))
    first, second = shop.page(""), shop.page("")

    assert looked_at(visitor, shop, first) == set()
    visitor.page.evaluate("history.pushState(null, '', 'next')")
    expect(visitor.page.locator(f'[data-button="{button.pk}"]')).to_be_visible()
    visitor.page.goto(second)
    expect(visitor.page.locator("[data-button]")).to_have_count(1)
    assert visitor.page.evaluate("sessionStorage.length + localStorage.length") == 0

    visitor.page.evaluate("messengerAdmin.consent(true)")
    visitor.page.goto(first)
    assert visitor.page.evaluate("sessionStorage.length") == 1
    visitor.page.locator("[data-button]").first.wait_for()
    visitor.page.evaluate("messengerAdmin.consent(true)")
    expect(visitor.page.locator(f'[data-button="{button.pk}"]')).to_be_visible()
    visitor.page.evaluate("messengerAdmin.consent(false)")
    assert visitor.page.evaluate("sessionStorage.length") == 0


def test_rules_are_alternatives_and_all_conditions_of_one_hold(visitor: Visitor, shop: Shop) -> None:
    here, nowhere = condition("address", "contains", "/"), condition("address", "contains", "nowhere")
    either = message_us(shop.site, nowhere)
    either.rules.create(name="Other", conditions=[here])
    message_us(shop.site, here, nowhere)

    assert looked_at(visitor, shop, shop.page("")) == {either.pk}


def test_what_is_switched_off_does_not_show(visitor: Visitor, shop: Shop) -> None:
    here = condition("address", "contains", "/")
    message_us(shop.site, enabled=False)
    message_us(shop.site, here).rules.update(enabled=False)
    message_us(shop.site, condition("address", "contains", "nowhere")).rules.create(
        name="Off", conditions=[here], enabled=False
    )

    assert looked_at(visitor, shop, shop.page("")) == set()
