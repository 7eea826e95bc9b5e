"""People with Messenger: whom each page knows, and who could open one."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from messenger_admin.sandbox.messenger import people
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.messenger import places
from messenger_admin.sandbox.web.messenger.forms import PeopleForm
from messenger_admin.sandbox.web.messenger.phones import WINDOW
from messenger_admin.sandbox.web.threads import moment

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    contact: Contact
    page: str

    @property
    def acted(self) -> datetime | None:
        return None if self.contact.acted_at is None else moment(self.contact.acted_at)

    @property
    def is_open(self) -> bool:
        return self.acted is not None and timezone.now() - self.acted <= WINDOW

    @property
    def hue(self) -> int:
        return sum(ord(letter) * 37 for letter in self.contact.psid) % 360


@never_cache
@require_GET
def everybody(request: HttpRequest) -> HttpResponse:
    """Whom pages know, the newest first, and a way to open a page as somebody."""
    form = PeopleForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    start, page_id, search = asked.get("start") or 0, asked.get("page_id", ""), asked.get("q", "")
    with opened(settings.SANDBOX_STORE) as store:
        found = people.contacts(store, page_id=page_id, search=search, start=start, limit=PER_PAGE + 1)
        names = places.named(store, {one.page_id for one in found})
        context = {
            "tab": "people",
            "rows": [Row(contact=one, page=names.get(one.page_id, one.page_id)) for one in found[:PER_PAGE]],
            "pages": places.offered(store),
            "chosen": page_id,
            "search": search,
            "newer": max(start - PER_PAGE, 0) if start else None,
            "older": start + PER_PAGE if len(found) > PER_PAGE else None,
        }
    return render(request, "sandbox/messenger/people.html", context)
