"""The inbox's doors: more of a list, what is new, an answer, an act, a preview."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from notifications.admin.conversations import answering, screen
from notifications.admin.conversations.entries import stretch
from notifications.admin.conversations.lists import Asked, listed
from notifications.admin.conversations.ours import optins_of
from notifications.admin.conversations.panel import ANSWER, MOST_OPTINS, agents
from notifications.admin.conversations.rows import beside, name_of
from notifications.admin.lookups import by_pk
from notifications.admin.people import actor_of
from notifications.models import Notification
from pages.conversations import acting
from pages.conversations.listing import Place
from pages.models import Thread

VIEW = "pages.view_thread"


class InboxView(View):
    """Open to who may read conversations; `right` narrows a door to who may answer."""

    right = VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(VIEW) or not request.user.has_perm(self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def thread(self, object_id: int) -> Thread:
        return get_object_or_404(beside(Thread.objects.all()), pk=object_id)

    def back(self, thread: Thread) -> HttpResponseRedirect:
        query = Asked.of(self.request.GET).query()
        url = reverse("admin:pages_thread_change", args=[thread.pk])
        return HttpResponseRedirect(f"{url}?{query}" if query else url)

    @property
    def by_script(self) -> bool:
        return "application/json" in self.request.headers.get("Accept", "")


class RowsView(InboxView):
    """The list from a place on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = Asked.of(request.GET)
        found = listed(asked, user=actor_of(request), now=timezone.now())
        context = screen.list_context(asked, found, None)
        return TemplateResponse(request, f"{screen.FOLDER}/rows.html", context)


class OlderView(InboxView):
    """A conversation's messages before a place."""

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        thread, before = self.thread(object_id), Place.read(request.GET.get("before", ""))
        found = stretch(thread, optins_of(thread, MOST_OPTINS), before=before, now=timezone.now())
        context = {"thread": thread, "stretch": found, "may_answer": request.user.has_perm(ANSWER)}
        return TemplateResponse(request, f"{screen.FOLDER}/entries.html", context)


class NewsView(InboxView):
    """What changed since `list` and `thread`, the versions of what the screen shows."""

    def get(self, request: HttpRequest) -> JsonResponse:
        now, asked = timezone.now(), Asked.of(request.GET)
        news: dict[str, Any] = {}
        found = listed(asked, user=actor_of(request), now=now)
        chosen = by_pk(beside(Thread.objects.all()), request.GET.get("open"))
        if (version := screen.version(found)) != request.GET.get("list"):
            context = screen.list_context(asked, found, chosen.pk if chosen else None)
            news["list"] = {"version": version, "rows": screen.drawn("rows", context, request)}
        if chosen:
            one = screen.shown(chosen, request, now)
            if (version := screen.version(one)) != request.GET.get("thread"):
                news["thread"] = {"version": version, **self._parts(one, request)}
        return JsonResponse(news)

    def _parts(self, one: screen.Shown, request: HttpRequest) -> dict[str, str]:
        context = {**screen.thread_context(one, request), "stretch": one.stretch, "agents": agents()}
        context["query"] = Asked.of(request.GET).query()
        return {name: screen.drawn(name, context, request) for name in ("entries", "head", "window", "panel")}


class ReplyView(InboxView):
    """An answer. What was typed is never lost: where nothing was sent, the screen keeps it and says why."""

    right = ANSWER
    # What is around the screen, by request and title; as_view gives it.
    frame: Callable[[HttpRequest, str], dict[str, Any]] | None = None

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        thread, now = self.thread(object_id), timezone.now()
        try:
            answer = answering.read(thread, request.POST, now)
            form = request.POST.get("form", "")
            answering.send(thread=thread, answer=answer, form=form, actor=actor_of(request), now=now)
        except answering.Refused as refusal:
            return self._refused(thread, str(refusal))
        return JsonResponse({"sent": True}) if self.by_script else self.back(thread)

    def _refused(self, thread: Thread, why: str) -> HttpResponse:
        if self.by_script:
            return JsonResponse({"sent": False, "why": why}, status=409)
        now = timezone.now()
        one = screen.shown(thread, self.request, now)
        context = {
            **screen.whole(Asked.of(self.request.GET), one, self.request, now),
            **(self.frame(self.request, name_of(thread)) if self.frame else {}),
            "typed": self.request.POST.get("text", ""),
            "refusal": why,
        }
        return TemplateResponse(self.request, f"{screen.FOLDER}/inbox.html", context, status=409)


class ActView(InboxView):
    """Taking, giving, closing, opening again, reading."""

    right = ANSWER

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        thread = self.thread(object_id)
        said = self._do(thread, request.POST.get("act", ""))
        if self.by_script:
            return JsonResponse({"done": True})
        if said:
            messages.success(request, said)
        return self.back(thread)

    def _do(self, thread: Thread, act: str) -> str:
        actor, now = actor_of(self.request), timezone.now()
        match act:
            case "take":
                return (
                    "" if acting.take(thread=thread, actor=actor) else _("Somebody was first, or it is yours already.")
                )
            case "assign":
                return self._assign(thread)
            case "close":
                return (
                    _("The conversation is closed until the person writes.")
                    if acting.close(thread=thread, actor=actor, now=now)
                    else ""
                )
            case "reopen":
                acting.reopen(thread=thread, actor=actor)
            case "read":
                until = self.request.POST.get("until", "")
                acting.mark_read(thread=thread, until=int(until) if until.isdecimal() and len(until) <= 18 else 0)
            case "unread":
                acting.mark_unread(thread=thread)
                return _("Marked as unread.")
        return ""

    def _assign(self, thread: Thread) -> str:
        chosen = self.request.POST.get("to", "")
        to = by_pk(get_user_model().objects.filter(pk__in=[agent.pk for agent in agents()]), chosen)
        if chosen and to is None:
            return _("This person can't answer conversations.")
        acting.assign(thread=thread, to=to, actor=actor_of(self.request))
        return ""


class PreviewView(InboxView):
    """A composed notification as it would be answered with."""

    right = ANSWER

    def get(self, request: HttpRequest) -> HttpResponse:
        notification = by_pk(Notification.objects.all(), request.GET.get("notification"))
        return TemplateResponse(request, f"{screen.FOLDER}/preview.html", {"notification": notification})
