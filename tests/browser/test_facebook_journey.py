"""Facebook's side on the embedded stack, as people walk it: link, be written to, answer, send, and see it was read.

Every process is started as `make run` does; Facebook is the sandbox, over real HTTP in both directions.
"""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_journey import PASSWORD, is_ready, log_in
from tests.support.processes import ROOT, environment, free_port, running, wait_for

pytestmark = pytest.mark.browser

# Claire's pages in the sandbox; the third lacks what linking needs.
ATELIER, LIBRAIRIE = "411870255310021", "411870255310022"
CUSTOMER = "FR-012345"
# Milliseconds: what goes through workers and webhooks, on a busy machine.
SLOW = 30_000


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("facebook")
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


@pytest.fixture
def context(browser: Browser, stack: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack, viewport={"width": 1440, "height": 1000}, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def add_site(page: Page, sid: str, name: str) -> None:
    page.goto("/admin/pages/site/add/")
    page.locator("[name=sid]").fill(sid)
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text(name)


def link_two_of_three(page: Page) -> None:
    page.goto("/admin/pages/page/facebook/")
    page.get_by_role("button", name=re.compile("Facebook")).last.click()
    page.get_by_text("Claire Martin").click()
    page.get_by_role("button", name=re.compile("^Continue")).click()
    expect(page.locator(f"[name=page-{LIBRAIRIE[:-1]}3]")).to_be_disabled()
    for page_id, site in ((ATELIER, "Atelier Nord (505)"), (LIBRAIRIE, "506")):
        page.locator(f"[name=page-{page_id}]").check()
        page.locator(f"[name=site-{page_id}]").fill(site)
    page.get_by_role("button", name="Link 2 pages").click()
    expect(page.locator("#result_list")).to_contain_text("Atelier Martin")
    expect(page.locator("#result_list")).to_contain_text("Librairie des Quais")


def write_to_the_page(phone: Page, words: str) -> str:
    """John arrives by a link and writes; his PSID there."""
    phone.goto(f"/sandbox/m.me/{ATELIER}?ref=t_1")
    phone.get_by_role("button", name="John Smith").click()
    phone.get_by_role("button", name="Get started").click()
    box = phone.get_by_role("textbox", name="Message")
    box.fill(words)
    box.press("Enter")
    expect(phone.locator(".message.mine").last).to_contain_text(words)
    return phone.url.rpartition("customer_id=")[2]


def answer(page: Page, words: str) -> None:
    """The thread appears in the inbox; the agent opens it and answers."""
    page.goto("/admin/pages/thread/")
    row = page.get_by_role("link", name=re.compile("John Smith"))
    expect(row).to_contain_text("écharpe", timeout=SLOW)
    row.click()
    expect(page.get_by_text("avez-vous l'écharpe").last).to_be_visible()
    page.locator("#talk-text").fill(words)
    page.keyboard.press("Control+Enter")


def agree(stack: str, env: dict[str, str], psid: str) -> None:
    """The merchant's system tells of the agreement: the person, the id, and how it was given."""
    command = [sys.executable, "manage.py", "create_api_token", "shop", "--page", ATELIER]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    told = {
        "customer_id": CUSTOMER,
        "psid": psid,
        "evidence": {"address": "https://shop.example/account", "wording": "Write to me about my orders."},
    }
    request = urllib.request.Request(
        f"{stack}/v1/pages/{ATELIER}/optins",
        json.dumps(told).encode(),
        {"Authorization": f"Bearer {done.stdout.split()[-1]}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201


def launch(page: Page, words: str) -> None:
    page.goto("/admin/notifications/notification/add/")
    page.get_by_role("link", name="Text").click()
    page.locator("[name=name]").fill("Grey scarf")
    page.locator("[name=text]").fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/admin/notifications/campaign/add/")
    page.locator("[name=name]").fill("Grey scarf")
    page.locator("[name=notification]").select_option(label="Grey scarf")
    page.locator("[name=page]").select_option(label=f"Atelier Martin ({ATELIER})")
    page.get_by_role("button", name="Save and review the launch").click()
    page.get_by_role("button", name=re.compile("^Launch")).click()
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=SLOW)


def received(stack: str, psid: str) -> list[Any]:
    address = f"{stack}/sandbox/api/messages?page_id={ATELIER}&customer_id={psid}&limit=100"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return [message["json"]["message"].get("text") for message in json.load(answer)["messages"]]


def test_from_the_login_to_a_message_that_was_read(context: BrowserContext, stack: str, env: dict[str, str]) -> None:
    page, phone = context.new_page(), context.new_page()
    log_in(page)
    add_site(page, "505", "Atelier Nord")
    add_site(page, "506", "Librairie Nord")
    link_two_of_three(page)

    psid = write_to_the_page(phone, "Bonjour, avez-vous l'écharpe en gris ?")
    answer(page, "Bonjour John, elle revient lundi.")
    expect(phone.locator(".message").last).to_contain_text("elle revient lundi", timeout=SLOW)
    # His phone was looked at: delivered and read come back by webhook.
    expect(page.get_by_text(re.compile("^Read")).last).to_be_visible(timeout=SLOW)

    agree(stack, env, psid)
    launch(page, "The grey scarf is back in stock.")
    expect(phone.locator(".message").last).to_contain_text("back in stock", timeout=SLOW)
    texts = received(stack, psid)
    assert texts[0] == "Bonjour John, elle revient lundi."
    assert "automat" in texts[1]  # said once, before the first automated message
    assert texts[2:] == ["The grey scarf is back in stock."]

    page.goto("/admin/notifications/delivery/")
    page.locator("[name=q]").fill(CUSTOMER)
    page.keyboard.press("Enter")
    row = page.locator("#result_list tbody tr").first
    expect(row).to_contain_text(CUSTOMER)
    for _look in range(20):
        page.reload()
        if "Read" in row.inner_text():
            break
        page.wait_for_timeout(500)
    expect(row).to_contain_text("Read")
