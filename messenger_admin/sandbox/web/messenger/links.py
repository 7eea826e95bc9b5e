"""m.me links: whoever opens one says who they are, and lands in their thread with the page."""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messenger_admin.sandbox.messenger import acts, people
from messenger_admin.sandbox.messenger.acts import CannotAct
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import opened, transaction
from messenger_admin.sandbox.web.messenger import places
from messenger_admin.sandbox.web.messenger.forms import OpenForm

# Who opened a link in this browser last.
COOKIE = "sandbox_person"
REMEMBERED_SECONDS = 30 * 86_400


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def land(request: HttpRequest, page_id: str) -> HttpResponse:
    """GET asks who opens the link, and offers whoever did before. POST: that person arrives."""
    with opened(settings.SANDBOX_STORE) as store:
        page = places.find(store, page_id)
        if page is None:
            return render(request, "sandbox/messenger/no_page.html", {"page_id": page_id}, status=HTTPStatus.NOT_FOUND)
        form = OpenForm(_given(request, page_id))
        valid = form.is_valid()
        if request.method == "POST" and valid and people.person(store, form.cleaned_data["person"]):
            return _enter(store, form.cleaned_data)
        context = {
            "page": page,
            "given": {name: form.data[name] for name in ("ref", "text")},
            "bad_ref": form.errors.get("ref"),
            "people": people.everybody(store),
            "remembered": people.person(store, request.COOKIES.get(COOKIE, "")),
        }
        return render(request, "sandbox/messenger/m_me.html", context)


def _given(request: HttpRequest, page_id: str) -> dict[str, str]:
    link = {name: request.GET.get(name, "") for name in ("ref", "text")}
    return {**link, "page_id": page_id, "person": request.POST.get("person", "")}


def _enter(store: sqlite3.Connection, data: Mapping[str, str]) -> HttpResponse:
    now = time.time()
    with transaction(store):
        contact = people.met(store, data["person"], data["page_id"], now=now)
        # Who blocked the page sees the thread, and the page hears nothing.
        with suppress(CannotAct):
            acts.arrive(store, contact, ref=data["ref"], now=now)
    response = redirect(f"{reverse('sandbox:phone')}?{urlencode(_phone(contact, data['text']))}")
    response.set_cookie(COOKIE, contact.person.id, max_age=REMEMBERED_SECONDS, httponly=True, samesite="Lax")
    return response


def _phone(contact: Contact, text: str) -> dict[str, str]:
    return {"page_id": contact.page_id, "customer_id": contact.psid, **({"text": text} if text else {})}
