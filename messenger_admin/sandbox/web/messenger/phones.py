"""The phone of a person with a PSID, live; the phone of a customer_id is shown by web/pages.py."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from messenger_admin.sandbox import messages
from messenger_admin.sandbox.messages import Query
from messenger_admin.sandbox.messenger import acts, people
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web import live, pages
from messenger_admin.sandbox.web.forms import MAX_LIMIT
from messenger_admin.sandbox.web.messenger import places
from messenger_admin.sandbox.web.messenger.timeline import Cursor, cursor, lines
from messenger_admin.sandbox.web.threads import moment, owner, shown

SHOWN, AT_ONCE = 50, 100
WINDOW = timedelta(hours=24)
EMOJI = ("❤", "😆", "😮", "😢", "👍")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the phone and the panel beside it depend on. `get_started`: the button is shown, and nothing else."""

    begun: bool
    get_started: bool
    blocked: bool
    muted: bool
    reads: bool
    ref: str
    open_until: datetime | None

    @property
    def is_open(self) -> bool:
        return self.open_until is not None and timezone.now() <= self.open_until


@never_cache
@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    page_id, psid = request.GET.get("page_id", ""), request.GET.get("customer_id", "")
    with opened(settings.SANDBOX_STORE) as store:
        contact = _contact(store, page_id, psid)
        if contact is None:
            return pages.phone(request)
        return _phone(request, store, contact)


@never_cache
@require_GET
def thread(request: HttpRequest) -> JsonResponse:
    """What is new since the cursor `after`, as ready HTML, and how things stand."""
    page_id, psid = request.GET.get("page_id", ""), request.GET.get("customer_id", "")
    with opened(settings.SANDBOX_STORE) as store:
        contact = _contact(store, page_id, psid)
        if contact is None:
            return live.thread(request)
        return JsonResponse(_since(store, contact, cursor(request.GET.get("after", ""))))


def _contact(store: sqlite3.Connection, page_id: str, psid: str) -> Contact | None:
    found = people.contact(store, psid)
    return found if found and found.page_id == page_id else None


def _phone(request: HttpRequest, store: sqlite3.Connection, contact: Contact) -> HttpResponse:
    asked = request.GET.get("show", "")
    show = min(max(int(asked), 1), MAX_LIMIT) if asked.isdecimal() and len(asked) < 5 else SHOWN
    received = messages.newest(store, Query(page_id=contact.page_id, customer_id=contact.psid), show + 1)
    did = acts.newest(store, contact.psid, limit=show + 1)
    page = places.find(store, contact.page_id) or owner(contact.page_id)
    more = max(len(received), len(did)) > show
    received, did = received[-show:], did[-show:]
    context = {
        "page": page,
        "customer_id": contact.psid,
        "contact": contact,
        "state": state(store, contact),
        "rows": lines(store, received, did, acts.reactions(store, contact.psid)),
        "emoji": EMOJI,
        "log": shown(received)[::-1],
        "after": str(Cursor(message=received[-1].id if received else 0, act=did[-1].id if did else 0)),
        "more": show * 4 if more else None,
        "draft": request.GET.get("text", "")[:2_000],
    }
    with timezone.override(page.zone):
        return render(request, "sandbox/messenger/phone.html", context)


def state(store: sqlite3.Connection, contact: Contact) -> State:
    return State(
        begun=contact.begun,
        get_started=acts.get_started_payload(store, contact) is not None,
        blocked=contact.blocked_at is not None,
        muted=contact.muted_at is not None,
        reads=contact.reads,
        ref=contact.ref,
        open_until=moment(contact.acted_at) + WINDOW if contact.acted_at is not None else None,
    )


def _since(store: sqlite3.Connection, contact: Contact, after: Cursor) -> dict[str, Any]:
    reset = _is_gone(store, contact, after)
    after = Cursor() if reset else after
    query = Query(page_id=contact.page_id, customer_id=contact.psid, after=after.message)
    received = messages.oldest(store, query, AT_ONCE)
    did = acts.since(store, contact.psid, after=after.act, limit=AT_ONCE)
    last = None if after == Cursor() else _last(store, contact, after)
    page = places.find(store, contact.page_id) or owner(contact.page_id)
    now = state(store, contact)
    reactions = acts.reactions(store, contact.psid)
    with timezone.override(page.zone):
        rows = {"rows": lines(store, received, did, reactions, last=last), "page": page, "emoji": EMOJI}
        found = {
            "phone": render_to_string("sandbox/messenger/lines.html", rows) if received or did else "",
            "log": render_to_string("sandbox/log.html", {"rows": shown(received)[::-1]}) if received else "",
            "facts": render_to_string("sandbox/messenger/window.html", {"state": now}),
        }
    newest = Cursor(message=received[-1].id if received else after.message, act=did[-1].id if did else after.act)
    return {
        "reset": reset,
        "after": str(newest) if received or did else None,
        "reactions": reactions,
        "state": {name: getattr(now, name) for name in ("begun", "get_started", "blocked", "muted", "reads")},
        **found,
    }


def _is_gone(store: sqlite3.Connection, contact: Contact, after: Cursor) -> bool:
    """Whether what the phone shows was forgotten meanwhile."""
    message = after.message and not messages.oldest(store, Query(after=after.message - 1, before=after.message + 1), 1)
    found = acts.since(store, contact.psid, after=after.act - 1, limit=1) if after.act else []
    return bool(message or [one.id for one in found] != ([after.act] if after.act else []))


def _last(store: sqlite3.Connection, contact: Contact, after: Cursor) -> datetime | None:
    """When the newest line that is shown was."""
    query = Query(page_id=contact.page_id, customer_id=contact.psid, before=after.message + 1, delivered=True)
    received = [one.received_at for one in messages.newest(store, query, 1)]
    did = [one.at for one in acts.since(store, contact.psid, after=max(after.act - 1, 0), limit=1) if after.act]
    return moment(max(received + did)) if received or did else None
