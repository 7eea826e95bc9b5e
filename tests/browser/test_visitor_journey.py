"""The visitor's side on the embedded stack: a shop on its own origin, a click, a yes, what was asked for, and STOP.

Every process is started as `make run` does. The shop is the sandbox's, on another origin, under a strict policy.
"""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_facebook_journey import ATELIER, SLOW, link_two_of_three
from tests.browser.test_journey import PASSWORD, is_ready, log_in
from tests.support import guide
from tests.support.processes import ROOT, environment, free_port, running, wait_for

pytestmark = pytest.mark.browser

ORDER = "FR-2026-871"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("visitor")
    port = free_port()
    return environment(
        DATA_DIR=str(folder),
        PORT=str(port),
        SANDBOX_PORT=str(port + 1),
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        LOG_LEVEL="WARNING",
    )


@pytest.fixture(scope="module")
def stack(env: dict[str, str]) -> Iterator[str]:
    base = f"http://127.0.0.1:{env['PORT']}"
    with running("manage.py", "up", env=env):
        wait_for(lambda: is_ready(base), "the stack is ready", seconds=180)
        yield base


@contextmanager
def visit(browser: Browser, stack: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack, viewport={"width": 1440, "height": 1000}, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def shop_of(env: dict[str, str]) -> str:
    return f"http://127.0.0.1:{env['SANDBOX_PORT']}"


def add_site(page: Page, sid: str, name: str, origin: str) -> None:
    page.goto("/admin/pages/site/add/")
    page.locator("[name=sid]").fill(sid)
    page.locator("[name=name]").fill(name)
    page.locator("[name=origins]").fill(origin)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text(name)


def add_button(page: Page, name: str, selector: str, look: str) -> None:
    page.goto("/admin/pages/button/add/")
    chooser = page.get_by_role("link", name=re.compile("Atelier Nord"))
    if chooser.count():
        chooser.first.click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=kind][value=send_to_messenger]").check()
    page.get_by_text(look, exact=True).click()
    page.locator("[name=placement][value=fixed]").check()
    page.locator("[name=selector]").fill(selector)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#result_list")).to_contain_text(name)


def click(shop: Page, address: str, look: str) -> Page:
    """The visitor sees the button as the administrator chose it, and clicks; Messenger opens in another tab."""
    shop.goto(address)
    button = shop.get_by_role("button", name=re.compile("Messenger", re.IGNORECASE))
    expect(button).to_be_visible(timeout=SLOW)
    expect(button).to_have_class(re.compile(look))
    with shop.context.expect_page() as opened:
        button.click()
    return opened.value


def agree(phone: Page, who: str) -> str:
    """Arrives in Messenger, is asked in the page's own words, and says yes; the PSID."""
    phone.get_by_role("button", name=who).click()
    begin = phone.get_by_role("button", name="Get started")
    if begin.count():
        begin.click()
    yes = phone.get_by_role("button", name="Yes")
    expect(yes).to_be_visible(timeout=SLOW)
    yes.click()
    expect(phone.locator(".message.mine").last).to_contain_text("Yes")
    return phone.url.rpartition("customer_id=")[2]


def launch(page: Page, name: str, words: str, prefix: str) -> None:
    page.goto("/admin/notifications/notification/add/")
    page.get_by_role("link", name="Text").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=text]").fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/admin/notifications/campaign/add/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=notification]").select_option(label=name)
    page.locator("[name=page]").select_option(label=f"Atelier Martin ({ATELIER})")
    page.locator("[name=purpose][value=alert]").check()
    page.locator("[name=audience_kind][value=prefix]").check()
    page.locator("[name=audience_prefix]").fill(prefix)
    page.get_by_role("button", name="Save and review the launch").click()


def received(stack: str, psid: str) -> list[Any]:
    address = f"{stack}/sandbox/api/messages?page_id={ATELIER}&customer_id={psid}&limit=100"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return [message["json"]["message"] for message in json.load(answer)["messages"]]


def write(phone: Page, words: str) -> None:
    box = phone.get_by_role("textbox", name="Message")
    box.fill(words)
    box.press("Enter")


def push(stack: str, env: dict[str, str], customer_id: str, body: dict[str, Any]) -> int:
    command = [sys.executable, "manage.py", "create_api_token", "shop", "--page", ATELIER]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    request = urllib.request.Request(
        f"{stack}/social/facebook/messenger/pages/{ATELIER}/customers/{customer_id}/messages",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {done.stdout.split()[-1]}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


@pytest.fixture(scope="module")
def shop(browser: Browser, stack: str, env: dict[str, str]) -> str:
    """Where the shop is, once an administrator has linked its page and chosen its buttons."""
    with visit(browser, stack) as context:
        page = context.new_page()
        log_in(page)
        add_site(page, "505", "Atelier Nord", shop_of(env))
        add_site(page, "506", "Librairie Nord", "https://books.example")
        link_two_of_three(page)
        add_button(page, "Tell me", "#alert-me", "XLarge, White on blue")
        add_button(page, "Follow", "#follow-order", "Large, Blue on white")
    return f"{shop_of(env)}/shop/505"


@pytest.fixture
def context(browser: Browser, stack: str, shop: str) -> Iterator[BrowserContext]:
    with visit(browser, stack) as context:
        yield context


def test_a_stock_alert_is_asked_for_received_and_stopped(context: BrowserContext, stack: str, shop: str) -> None:
    page = context.new_page()
    log_in(page)

    phone = click(context.new_page(), f"{shop}/products/AB123", "mb-xlarge")
    psid = agree(phone, "John Smith")
    launch(page, "Scarf", "The grey scarf is back in stock.", "instock-AB123-")
    page.get_by_role("button", name=re.compile("^Launch")).click()
    expect(phone.locator(".message").last).to_contain_text("back in stock", timeout=SLOW)

    write(phone, "stop !")
    expect(phone.locator(".message").last).to_contain_text("sends you nothing more", timeout=SLOW)
    confirmed = received(stack, psid)
    launch(page, "Scarf again", "Half price today.", "instock-AB123-")
    expect(page.get_by_text(re.compile("Nobody|0 customers|no customer", re.IGNORECASE)).first).to_be_visible(
        timeout=SLOW
    )
    assert received(stack, psid) == confirmed


def test_an_order_is_followed_by_its_receipt(
    context: BrowserContext, stack: str, shop: str, env: dict[str, str]
) -> None:
    phone = click(context.new_page(), f"{shop}/orders/{ORDER}", "mb-blue")
    psid = agree(phone, "Claire Martin")
    assert push(stack, env, f"order-{ORDER}", guide.body("receipt")) == 202
    expect(phone.locator(".message").last).to_contain_text("56.14", timeout=SLOW)
    assert received(stack, psid)[-1]["attachment"]["payload"]["template_type"] == "receipt"
