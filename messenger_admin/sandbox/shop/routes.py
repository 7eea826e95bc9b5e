"""A shop on an origin of its own that carries the tag, as a merchant's does. Pure.

It keeps a strict policy for content, so that what works here works anywhere: no inline script, no inline style, nothing
from other hosts but the tag and what the tag asks. Visitors are told apart by a cookie that the shop sets itself.
"""

import json
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from string import Template
from urllib.parse import unquote

from messenger_admin.sandbox.endpoint import answer
from messenger_admin.sandbox.exchange import Plan

PAGES = Path(__file__).with_name("pages")
PRODUCT = "AB123"
COOKIE = "shop_visitor"
# The customer of the account page; the guide's spelling of the custom data is mixed on purpose.
ACCOUNT = "FR-012345"

_PATH = re.compile(r"/shop/(?P<sid>[A-Za-z0-9_-]{1,32})(?:/(?P<rest>[^?]*))?\Z")
_VISITOR = re.compile(r"[a-z0-9]{11}\Z")
_ORDER = re.compile(r"orders/(?P<number>[A-Za-z0-9-]{1,40})\Z")
_LANGUAGES = ("en", "fr")


def serve(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], *, public_url: str
) -> Plan | None:
    """The shop of a site; None where the address is not a shop's. `public_url` is where the tag comes from."""
    match = _PATH.match(path)
    if match is None or method not in {"GET", "HEAD"}:
        return None
    sid, rest = match["sid"], unquote(match["rest"] or "")
    if rest == "shop.css":
        return _plan((PAGES / "shop.css").read_bytes(), {"Content-Type": "text/css; charset=utf-8"})
    visitor = _visitor(headers.get("cookie", ""))
    if rest == "data.js":
        return _plan(_data(query.get("of", ""), visitor), {"Content-Type": "text/javascript; charset=utf-8"})
    found = _page(rest)
    if found is None:
        return None
    name, of = found
    language = query.get("lang", "en") if query.get("lang") in _LANGUAGES else "en"
    values = {
        "sid": sid,
        "tag": f"{public_url}/tag/{sid}.js",
        "of": of,
        "lang": language,
        "number": of.partition(":")[2],
    }
    text = _filled(f"{name}.{language}.html", values)
    shell = _filled("shell.html", {**values, "body": text, **_words(language)})
    return _plan(shell.encode(), _headers(public_url, visitor))


def _page(rest: str) -> tuple[str, str] | None:
    """The page's file and what its custom data are of."""
    if rest in {"", "index.html"}:
        return "home", ""
    if rest == f"products/{PRODUCT}":
        return "product", f"stock:{PRODUCT}"
    if rest == "account":
        return "account", "account:"
    order = _ORDER.match(rest)
    return ("order", f"order:{order['number']}") if order else None


def _data(of: str, visitor: str) -> bytes:
    """The custom data as the shop declares them, before the tag: the guide's three sorts of id."""
    kind, _, name = of.partition(":")
    known: dict[str, dict[str, object]] = {
        "stock": {"page_type": "product", "social_notification_customer_id": f"instock-{name}-{visitor}"},
        "order": {"page_type": "order", "social_notification_customer_id": f"order-{name}", "cart_amount": 89.9},
        "account": {"page_type": "account", "extID": ACCOUNT},
    }
    found = known.get(kind, {"page_type": "home"})
    return f"window.idzCustomData = {json.dumps(found)};\n".encode()


def _visitor(cookie: str) -> str:
    try:
        known = SimpleCookie(cookie).get(COOKIE)
    except CookieError:
        known = None
    return known.value if known and _VISITOR.match(known.value) else secrets.token_hex(8)[:11]


def _headers(public_url: str, visitor: str) -> dict[str, str]:
    policy = f"default-src 'none'; script-src 'self' {public_url}; style-src 'self'; img-src 'self' data:; "
    policy += f"connect-src {public_url}; base-uri 'none'; form-action 'self'"
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Set-Cookie": f"{COOKIE}={visitor}; Path=/shop/; SameSite=Lax; HttpOnly",
    }


def _words(language: str) -> dict[str, str]:
    if language == "fr":
        return {
            "home": "Accueil", "alert": "Écharpe", "order": "Une commande", "account": "Mon compte",
            "foot": "Une boutique de démonstration, qui fait partie du bac à sable.",
        }  # fmt: skip
    return {
        "home": "Home", "alert": "Scarf", "order": "An order", "account": "My account",
        "foot": "A shop for trying things out; it is part of the sandbox.",
    }  # fmt: skip


def _filled(name: str, values: Mapping[str, str]) -> str:
    return Template((PAGES / name).read_text(encoding="utf-8")).substitute(values)


def _plan(body: bytes, headers: Mapping[str, str]) -> Plan:
    return Plan(
        status=HTTPStatus.OK, data=answer(HTTPStatus.OK, body, {**headers, "Cache-Control": "no-store"}), record=False
    )
