"""What the tag posts from a shop's page: from the site's declared origins alone, small, and not too often.

A browser tells the origin and can't be made to lie; whoever is no browser can, and is held by the limits. Answers are
JSON with codes for the tag, never for people.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from optins.services import findings, limiting
from pages.models import Site
from pages.webhooks.bodies import BrokenOff, TooLong, pieces

MAX_BYTES = 8_192
PREFLIGHT_SECONDS = 600


class Refused(Exception):
    """`code` goes to the tag, with an HTTP status."""

    def __init__(self, status: int, code: str, *, wait: float = 0.0) -> None:
        self.status, self.code, self.wait = status, code, wait
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """`client` is whom the limits count: an address, or a network of IPv6."""

    site: Site
    body: Mapping[str, Any]
    client: str


# What it returns is answered.
View = Callable[[Posted], Mapping[str, object]]


def posted_from_the_shop(view: View) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, sid: str) -> HttpResponse:
        site = Site.objects.filter(sid=sid).first()
        origin = request.headers.get("Origin", "")
        if site is None:
            return _answer({"error": "unknown_site"}, 404)
        if origin not in site.origins:
            return _answer({"error": "origin"}, 403)
        if request.method == "OPTIONS":
            return _readable_by(origin, _preflight())
        return _readable_by(origin, _asked(request, site, view))

    return door


def _asked(request: HttpRequest, site: Site, view: View) -> HttpResponse:
    try:
        if request.method != "POST":
            raise Refused(405, "method")
        posted = Posted(site=site, body=_body(request), client=_network(request))
        _limit(posted)
        findings.tag_seen(site=site, now=timezone.now())
        return _answer(view(posted), 200)
    except Refused as refused:
        answer = _answer({"error": refused.code}, refused.status)
        if refused.wait:
            answer["Retry-After"] = str(max(1, round(refused.wait)))
        if refused.status == 405:
            answer["Allow"] = "POST, OPTIONS"
        return answer


def _body(request: HttpRequest) -> Mapping[str, Any]:
    try:
        body = json.loads(b"".join(pieces(request, most=MAX_BYTES)))
    except TooLong:
        raise Refused(413, "too_large") from None
    except (BrokenOff, ValueError, RecursionError):
        raise Refused(400, "unreadable") from None
    if not isinstance(body, dict):
        raise Refused(400, "unreadable")
    return body


def _limit(posted: Posted) -> None:
    """The address first: one visitor who asks without end does not use up what the site has."""
    now, site = timezone.now(), str(posted.site.pk)
    asked = ((f"{site}/{posted.client}", settings.OPTIN_PER_ADDRESS), (site, settings.OPTIN_PER_SITE))
    for asker, per_minute in asked:
        if wait := limiting.allow(asker=asker, per_minute=per_minute, now=now):
            raise Refused(429, "too_many", wait=wait)


def _network(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network, since each customer has one to choose addresses from."""
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    # The last one is the proxy's word, what stands before it the client's own.
    address = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _preflight() -> HttpResponse:
    headers = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return HttpResponse(status=204, headers=headers)


def _readable_by(origin: str, answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = origin
    return answer


def _answer(body: Mapping[str, object], status: int) -> HttpResponse:
    answer = JsonResponse(dict(body), status=status)
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
