"""Everything that the inbox shows, in parts that a script can ask for anew."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from notifications.admin import times
from notifications.admin.conversations import windows
from notifications.admin.conversations.entries import Stretch, stretch
from notifications.admin.conversations.lists import NOTHING, TABS, Asked, Listed, listed, pages
from notifications.admin.conversations.ours import optins_of
from notifications.admin.conversations.panel import ANSWER, MOST_OPTINS, Panel, agents, panel
from notifications.admin.conversations.rows import initials, name_of
from notifications.admin.people import actor_of
from notifications.bubble.reading import web_address
from notifications.models import Notification
from optins.admin.whole_file import may_export
from pages.conversations.forgetting import is_nobody
from pages.conversations.listing import Place
from pages.models import Thread

FOLDER = "admin/pages/thread"
# Composed notifications that can be chosen for an answer, the newest first.
MOST_NOTIFICATIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One conversation. `is_old`: not its newest part, so nothing is added below."""

    thread: Thread
    stretch: Stretch
    standing: windows.Standing
    panel: Panel
    is_old: bool = False


def shown(thread: Thread, request: HttpRequest, now: datetime, *, before: Place | None = None) -> Shown:
    optins = optins_of(thread, MOST_OPTINS)
    return Shown(
        thread=thread,
        stretch=stretch(thread, optins, before=before, now=now),
        standing=windows.standing(thread, now),
        panel=panel(thread, optins, request, now),
        is_old=before is not None,
    )


def list_context(asked: Asked, found: Listed, chosen: int | None) -> dict[str, Any]:
    return {
        "asked": asked,
        "listed": found,
        "query": asked.query(),
        "older_query": asked.query(before=found.older) if found.older else "",
        "nothing": NOTHING[asked.which],
        "chosen": chosen,
        "many_pages": asked.page is None and len({row.page for row in found.rows}) > 1,
    }


def thread_context(one: Shown, request: HttpRequest) -> dict[str, Any]:
    thread = one.thread
    return {
        "thread": thread,
        "one": one,
        "name": name_of(thread),
        "initials": initials(thread.name),
        "picture": web_address(thread.picture_url),
        "site": link.site if (link := times.link_of(thread.page)) else None,
        "may_answer": request.user.has_perm(ANSWER),
        "is_mine": thread.assigned_to_id == request.user.pk,
        "may_export": may_export(request.user),
        "may_erase": request.user.has_perm("optins.erase_optin") and not is_nobody(thread),
    }


def whole(asked: Asked, one: Shown | None, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The context of the whole screen."""
    found = listed(asked, user=actor_of(request), now=now)
    context = list_context(asked, found, one.thread.pk if one else None)
    linked = pages()
    context |= {
        "tabs": [(which, label, which is asked.which, _tab(asked, which.value)) for which, label in TABS.items()],
        "pages": linked,
        "list_version": version(found),
        "nobody_yet": not (linked and (found.rows or Thread.objects.exists())),
        "may_link": request.user.has_perm("pages.link_page"),
    }
    return context | (_composer(one, request) if one else {})


def _tab(asked: Asked, which: str) -> str:
    return asked.query(**{"is": "" if which == "open" else which, "q": ""})


def _composer(one: Shown, request: HttpRequest) -> dict[str, Any]:
    context = {**thread_context(one, request), "thread_version": version(one), "form": secrets.token_urlsafe(16)}
    if context["may_answer"]:
        context["notifications"] = _notifications(one)
        context["agents"] = agents()
    return context


def _notifications(one: Shown) -> QuerySet[Notification]:
    """Once the window is closed, those that have a utility template alone."""
    rows = Notification.objects.only("name", "kind").order_by("-updated_at")
    if one.standing.window.state == "closed":
        rows = rows.filter(utility__isnull=False)
    return rows[:MOST_NOTIFICATIONS]


def version(part: Listed | Shown) -> str:
    """What was shown, in a few letters: a script gets nothing while they stay the same."""
    told = repr(part)
    if isinstance(part, Shown):
        thread = part.thread
        told += repr((thread.closed_at, thread.assigned_to_id, thread.unread, thread.name, thread.picture_url))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def drawn(name: str, context: dict[str, Any], request: HttpRequest) -> str:
    return render_to_string(f"{FOLDER}/{name}.html", context, request)
