"""The sandbox's screens about Facebook: people, their pages and tokens, subscriptions, templates."""

import sqlite3
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messenger_admin.sandbox.facebook import people, resetting, signed_requests, templates
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.facebook import acts, rows
from messenger_admin.sandbox.web.facebook.acts import Data, NobodyThere
from messenger_admin.sandbox.web.facebook.forms import (
    DEATHS,
    REASONS,
    DecisionForm,
    KillForm,
    PageForm,
    PersonForm,
    RevocationForm,
    SignedRequestForm,
)
from messenger_admin.sandbox.web.forms import StrictForm
from messenger_admin.sandbox.web.threads import moment


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    with opened(settings.SANDBOX_STORE) as store:
        context = {
            "tab": "facebook",
            "people": rows.people(store),
            "pages": rows.connected(store),
            "templates": [
                {"template": one, "at": moment(one.created_at), "page": rows.page_name(store, one.page_id)}
                for one in templates.find(store)[::-1]
            ],
            "posted": rows.posted(store),
            "form": PersonForm(),
            "reasons": REASONS,
            "app_id": settings.FACEBOOK_APP_ID,
            "addresses": [settings.PUBLIC_URL + path for path in signed_requests.PATHS.values()],
        }
    return render(request, "sandbox/facebook/overview.html", context)


@never_cache
@require_safe
def person(request: HttpRequest, user_id: str) -> HttpResponse:
    with opened(settings.SANDBOX_STORE) as store:
        who = people.person(store, user_id)
        if who is None:
            notices.error(request, _("There is nobody with this id."))
            return redirect("sandbox:facebook")
        return _person(request, store, user_id, PageForm(initial={"user_id": user_id}))


def _person(request: HttpRequest, store: sqlite3.Connection, user_id: str, form: PageForm) -> HttpResponse:
    context = {
        "tab": "facebook",
        "user_id": user_id,
        "row": rows.person(store, user_id),
        "pages": rows.pages(store, user_id),
        "own": rows.tokens(store, user_id, page_id=""),
        "posted": rows.posted(store, user_id),
        "form": form,
        "deaths": DEATHS.items(),
    }
    return render(request, "sandbox/facebook/person.html", context)


@require_POST
def add_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    with opened(settings.SANDBOX_STORE) as store:
        made = acts.add_person(store, form.cleaned_data)
    notices.success(request, _("%(name)s has an account now.") % {"name": made.name})
    return redirect("sandbox:facebook_person", made.user_id)


@require_POST
def add_page(request: HttpRequest) -> HttpResponse:
    """A form that lacks something comes back with what was typed."""
    form = PageForm(request.POST)
    with opened(settings.SANDBOX_STORE) as store:
        if not form.is_valid() and people.person(store, request.POST.get("user_id", "")):
            return _person(request, store, request.POST["user_id"], form)
    return _do(request, PageForm, lambda store, data: _("%(name)s is there now.") % {"name": _added(store, data)})


def _added(store: sqlite3.Connection, data: Data) -> str:
    return acts.add_page(store, data).name


@require_POST
def kill(request: HttpRequest) -> HttpResponse:
    return _do(request, KillForm, lambda store, data: acts.killed_words(acts.kill(store, data)))


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    def act(store: sqlite3.Connection, data: Data) -> str:
        acts.revoke(store, data)
        return _("Taken back. The app was not told.")

    return _do(request, RevocationForm, act)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    return _do(request, SignedRequestForm, lambda store, data: acts.posted_words(acts.send(store, data)))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    def act(store: sqlite3.Connection, data: Data) -> str:
        acts.decide(store, data)
        return _("Decided. Whoever listens is told.")

    return _do(request, DecisionForm, act)


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    with opened(settings.SANDBOX_STORE) as store:
        resetting.reset(store)
    notices.success(request, _("Facebook is as it was on the first day."))
    return redirect("sandbox:facebook")


def _do(request: HttpRequest, kind: type[StrictForm], act: Callable[[sqlite3.Connection, Data], str]) -> HttpResponse:
    """Does it, says what became of it, and shows whom it was about."""
    form = kind(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    try:
        with opened(settings.SANDBOX_STORE) as store:
            notices.success(request, act(store, form.cleaned_data))
    except NobodyThere as missing:
        notices.error(request, str(missing))
        return redirect("sandbox:facebook")
    user_id: Any = form.cleaned_data.get("user_id")
    return redirect("sandbox:facebook_person", user_id) if user_id else redirect("sandbox:facebook")


def _refused(request: HttpRequest, form: StrictForm) -> HttpResponse:
    for problem in form.problems():
        notices.error(request, f"{problem['field']}: {problem['message']}".removeprefix(": "))
    return redirect("sandbox:facebook")
