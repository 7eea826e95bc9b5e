"""Facebook's login dialog: who are you, which pages do you share, what may the app do."""

import sqlite3

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messenger_admin.sandbox.facebook import app, consent, grants, people
from messenger_admin.sandbox.facebook.consent import Asked, Blocked
from messenger_admin.sandbox.facebook.people import Person
from messenger_admin.sandbox.store import opened, transaction
from messenger_admin.sandbox.web.facebook.words import PROBLEMS, SCOPES

# From so many on, the list of pages can be searched.
MANY = 8


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oauth(request: HttpRequest, version: str) -> HttpResponse:
    """The whole dialog at one address, as Facebook has it; `as` in the query is who said that it is them."""
    versions = (*app.VERSIONS, settings.GRAPH_VERSION)
    try:
        asked = consent.read(request.GET.dict(), version=version, app=app.this(), versions=versions)
    except Blocked as blocked:
        return _blocked(request, blocked)
    if request.method == "POST" and request.POST.get("answer") == "cancel":
        return HttpResponseRedirect(asked.refused)
    with opened(settings.SANDBOX_STORE) as store:
        who = people.person(store, request.GET.get("as", ""))
        if who is None:
            return _ask_who(request, store)
        if request.method == "POST" and request.POST.get("answer") == "continue":
            return HttpResponseRedirect(asked.granted(_grant(request, store, asked, who)))
        return _ask_what(request, store, asked, who)


def _blocked(request: HttpRequest, blocked: Blocked) -> HttpResponse:
    title, words = PROBLEMS[blocked.problem]
    context = {"title": title, "words": words, "detail": blocked.detail}
    return render(request, "sandbox/facebook/blocked.html", context, status=400)


def _ask_who(request: HttpRequest, store: sqlite3.Connection) -> HttpResponse:
    rows = []
    for person in people.everybody(store):
        query = request.GET.copy()
        query["as"] = person.user_id
        pages = len(people.roles(store, person.user_id))
        rows.append({"person": person, "pages": pages, "address": f"?{query.urlencode()}"})
    return render(request, "sandbox/facebook/who.html", {"rows": rows})


def _ask_what(request: HttpRequest, store: sqlite3.Connection, asked: Asked, who: Person) -> HttpResponse:
    query = request.GET.copy()
    query.pop("as", None)
    roles = people.roles(store, who.user_id)
    context = {
        "who": who,
        "roles": roles,
        "many": len(roles) >= MANY,
        "scopes": [{"name": scope, "words": SCOPES.get(scope, scope)} for scope in asked.scopes],
        "someone_else": f"?{query.urlencode()}",
        "returns_to": app.this().home,
        "language": get_language(),
    }
    return render(request, "sandbox/facebook/consent.html", context)


def _grant(request: HttpRequest, store: sqlite3.Connection, asked: Asked, who: Person) -> str:
    """Writes down what was ticked, of what there was to tick; the code that brings it home."""
    own = [role.page.page_id for role in people.roles(store, who.user_id)]
    pages, scopes = set(request.POST.getlist("page")), set(request.POST.getlist("scope"))
    with transaction(store):
        grants.give(
            store,
            who.user_id,
            scopes=[scope for scope in asked.scopes if scope in scopes],
            page_ids=[page_id for page_id in own if page_id in pages],
        )
        return grants.code_for(store, who.user_id, redirect_uri=asked.redirect_uri)
