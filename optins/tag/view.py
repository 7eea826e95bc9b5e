"""`/tag/{sid}.js`: the script with its site's configuration, for pages of other hosts.

What was built last is kept in the process: a shop's page goes on when the database doesn't. An address of nothing is an
empty script, never a page for people.
"""

import gzip
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from optins.tag import building, signs
from pages.buttons import config as buttons
from pages.models import Site
from pages.models.button import Placement

STYLESHEET = Path(buttons.__file__).parents[1] / "static" / "pages" / "button.css"
# Together less than the minute in which a change has to be live.
BROWSER_SECONDS, KEPT_SECONDS = 45, 10
SHORTLY = 10
MOST_KEPT = 1_000
# What a visitor's browser is to be asked for at most, packed.
MOST_BYTES = 10_240
_READ = frozenset({"sid", "page", "link", "zone", "privacy", "buttons"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    plain: bytes
    packed: bytes
    etag: str
    at: float  # monotonic


_kept: dict[str, Built] = {}


def serve(request: HttpRequest, sid: str) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        answer = _script(b"", status=405, seconds=SHORTLY)
        answer["Allow"] = "GET, HEAD"
        return answer
    try:
        built = _current(sid)
    except DatabaseError:
        built = _kept.get(sid)
        if built is None:
            return _script(b"", status=503, seconds=0)
    if built is None:
        return _script(b"", status=404, seconds=SHORTLY)
    if request.headers.get("Sec-Fetch-Dest") == "script":
        signs.of_life(sid)
    return _answer(request, built)


def _current(sid: str) -> Built | None:
    """None where there is no such site."""
    kept = _kept.get(sid)
    if kept is not None and time.monotonic() - kept.at < KEPT_SECONDS:
        return kept
    site = Site.objects.filter(sid=sid).first()
    if site is None:
        _kept.pop(sid, None)
        return None
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    built = _kept[sid] = _build(site)
    return built


def weight(site: Site) -> int:
    """In bytes, packed, as a visitor's browser fetches it."""
    return len(_build(site).packed)


def _build(site: Site) -> Built:
    plain = building.script(_told(site), STYLESHEET.read_text(encoding="utf-8")).encode()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:24]}"'
    return Built(plain=plain, packed=gzip.compress(plain, 9, mtime=0), etag=etag, at=time.monotonic())


def _told(site: Site) -> dict[str, Any]:
    """What the script reads of a site's configuration, and its own address."""
    told = {name: value for name, value in buttons.config(site).items() if name in _READ}
    told["buttons"] = [_without_what_it_lacks(button) for button in told["buttons"]]
    told["home"] = f"{settings.PUBLIC_URL}/tag/{site.sid}"
    if settings.FACEBOOK_APP_ID:
        told["plugin"] = {"app": settings.FACEBOOK_APP_ID, "graph": settings.GRAPH_VERSION}
    else:  # Facebook draws for apps that it knows
        told["buttons"] = [{**button, "legacy": False} for button in told["buttons"]]
    return told


def _without_what_it_lacks(button: dict[str, Any]) -> dict[str, Any]:
    """A button stands in a corner or in an element of the shop's, and never in both."""
    lacks = {"corner", "x", "y"} if button["placement"] == Placement.FIXED else {"selector"}
    return {name: value for name, value in button.items() if name not in lacks}


def _answer(request: HttpRequest, built: Built) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = _script(built.packed if packed else built.plain, status=200, seconds=BROWSER_SECONDS)
    if packed:
        answer["Content-Encoding"] = "gzip"
    # One tag for both encodings would be a lie to a cache that keeps each.
    etag = f"W/{built.etag}"
    answer["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=answer)
    return found or answer


def _script(body: bytes, *, status: int, seconds: int) -> HttpResponse:
    answer = HttpResponse(body, status=status, content_type="application/javascript; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={seconds}, must-revalidate" if seconds else "no-store"
    answer["Vary"] = "Accept-Encoding"
    answer["X-Content-Type-Options"] = "nosniff"
    # A script on other sites, those that isolate themselves included.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
