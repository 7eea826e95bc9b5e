"""The demo shop: an origin of its own, a strict policy, the guide's three sorts of customer_id."""

import json
import re
from http.client import HTTPConnection, HTTPResponse

import pytest
from django.conf import settings

from messenger_admin.sandbox.shop.routes import serve
from tests.support.sandbox import FarEnd

PUBLIC = "https://messenger.example.com"


def ask(sandbox: FarEnd, path: str, cookie: str = "") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


@pytest.mark.parametrize("path", ["/shop/505", "/shop/505/", "/shop/505/account?lang=fr", "/shop/505/orders/FR-1"])
def test_each_page_carries_the_custom_data_before_the_tag(sandbox: FarEnd, path: str) -> None:
    answer, text = ask(sandbox, path)
    assert answer.status == 200
    assert answer.headers.get_all("Content-Type") == ["text/html; charset=utf-8"]
    assert 0 < text.index("/shop/505/data.js") < text.index(f'async src="{settings.PUBLIC_URL}/tag/505.js"')
    assert "$" not in text


def test_it_allows_the_tag_and_nothing_inline(sandbox: FarEnd) -> None:
    answer, text = ask(sandbox, "/shop/505/products/AB123")
    policy = answer.headers["Content-Security-Policy"]
    assert f"script-src 'self' {settings.PUBLIC_URL};" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|onclick", text)


@pytest.mark.parametrize(
    ("of", "name", "customer_id"),
    [
        ("stock:AB123", "social_notification_customer_id", "instock-AB123-k45332j9i54"),
        ("order:FR-2026-871", "social_notification_customer_id", "order-FR-2026-871"),
        ("account:", "extID", "FR-012345"),
        ("", "social_notification_customer_id", None),
    ],
)
def test_the_ids_are_the_guides(sandbox: FarEnd, of: str, name: str, customer_id: str | None) -> None:
    answer, text = ask(sandbox, f"/shop/505/data.js?of={of}", "shop_visitor=k45332j9i54")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    said = json.loads(text.removeprefix("window.idzCustomData = ").rstrip(";\n"))
    assert said.get(name) == customer_id


def test_a_visitor_keeps_one_session(sandbox: FarEnd) -> None:
    answer, _text = ask(sandbox, "/shop/505/")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    again, _text = ask(sandbox, "/shop/505/", cookie)
    assert again.headers["Set-Cookie"].startswith(f"{cookie};")
    stranger, _text = ask(sandbox, "/shop/505/", 'shop_visitor="<script>"')
    assert "script" not in stranger.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/shop/", "/shop/505/cellar", "/shop/505/../505", "/shop/5%3C/", "/shops/505"])
def test_other_addresses_are_nothing(sandbox: FarEnd, path: str) -> None:
    assert ask(sandbox, path)[0].status == 404


def test_nobody_posts_to_it() -> None:
    assert serve("POST", "/shop/505/", {}, {}, public_url=PUBLIC) is None
