"""Pictures of pages and people, drawn from their ids: two colours and an initial."""

from contextlib import closing

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from messenger_admin.sandbox.facebook import people
from messenger_admin.sandbox.messenger import people as messenger
from messenger_admin.sandbox.store import connect


@cache_control(max_age=3_600, public=True)
@require_safe
def picture(request: HttpRequest, of: str) -> HttpResponse:
    """Of a page, or of somebody with a PSID; whoever is unknown has a picture all the same."""
    context = {"initial": _name(of)[:1].upper() or "?", "hue": sum(ord(one) * 37 for one in of) % 360}
    return render(request, "sandbox/facebook/picture.svg", context, content_type="image/svg+xml")


def _name(of: str) -> str:
    with closing(connect(settings.SANDBOX_STORE)) as store:
        if page := people.page(store, of):
            return page.name
        contact = messenger.contact(store, of)
        return contact.person.name if contact else ""
