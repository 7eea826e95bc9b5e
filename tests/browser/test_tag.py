"""The tag on pages of other origins, in a real Chromium."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from optins.models import Invitation
from optins.tag import view
from pages.models import Site
from pages.models.button import ButtonKind
from pages.states import GatewayKind
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Shop = Callable[..., str]
DATA = "window.idzCustomData={social_notification_customer_id:'order-1'};"


@pytest.fixture
def site(settings: Settings, live_server: LiveServer) -> Site:
    settings.PUBLIC_URL = live_server.url
    settings.M_ME_URL = f"{live_server.url}/healthz?m.me="
    view._kept.clear()
    site = SiteFactory(sid="501")
    LinkedPageFactory(link__site=site, gateway=GatewayKind.META)
    return site


@pytest.fixture
def shop(site: Site, live_server: LiveServer) -> Iterator[Shop]:
    """A shop's server. Its policy for content allows its own files and the tag's host, and nothing inline."""
    pages: dict[str, tuple[str, bytes]] = {}
    policy = f"default-src 'none'; script-src 'self' {live_server.url}; connect-src {live_server.url}"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path.partition("?")[0], ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    Site.objects.filter(pk=site.pk).update(origins=[origin])

    def page(script: str = DATA, *, body: str = "", html: str = 'lang="en"', tags: int = 1) -> str:
        tag = f'<script async src="{live_server.url}/tag/501.js"></script>' * tags
        text = (
            f'<!DOCTYPE html><html {html}><head><script src="/data.js"></script>{tag}</head><body>{body}</body></html>'
        )
        pages["/data.js"] = ("text/javascript", script.encode())
        pages["/"] = ("text/html; charset=utf-8", text.encode())
        return f"{origin}/"

    yield page
    server.shutdown()
    server.server_close()


def test_a_click_asks_for_the_link_and_shows_the_code(
    browser_context: BrowserContext, browser_page: Page, shop: Shop, site: Site
) -> None:
    ButtonFactory(site=site)
    browser_page.goto(shop())

    with browser_context.expect_page() as opened:
        browser_page.get_by_role("button", name="Send to Messenger").press("Enter")

    expect(browser_page.get_by_role("dialog")).to_be_visible()
    expect(browser_page.locator(".code")).to_have_text(re.compile("^[A-Z0-9]{6}$"))
    opened.value.wait_for_url("**/healthz**")
    assert opened.value.evaluate("window.opener") is None
    assert Invitation.objects.get().customer_id == "order-1"
    assert browser_context.cookies() == []


@pytest.mark.parametrize(
    ("script", "buttons"),
    [
        ("", 0),
        ("window.idzCustomData={EXTID:'FR-1'};", 1),
        ("window.idzCustomData={social_notification_customer_id:'{{customer_id}}'};", 0),
        ("window.idzCustomData={extId:12345678901234567890};", 0),
    ],
)
def test_only_an_id_brings_the_button(browser_page: Page, shop: Shop, site: Site, script: str, buttons: int) -> None:
    ButtonFactory(site=site)
    ButtonFactory(site=site, kind=ButtonKind.MESSAGE_US)
    browser_page.goto(shop(script))

    expect(browser_page.get_by_role("link", name="Message us")).to_be_visible()
    expect(browser_page.get_by_role("button", name="Send to Messenger")).to_have_count(buttons)


def test_a_hostile_page_keeps_its_button(browser_page: Page, shop: Shop, site: Site) -> None:
    ButtonFactory(site=site)
    hostile = "JSON={};Object.prototype.x=1;Array.prototype.some=Array.prototype.map=null;"
    hostile += "window.fetch=null;window.Promise=null;"
    browser_page.goto(shop(DATA + hostile))

    expect(browser_page.locator("messenger-admin-buttons .mb")).to_have_count(1)


def test_a_page_without_reloads_is_read_again_and_the_tag_runs_once(browser_page: Page, shop: Shop, site: Site) -> None:
    ButtonFactory(site=site)
    browser_page.goto(shop("", tags=2))
    button = browser_page.get_by_role("button", name="Send to Messenger")
    expect(button).to_have_count(0)

    browser_page.evaluate("window.idzCustomData={extId:'a'};history.pushState(null,'','/other')")
    expect(button).to_have_count(1)
    browser_page.evaluate("window.idzCustomData={};messengerAdmin.refresh()")
    expect(button).to_have_count(0)


def test_a_dead_server_is_said_calmly(browser_page: Page, shop: Shop, site: Site) -> None:
    ButtonFactory(site=site)
    browser_page.goto(shop())
    browser_page.route("**/optin", lambda route: route.abort())

    browser_page.get_by_role("button", name="Send to Messenger").click()

    expect(browser_page.get_by_role("dialog")).to_contain_text("doesn’t work right now")
    expect(browser_page.get_by_role("link", name="Write to us in Messenger")).to_be_visible()
