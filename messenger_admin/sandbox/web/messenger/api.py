"""Messenger for scripts: people, what they do, what is posted to the app, and how. JSON in, JSON out."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messenger_admin.sandbox.messenger import acts as done
from messenger_admin.sandbox.messenger import manners as told
from messenger_admin.sandbox.messenger import outbox
from messenger_admin.sandbox.messenger import people as persons
from messenger_admin.sandbox.messenger.acts import CannotAct
from messenger_admin.sandbox.messenger.events import Field, News
from messenger_admin.sandbox.messenger.people import Person
from messenger_admin.sandbox.store import opened, transaction
from messenger_admin.sandbox.web.forms import StrictForm
from messenger_admin.sandbox.web.messenger.acting import NobodyThere, perform
from messenger_admin.sandbox.web.messenger.forms import (
    ActForm,
    ActsForm,
    EventForm,
    MannerForm,
    NewPeopleForm,
    PeopleForm,
    WebhooksForm,
)
from messenger_admin.sandbox.web.posted import NotSent, NotValid, as_posted, json_object, problem, refused

USUAL = 100
Answer = Callable[[HttpRequest], HttpResponse]
Asked = TypeVar("Asked", bound=StrictForm)


def door(*methods: str) -> Callable[[Answer], Answer]:
    """A view that takes JSON and no other site's form, so that no CSRF token is due; what is wrong is answered 400."""

    def decorate(view: Answer) -> Answer:
        @csrf_exempt
        @never_cache
        @require_http_methods(methods)
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            try:
                return view(request)
            except NotSent as error:
                return error.answer

        return answered

    return decorate


def asked(form: Asked) -> Asked:
    if not form.is_valid():
        raise NotValid(form.problems())
    return form


def posted(request: HttpRequest) -> dict[str, Any]:
    return as_posted(json_object(request))


@door("GET", "POST")
def people(request: HttpRequest) -> HttpResponse:
    """GET: everybody with Messenger, and whom a page knows. POST: somebody new, or a crowd on a page."""
    if request.method == "POST":
        return _new_people(asked(NewPeopleForm(posted(request))).cleaned_data)
    data = asked(PeopleForm(request.GET)).cleaned_data
    limit, start = data["limit"] or USUAL, data["start"] or 0
    with opened(settings.SANDBOX_STORE) as store:
        known = persons.contacts(store, page_id=data["page_id"], search=data["q"], start=start, limit=limit)
        everybody = persons.everybody(store, limit=limit)
    return said({"people": [asdict(one) for one in everybody], "contacts": [asdict(one) for one in known]})


def _new_people(data: Mapping[str, Any]) -> HttpResponse:
    with opened(settings.SANDBOX_STORE) as store, transaction(store):
        if data["count"]:
            psids = persons.crowd(store, data["page_id"], data["count"], now=time.time())
            return said({"psids": psids}, HTTPStatus.CREATED)
        first, _space, last = data["name"].partition(" ")
        new = Person(id=data["id"], name=data["name"], first_name=first, last_name=last, locale="en_US")
        persons.add(store, [new])
        return said(asdict(persons.person(store, new.id) or new), HTTPStatus.CREATED)


@door("GET", "POST")
def acts(request: HttpRequest) -> HttpResponse:
    """GET: what somebody did, in order. POST: somebody does something."""
    if request.method == "POST":
        return _act(asked(ActForm(posted(request))).cleaned_data)
    data = asked(ActsForm(request.GET)).cleaned_data
    with opened(settings.SANDBOX_STORE) as store:
        found = done.since(store, data["psid"], after=data["after"] or 0, limit=data["limit"] or USUAL)
    return said({"acts": [asdict(one) for one in found]})


def _act(data: Mapping[str, Any]) -> HttpResponse:
    try:
        with opened(settings.SANDBOX_STORE) as store:
            contact, act, happened = perform(store, data)
    except NobodyThere:
        return refused([problem(_("There is nobody like that."), "psid")], HTTPStatus.NOT_FOUND)
    except CannotAct as error:
        return refused([problem(error.words, "act")], HTTPStatus.CONFLICT)
    act_json = asdict(act) if act else None
    answer = {"psid": contact.psid, "page_id": contact.page_id, "done": happened, "act": act_json}
    return said(answer, HTTPStatus.CREATED)


@door("GET", "POST", "DELETE")
def webhooks(request: HttpRequest) -> HttpResponse:
    """GET: what was and will be posted, newest first. POST: any event of a page. DELETE: forgets all of it."""
    with opened(settings.SANDBOX_STORE) as store:
        if request.method == "DELETE":
            return said({"removed": outbox.clear(store)})
        if request.method == "POST":
            return _tell(store, asked(EventForm(posted(request))).cleaned_data)
        data = asked(WebhooksForm(request.GET)).cleaned_data
        found = outbox.newest(store, **data | {"limit": data["limit"] or USUAL})
        hooks, waiting = outbox.hooks(store), outbox.count(store)
    entries = [asdict(one) | {"event": one.json} for one in found]
    return said({"webhooks": entries, "waiting": waiting, "hooks": [asdict(one) for one in hooks]})


def _tell(store: sqlite3.Connection, data: Mapping[str, Any]) -> HttpResponse:
    with transaction(store):
        news = [News(Field(data["field"]), data["event"])]
        return said({"posts": outbox.put(store, data["page_id"], news, now=time.time())}, HTTPStatus.CREATED)


@door("GET", "POST", "DELETE")
def manners(request: HttpRequest) -> HttpResponse:
    """GET: how webhooks are posted. POST: changes it. DELETE: back to the usual, for `?page_id=` or everywhere."""
    with opened(settings.SANDBOX_STORE) as store:
        if request.method == "DELETE":
            return said({"removed": told.forget(store, request.GET.get("page_id"))})
        if request.method == "POST":
            form = asked(MannerForm(posted(request)))
            manner = told.tell(store, form.cleaned_data["page_id"], **form.changes())
            return said(asdict(manner), HTTPStatus.CREATED)
        special = {page_id: asdict(manner) for page_id, manner in told.told(store).items() if page_id}
        return said({"usual": asdict(told.load(store)), "pages": special})


def said(answer: dict[str, Any], status: int = HTTPStatus.OK) -> JsonResponse:
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
