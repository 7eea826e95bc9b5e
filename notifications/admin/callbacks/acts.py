"""What a person does on a callback's page: each asks first, where it can't be taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin.callbacks.form import ReplayForm
from notifications.admin.numbers import grouped
from notifications.models.callback import Callback, CallbackCall, CallbackState
from notifications.services.callbacks import managing
from notifications.services.callbacks.managing import Span
from pages.admin.base import actor_of, not_here, on_the_clock_of, question
from pages.admin.unfold import ModelAdmin

Admin = ModelAdmin[Any]
QUESTIONS = "admin/notifications/callback"


def offered(callback: Callback) -> frozenset[str]:
    """The acts that make sense in its present state."""
    always = {"replay", "rotate"}
    if callback.state == CallbackState.STOPPED:
        return frozenset(always | {"start_again"})
    if callback.state == CallbackState.ON:
        return frozenset(always | {"send_test"} | ({"try_now"} if callback.next_try_at else set()))
    return frozenset(always)


def show_secret(model_admin: Admin, request: HttpRequest, callback: Callback, *, secret: str) -> HttpResponse:
    """The only page that ever shows the secret: the answer to the request that made it, kept by nobody."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": callback,
        "title": _("The secret of this callback"),
        "secret": secret,
        "back": _address(callback),
        "media": model_admin.media,
    }
    response = TemplateResponse(request, f"{QUESTIONS}/secret.html", context)
    add_never_cache_headers(response)
    return response


def rotate(model_admin: Admin, request: HttpRequest, object_id: str) -> HttpResponse:
    callback = _of(model_admin, request, object_id)
    if callback is None:
        return not_here(model_admin, request, object_id)
    if request.method != "POST":
        return _ask(model_admin, request, callback, "rotate", title=_("Make a new secret?"))
    secret = managing.rotate(callback=callback, actor=actor_of(request), now=timezone.now())
    return show_secret(model_admin, request, callback, secret=secret)


def send_test(model_admin: Admin, request: HttpRequest, object_id: str) -> HttpResponse:
    callback = _of(model_admin, request, object_id)
    if callback is None:
        return not_here(model_admin, request, object_id)
    if request.method != "POST":
        return _ask(model_admin, request, callback, "test", title=_("Send a test event?"))
    if managing.send_test(callback=callback, actor=actor_of(request), now=timezone.now()):
        model_admin.message_user(request, _("The test is on its way: what comes of it is in the log below."))
    else:
        model_admin.message_user(request, _("The callback is not on, so nothing was sent."), messages.WARNING)
    return _back(callback)


def try_now(model_admin: Admin, request: HttpRequest, object_id: str) -> HttpResponse:
    callback = _of(model_admin, request, object_id)
    if callback is None:
        return not_here(model_admin, request, object_id)
    if request.method != "POST":
        return _ask(model_admin, request, callback, "try_now", title=_("Try now?"))
    if managing.try_now(callback=callback, actor=actor_of(request)):
        model_admin.message_user(request, _("The next try is made at once: what comes of it is in the log below."))
    else:
        model_admin.message_user(request, _("It was not waiting for a next try."), messages.WARNING)
    return _back(callback)


def start_again(model_admin: Admin, request: HttpRequest, object_id: str) -> HttpResponse:
    callback = _of(model_admin, request, object_id)
    if callback is None:
        return not_here(model_admin, request, object_id)
    if request.method != "POST":
        return _ask(model_admin, request, callback, "start", title=_("Start again?"))
    skip = "skip" in request.POST
    if managing.start_again(callback=callback, skip_waiting=skip, actor=actor_of(request), now=timezone.now()):
        model_admin.message_user(request, _("Calls are made again."))
    else:
        model_admin.message_user(request, _("It was not stopped any more."), messages.WARNING)
    return _back(callback)


def replay(model_admin: Admin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Which events, then how many these are, then it is done."""
    callback = _of(model_admin, request, object_id)
    if callback is None:
        return not_here(model_admin, request, object_id)
    form = ReplayForm(request.POST if request.method == "POST" else None)
    with timezone.override(callback.site.zone):
        if not form.is_valid():
            return _ask(model_admin, request, callback, "which", title=_("Send events again"), form=form)
        span = form.span(callback)
        return _replay(model_admin, request, callback, span=span, form=form)


def replay_call(model_admin: Admin, request: HttpRequest, call: CallbackCall) -> HttpResponse:
    """The events of one call; there is nothing to choose."""
    return _replay(model_admin, request, call.callback, span=managing.of_call(call), form=None)


def _replay(
    model_admin: Admin, request: HttpRequest, callback: Callback, *, span: Span, form: ReplayForm | None
) -> HttpResponse:
    count = managing.events_of(callback, span).count()
    if count and "sure" not in request.POST:
        asked = ngettext("Send %(count)s event again?", "Send %(count)s events again?", count)
        title = asked % {"count": grouped(count)}
        return _ask(model_admin, request, callback, "replay", title=title, form=form)
    done = managing.replay(callback=callback, span=span, actor=actor_of(request), now=timezone.now())
    if not done:
        model_admin.message_user(request, _("There is no such event any more."), messages.WARNING)
    else:
        told = ngettext("%(count)s event is sent again.", "%(count)s events are sent again.", done)
        model_admin.message_user(request, told % {"count": grouped(done)})
    return _back(callback)


def _ask(
    model_admin: Admin, request: HttpRequest, callback: Callback, template: str, **context: object
) -> HttpResponse:
    asked = question(
        model_admin,
        request,
        callback,
        template=f"{QUESTIONS}/{template}.html",
        callback=callback,
        media=model_admin.media,
        **context,
    )
    return on_the_clock_of(callback.site, asked)


def _of(model_admin: Admin, request: HttpRequest, object_id: str) -> Callback | None:
    callback: Callback | None = model_admin.get_object(request, object_id)
    return callback


def _address(callback: Callback) -> str:
    return reverse("admin:notifications_callback_change", args=[callback.pk])


def _back(callback: Callback) -> HttpResponseRedirect:
    return HttpResponseRedirect(_address(callback))
