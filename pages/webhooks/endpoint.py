"""The address that Facebook posts events to: verified once, then each post signed, stored, and answered.

Facebook takes anything but a quick 200 for "not received" and posts again; after an hour of that it stops. So what is
signed is kept whatever it holds, and refused is only what Facebook can't have sent, or what could not be stored.
"""

import hmac
import logging

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from pages.webhooks import inbox, signature
from pages.webhooks.bodies import BrokenOff, Forged, TooLong, read
from pages.webhooks.decoding import Unreadable, loads
from pages.webhooks.unpacking import object_of

logger = logging.getLogger(__name__)

TEXT = "text/plain; charset=utf-8"


@csrf_exempt
def facebook_webhook(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return verify(request)
    if request.method == "POST":
        return take(request)
    return HttpResponseNotAllowed(["GET", "POST"])


def verify(request: HttpRequest) -> HttpResponse:
    """Facebook asks whether the address is ours, when an administrator enters it."""
    asked, expected = request.GET.get("hub.verify_token", ""), settings.FACEBOOK_VERIFY_TOKEN
    knows = bool(expected) and hmac.compare_digest(asked.encode(), expected.encode())
    if request.GET.get("hub.mode") != "subscribe" or not knows:
        return _say("The verify token is another one.", 403)
    return _say(request.GET.get("hub.challenge", ""), 200)


def take(request: HttpRequest) -> HttpResponse:
    digest = signature.digest_in(request.headers.get(signature.HEADER))
    if digest is None:
        return _say(f"{signature.HEADER} is missing, or is no SHA-256.", 403)
    signing = signature.Signing(digest=digest, secret=settings.FACEBOOK_APP_SECRET)
    try:
        body = read(request, signing, most=settings.WEBHOOK_MAX_BYTES)
    except TooLong:
        logger.warning("A webhook call of more than %s bytes was refused.", settings.WEBHOOK_MAX_BYTES)
        return _say(f"Send at most {settings.WEBHOOK_MAX_BYTES} bytes.", 413)
    except BrokenOff:
        return _say("The body broke off.", 400)
    except Forged:
        return _say("The signature is not that of the body.", 403)
    if _is_of_something_else(body):
        return _say("Only pages are known here.", 404)
    return _keep(body)


def _keep(body: bytes) -> HttpResponse:
    try:
        inbox.receive(body, now=timezone.now())
    except Error as error:
        # Whatever keeps the database from storing it: Facebook posts it again.
        logger.warning("A webhook call could not be stored: %s", type(error).__name__)
        answer = _say("The database is away for a moment.", 503)
        answer["Retry-After"] = "2"
        return answer
    return _say("EVENT_RECEIVED", 200)


def _is_of_something_else(body: bytes) -> bool:
    """What can't be read at all is kept, for a person to look at."""
    try:
        return object_of(loads(body)) not in {"", "page"}
    except Unreadable:
        return False


def _say(words: str, status: int) -> HttpResponse:
    """As text and nothing else: a challenge is the caller's own words."""
    headers = {"X-Content-Type-Options": "nosniff", "Content-Length": str(len(words.encode()))}
    return HttpResponse(words, status=status, content_type=TEXT, headers=headers)
