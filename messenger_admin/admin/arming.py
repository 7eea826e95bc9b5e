"""Letting a database that was restored from a copy send again: an administrator's question, with its consequences."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminRadioSelectWidget

from messenger_admin.admin.site import Site
from messenger_admin.admin.waiting import capped
from notifications.admin.people import actor_of
from notifications.models import Installation
from notifications.services import arming
from notifications.states import Waiting

ARM = "notifications.arm_installation"
# How long a request works at it itself, in seconds; the sweep does the rest.
SECONDS = 2.0
COUNTED = 9_999


class WaitingForm(forms.Form):
    waiting = forms.ChoiceField(
        label=gettext_lazy("What was waiting when the copy was made"),
        choices=Waiting.choices,
        initial=Waiting.HOLD_BACK,
        widget=UnfoldAdminRadioSelectWidget,
    )


def arm(request: HttpRequest) -> HttpResponse:
    """GET asks, POST chooses."""
    if not request.user.has_perm(ARM):
        raise PermissionDenied
    copy = arming.disarmed()
    if copy is None:
        messages.info(request, _("This database is no restored copy, and sends."))
        return HttpResponseRedirect(reverse("admin:index"))
    form = WaitingForm(request.POST or None)
    if request.method == "POST" and not copy.arming and form.is_valid():
        return _choose(request, Waiting(form.cleaned_data["waiting"]))
    context = admin.site.each_context(request) | {
        "title": _("Let this copy send again"),
        "copy": copy,
        "form": form,
        "waiting": capped(arming.waiting_in(copy), COUNTED),
        "back": reverse("admin:index"),
    }
    return TemplateResponse(request, "messenger_admin/arm.html", context)


def _choose(request: HttpRequest, waiting: Waiting) -> HttpResponse:
    now = timezone.now()
    if arming.ask_to_arm(waiting=waiting, actor=actor_of(request), now=now):
        arming.go_on(now=now, seconds=SECONDS)
    if Installation.objects.filter(armed=False).exists():
        messages.info(request, _("The deliveries are being held back; when that is done, this database sends again."))
    else:
        messages.success(request, _("This database sends again."))
    return HttpResponseRedirect(reverse("admin:index"))


def register() -> None:
    Site.doors.append(path("arm/", admin.site.admin_view(arm), name="arm"))
