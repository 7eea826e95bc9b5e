"""Facebook for scripts: JSON in, JSON out, by the forms of the screens."""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from messenger_admin.sandbox.facebook import people, resetting, templates
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.facebook import acts, rows
from messenger_admin.sandbox.web.facebook.acts import Data, NobodyThere
from messenger_admin.sandbox.web.facebook.forms import (
    DecisionForm,
    KillForm,
    PageForm,
    PersonForm,
    RevocationForm,
    SignedRequestForm,
)
from messenger_admin.sandbox.web.forms import StrictForm
from messenger_admin.sandbox.web.posted import NotSent, json_object, problem, refused

Said = dict[str, Any]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "DELETE"])
def facebook(request: HttpRequest) -> HttpResponse:
    """GET: who is there, what they granted, what is heard, and templates. DELETE: all as on the first day."""
    with opened(settings.SANDBOX_STORE) as store:
        if request.method == "DELETE":
            resetting.reset(store)
        return JsonResponse(_state(store), json_dumps_params={"ensure_ascii": False})


def _state(store: sqlite3.Connection) -> Said:
    return {
        "people": [_person(store, one.user_id) for one in people.everybody(store)],
        "connected": rows.connected(store),
        "templates": [asdict(one) for one in templates.find(store)],
        "signed_requests": [
            {**asdict(row["posted"]), "link": row["link"], "json": row["posted"].json} for row in rows.posted(store)
        ],
    }


def _person(store: sqlite3.Connection, user_id: str) -> Said:
    row = rows.person(store, user_id)
    grant = row["grant"]
    return {
        **asdict(row["person"]),
        "granted": asdict(grant) if grant else None,
        "tokens": rows.tokens(store, user_id, page_id=""),
        "pages": [
            {**asdict(page["page"]), "tasks": page["tasks"], "shared": page["shared"], "tokens": page["tokens"]}
            for page in rows.pages(store, user_id)
        ],
    }


def _door(kind: type[StrictForm], act: Callable[[sqlite3.Connection, Data], Said]) -> Callable[..., HttpResponse]:
    """POST a JSON object that the form takes; answers what became of it."""

    @csrf_exempt
    @never_cache
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        try:
            form = kind(json_object(request))
            if not form.is_valid():
                return refused(form.problems())
            with opened(settings.SANDBOX_STORE) as store:
                return JsonResponse(act(store, form.cleaned_data), status=HTTPStatus.CREATED)
        except NotSent as wrong:
            return wrong.answer
        except NobodyThere as missing:
            return refused([problem(str(missing))], HTTPStatus.NOT_FOUND)

    return view


def _revoked(store: sqlite3.Connection, data: Data) -> Said:
    acts.revoke(store, data)
    return {"revoked": True}


def _decided(store: sqlite3.Connection, data: Data) -> Said:
    acts.decide(store, data)
    return {"status": data["status"]}


def _sent(store: sqlite3.Connection, data: Data) -> Said:
    posted = acts.send(store, data)
    return {**asdict(posted), "json": posted.json}


add_person = _door(PersonForm, lambda store, data: asdict(acts.add_person(store, data)))
add_page = _door(PageForm, lambda store, data: asdict(acts.add_page(store, data)))
kill = _door(KillForm, lambda store, data: {"killed": acts.kill(store, data)})
revoke = _door(RevocationForm, _revoked)
decide = _door(DecisionForm, _decided)
send = _door(SignedRequestForm, _sent)
