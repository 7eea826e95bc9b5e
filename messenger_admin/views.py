"""The front door: leads each person to where they work."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

# The first that a person may do decides; whoever sets things up, or may do all, starts with the overview.
WORKPLACES = (
    ("pages.change_page", "admin:index"),
    ("notifications.change_campaign", "admin:notifications_campaign_changelist"),
    ("notifications.view_delivery", "admin:notifications_delivery_changelist"),
)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    workplace = workplace_of(request.user)
    if workplace:
        return HttpResponseRedirect(reverse(workplace))
    context = admin.site.each_context(request) | {"title": "Messenger Admin"}
    return render(request, "messenger_admin/no_workplace.html", context, status=403)


def workplace_of(person: User | AnonymousUser) -> str:
    """The URL name of the screen where `person` starts; empty for an account that may do nothing yet."""
    if not person.is_staff:
        return ""
    return next((url for permission, url in WORKPLACES if person.has_perm(permission)), "")
