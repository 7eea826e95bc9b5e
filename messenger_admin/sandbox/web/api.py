"""The sandbox for scripts: JSON in, JSON out."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from messenger_admin.sandbox import messages as received
from messenger_admin.sandbox import rules
from messenger_admin.sandbox.behaviours import Behaviour
from messenger_admin.sandbox.messages import Stored
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.forms import BehaviourForm, MessagesForm, RemovalForm

DEFAULT_LIMIT = 100


def refused(problems: list[dict[str, str]], status: int = HTTPStatus.BAD_REQUEST) -> JsonResponse:
    return JsonResponse({"errors": problems}, status=status)


def _problem(message: str, field: str = "") -> list[dict[str, str]]:
    return [{"field": field, "code": "invalid", "message": message}]


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


# Only JSON is taken, which no other site's form or script can send without asking first; so no CSRF token is due.
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
    }


def _tell(request: HttpRequest) -> JsonResponse:
    if request.content_type != "application/json":
        message = _("Send a JSON object with Content-Type: application/json.")
        return refused(_problem(message), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return refused(_problem(_("The body is no JSON object.")))
    form = BehaviourForm({name: _as_posted(value) for name, value in data.items()})
    if not form.is_valid():
        return refused(form.problems())
    with opened(settings.SANDBOX_STORE) as store:
        return JsonResponse(told_json(rules.add(store, form.behaviour())), status=HTTPStatus.CREATED)


def _as_posted(value: Any) -> Any:
    """A JSON value as a form would send it; a body may be given as the JSON it shall be."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | dict | list) else value


def _take_back(request: HttpRequest) -> JsonResponse:
    form = RemovalForm(request.GET)
    if not form.is_valid():
        return refused(form.problems())
    with opened(settings.SANDBOX_STORE) as store:
        return JsonResponse({"removed": rules.remove(store, form.cleaned_data["id"])})
