"""One host of the tag, one server of shops and one browser for all of them; each test has a site and pages of its own.

Nothing is emptied between the tests: what each looks at hangs on its own SID.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, Request
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from pages.models import Button, Site
from pages.models.button import ButtonKind
from pages.states import GatewayKind
from tests.browser.tag.shops import DATA, ShopPage, Shops, open_shops
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory

# The browser's own line in the console for an answer that never came; no page could keep it from being written.
UNAVOIDABLE = "Failed to load resource"


@pytest.fixture(scope="package")
def host(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        server._live_server_modified_settings.enable()
        with override_settings(PUBLIC_URL=server.url, M_ME_URL=f"{server.url}/m.me", FACEBOOK_APP_ID="77001"):
            yield server.url
        server._live_server_modified_settings.disable()
        server.stop()
        # As a test that commits leaves it: empty.
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        connections.close_all()


@pytest.fixture
def _django_db_helper(host: str) -> None:
    """What the marker brings a test, without the emptying of every table that takes longer than the test itself."""


@pytest.fixture(scope="package")
def shops() -> Iterator[Shops]:
    with open_shops() as shops:
        yield shops


@pytest.fixture
def site(host: str, shops: Shops) -> Site:
    """Of a shop whose page is linked through Facebook."""
    return new_site(shops)


def new_site(shops: Shops, **facts: Any) -> Site:
    site: Site = SiteFactory(origins=[shops.origin], **facts)
    LinkedPageFactory(link__site=site, gateway=GatewayKind.META)
    return site


def message_us(site: Site, *conditions: dict[str, Any], **facts: Any) -> Button:
    """A button that anybody may see, under one rule where there are conditions."""
    button: Button = ButtonFactory(site=site, kind=ButtonKind.MESSAGE_US, **facts)
    if conditions:
        button.rules.create(name="Rule", conditions=list(conditions))
    return button


def policy(host: str, shops: str = "'self'") -> str:
    """What docs/tag.md asks of a shop that allows nothing else: no inline style, no inline script, no eval."""
    ours = f"script-src {shops} {host}; connect-src {host}"
    return f"default-src 'none'; {ours}; style-src {shops}; base-uri 'none'; form-action 'none'; object-src 'none'"


@dataclass(kw_only=True)
class Shop:
    """Writes the pages of one site's shop. Each `page` is at an address of its own."""

    site: Site
    host: str
    shops: Shops
    _written: int = 0

    def tag(self, sid: str = "") -> str:
        return f'<script async src="{self.host}/tag/{sid or self.site.sid}.js"></script>'

    def page(
        self, script: str = DATA, *, body: str = "", html: str = 'lang="en"', head: str | None = None, **more: Any
    ) -> str:
        """`head` is what stands after the custom data: the tag, unless a test says otherwise."""
        css, headers = more.get("css", ""), more.get("headers", {})
        self._written += 1
        name = f"{self.site.sid}-{self._written}"
        css_file, data = f'<link rel="stylesheet" href="/{name}/shop.css">', f'<script src="/{name}/data.js"></script>'
        top = f'<meta charset="utf-8">{css_file}{data}{self.tag() if head is None else head}'
        text = f"<!DOCTYPE html><html {html}><head>{top}</head><body>{body}</body></html>"
        files = {"data.js": ("text/javascript", script), "shop.css": ("text/css", css)}
        headers = {"Content-Security-Policy": policy(self.host), **headers}
        return self.shops.put(name, ShopPage(html=text, files=files, headers=headers))


@pytest.fixture
def shop(site: Site, host: str, shops: Shops) -> Shop:
    return Shop(site=site, host=host, shops=shops)


@dataclass(kw_only=True)
class Visitor:
    """A person's browser, and what went out of it. `troubles` is what a page or its console complained of."""

    context: BrowserContext
    page: Page
    requests: list[Request] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.context.on("request", lambda request: self.requests.append(request))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda line: self.troubles.append(line.text) if line.type == "error" else None)

    def unexpected(self) -> list[str]:
        return [trouble for trouble in self.troubles if not trouble.startswith(UNAVOIDABLE)]

    def asked(self, part: str) -> list[str]:
        return [request.url for request in self.requests if part in request.url]

    def buttons(self) -> set[int]:
        """Those that can be seen now."""
        shown = self.page.locator("messenger-admin-buttons .mb-place:not(.away) > .mb")
        return {int(one.get_attribute("data-button") or 0) for one in shown.all() if one.is_visible()}


def box_of(locator: Locator) -> FloatRect:
    """Where it stands in the window, in pixels."""
    box = locator.bounding_box()
    assert box
    return box


@pytest.fixture
def visits(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Visitors of every kind: the facts are those of a Playwright context."""
    came: list[Visitor] = []

    def come(**facts: Any) -> Visitor:
        context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **facts})
        context.set_default_timeout(6_000)
        visitor = Visitor(context=context, page=context.new_page())
        visitor.watch()
        came.append(visitor)
        return visitor

    yield come
    for visitor in came:
        visitor.context.close()


@pytest.fixture
def visitor(visits: Callable[..., Visitor]) -> Iterator[Visitor]:
    """Somebody at a desk. Nothing may be thrown into the page, no cookie set, and Facebook asked for nothing."""
    visitor = visits()
    yield visitor
    assert not visitor.unexpected()
    assert visitor.context.cookies() == []
    assert not visitor.asked("facebook")
