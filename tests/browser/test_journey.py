"""The whole journey on the embedded stack, as people make it: compose, launch, watch, receive, look up.

Nothing is shared with the stack but its address: every process, the far end included, is started as `make run` does.
"""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import guide
from tests.support.processes import environment, free_port, running, wait_for

pytestmark = pytest.mark.browser

PAGE = "322837607840703"
CUSTOMER = "instock-AB123-k45332j9i54"
PASSWORD = "a long enough password"
NAME = "White and grey are back"


def ask(base: str, path: str) -> Any:
    with urllib.request.urlopen(base + path, timeout=30) as answer:
        return json.load(answer)


def is_ready(base: str) -> bool:
    try:
        return bool(ask(base, "/readyz")["status"] == "ok")
    except OSError:
        return False


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a first start, demo and all."""
    folder: Path = tmp_path_factory.mktemp("stack")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = environment(
        DATA_DIR=str(folder),
        PORT=str(port),
        SANDBOX_PORT=str(port + 1),
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        LOG_LEVEL="WARNING",
    )
    with running("manage.py", "up", env=env):
        wait_for(lambda: is_ready(base), "the stack is ready", seconds=180)
        yield base


@pytest.fixture
def context(browser: Browser, stack: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack, viewport={"width": 1440, "height": 1000}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def log_in(page: Page) -> None:
    page.goto("/")
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    # The password is hashed slowly on purpose, and slower still on a busy machine.
    expect(page).not_to_have_url(re.compile("/login"), timeout=30_000)


def compose(page: Page, body: dict[str, Any]) -> None:
    """The guide's carousel, typed in."""
    page.goto("/admin/notifications/notification/add/")
    page.get_by_role("link", name="Carousel").click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=text]").fill(body["text"])
    for number, element in enumerate(body["attachment"]["payload"]["elements"]):
        if number:
            page.get_by_role("button", name="Add a card").click()
        card = f"elements-{number}-"
        for field in ("title", "subtitle", "image_url"):
            page.locator(f"[name={card}{field}]").fill(element[field])
        for place, button in enumerate(element["buttons"]):
            page.locator(f"[name={card}button{place}-type]").select_option(button["type"])
            page.locator(f"[name={card}button{place}-title]").fill(button["title"])
            page.locator(f"[name={card}button{place}-target]").fill(button["url"])


def received(stack: str) -> list[dict[str, Any]]:
    answer = ask(stack, f"/sandbox/api/messages?page_id={PAGE}&customer_id={CUSTOMER}&limit=100")
    messages: list[dict[str, Any]] = answer["messages"]
    return messages


def prepare(page: Page) -> None:
    """A campaign to one customer, saved and about to be launched."""
    page.goto("/admin/notifications/campaign/add/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=notification]").select_option(label=NAME)
    page.locator("[name=page]").select_option(label=f"Peter's Apparel ({PAGE})")
    page.locator("[name=purpose][value=alert]").check()
    page.locator("[name=audience_kind][value=prefix]").check()
    page.locator("[name=audience_prefix]").fill("instock-AB123-k4")
    expect(page.get_by_text("1 customer will receive it")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Save and review the launch").click()
    expect(page.get_by_text("1 customer").first).to_be_visible()


def look_up(page: Page) -> None:
    """Support finds the customer and reads the newest delivery."""
    page.goto("/admin/notifications/delivery/")
    page.locator("[name=q]").fill(CUSTOMER)
    page.keyboard.press("Enter")
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    story = page.locator("main, #main, #content").first
    expect(story.get_by_text("Classic White T-Shirt").first).to_be_visible()
    expect(story.get_by_text("202").first).to_be_visible()
    expect(story).to_contain_text(CUSTOMER)
    expect(story).to_contain_text("Sent on")


def test_from_the_composer_to_the_phone_and_back_to_support(context: BrowserContext, stack: str) -> None:
    body = guide.body("carousel")
    before = len(received(stack))
    page = context.new_page()
    log_in(page)

    compose(page, body)
    preview = page.locator("[data-preview]").first
    expect(preview.get_by_text("Classic Grey T-Shirt")).to_be_visible()
    expect(preview.get_by_text("hello, world!")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list").get_by_role("link", name=NAME)).to_be_visible()

    prepare(page)

    phone = context.new_page()
    phone.goto(f"/sandbox/phone/?page_id={PAGE}&customer_id={CUSTOMER}")
    bubbles = phone.locator(".message[data-id]")
    expect(bubbles).to_have_count(before)

    page.get_by_role("button", name=re.compile("^Launch")).click()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    expect(page.get_by_text("Finished").first).to_be_visible()

    expect(bubbles).to_have_count(before + 1)  # without reloading
    expect(bubbles.last).to_contain_text("Classic Grey T-Shirt")
    messages = received(stack)
    assert len(messages) == before + 1
    assert messages[-1]["json"] == body

    look_up(page)
