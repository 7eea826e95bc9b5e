"""The sandbox for scripts: JSON in, JSON out."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from messenger_admin.sandbox import messages as received
from messenger_admin.sandbox import rules
from messenger_admin.sandbox.behaviours import Behaviour
from messenger_admin.sandbox.messages import Stored
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.behaviour_form import BehaviourForm
from messenger_admin.sandbox.web.forms import MessagesForm, RemovalForm
from messenger_admin.sandbox.web.posted import NotSent, as_posted, json_object, refused

DEFAULT_LIMIT = 100


@never_cache
@require_GET
def messages(request: HttpRequest) -> JsonResponse:
    """What was received, in order. `next` is the address of what follows; None when this is all there is by now."""
    form = MessagesForm(request.GET)
    if not form.is_valid():
        return refused(form.problems())
    limit = form.cleaned_data["limit"] or DEFAULT_LIMIT
    with opened(settings.SANDBOX_STORE) as store:
        found = received.oldest(store, form.query(), limit + 1)
    page = found[:limit]
    return JsonResponse(
        {
            "messages": [as_json(message) for message in page],
            "next": _following(request, page[-1].id) if len(found) > limit else None,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _following(request: HttpRequest, after: int) -> str:
    return f"{reverse('sandbox:api_messages')}?{urlencode(request.GET.dict() | {'after': after})}"


def as_json(message: Stored) -> dict[str, Any]:
    """`body` is the text that came, untouched; `json` is what it decodes to."""
    milliseconds = int(message.received_at * 1000)
    at = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    return {
        "id": message.id,
        "message_id": message.message_id,
        "page_id": message.page_id,
        "customer_id": message.customer_id,
        "body": message.text,
        "json": message.json,
        "received_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "received_ms": milliseconds,
        "status": message.status,
        "delivered": message.delivered,
        "behaviour": message.behaviour,
        "request_id": message.request_id,
    }


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST", "DELETE"])
def behaviours(request: HttpRequest) -> HttpResponse:
    """GET: what it was told. POST a JSON object: tell it. DELETE with `?id=`: take one back, without: all."""
    if request.method == "POST":
        return _tell(request)
    if request.method == "DELETE":
        return _take_back(request)
    with opened(settings.SANDBOX_STORE) as store:
        return JsonResponse({"behaviours": [told_json(told) for told in rules.load(store)]})


def told_json(told: Behaviour) -> dict[str, Any]:
    return {
        "id": told.id,
        "page_id": told.page_id,
        "customer_prefix": told.customer_prefix,
        "kind": told.kind,
        "seconds": told.seconds,
        "status": told.status,
        "retry_after": told.retry_after,
        "body": told.body,
        "delivers": told.delivers,
        "remaining": told.remaining,
        "side": told.side,
        **{name: getattr(told, name) for name in ("code", "subcode", "usage", "regain", "contains", "skip")},
    }


def _tell(request: HttpRequest) -> JsonResponse:
    try:
        data = json_object(request)
    except NotSent as wrong:
        return wrong.answer
    form = BehaviourForm(as_posted(data))
    if not form.is_valid():
        return refused(form.problems())
    with opened(settings.SANDBOX_STORE) as store:
        return JsonResponse(told_json(rules.add(store, form.behaviour())), status=HTTPStatus.CREATED)


def _take_back(request: HttpRequest) -> JsonResponse:
    form = RemovalForm(request.GET)
    if not form.is_valid():
        return refused(form.problems())
    with opened(settings.SANDBOX_STORE) as store:
        return JsonResponse({"removed": rules.remove(store, form.cleaned_data["id"])})
