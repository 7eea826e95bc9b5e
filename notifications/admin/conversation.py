"""The inbox: a page's private messages, read and answered."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.admin.conversations import screen, views
from notifications.admin.conversations.lists import Asked
from notifications.admin.conversations.person import PersonViews
from notifications.admin.conversations.rows import beside, name_of
from notifications.admin.lookups import by_pk
from pages.admin.base import ReadOnly, not_here
from pages.conversations.listing import Place, around
from pages.models import Thread, ThreadMessage


@admin.register(Thread)
class ThreadAdmin(PersonViews, ReadOnly[Thread]):
    class Media:
        css = {"all": ["notifications/ledger.css", "notifications/bubble.css", "notifications/conversations.css"]}
        js = ["notifications/inbox.js", "notifications/conversation.js"]

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: type[views.InboxView], name: str, **more: Any) -> URLPattern:
            return path(route, self.admin_site.admin_view(view.as_view(**more)), name=f"pages_thread_{name}")

        return [
            door("rows/", views.RowsView, "rows"),
            door("news/", views.NewsView, "news"),
            door("preview/", views.PreviewView, "preview"),
            door("<int:object_id>/older/", views.OlderView, "older"),
            door("<int:object_id>/reply/", views.ReplyView, "reply", frame=self.frame),
            door("<int:object_id>/act/", views.ActView, "act"),
            *super().get_urls(),
        ]

    def frame(self, request: HttpRequest, title: str) -> dict[str, Any]:
        """What is around the screen."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "media": self.media,
            "is_fullwidth": "1",
        }

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = screen.whole(Asked.of(request.GET), None, request, timezone.now())
        context |= self.frame(request, _("Conversations"))
        return TemplateResponse(request, f"{screen.FOLDER}/inbox.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        thread = by_pk(beside(Thread.objects.all()), object_id)
        if thread is None:
            return not_here(self, request, object_id)
        now = timezone.now()
        one = screen.shown(thread, request, now, before=_place(thread, request))
        context = {**screen.whole(Asked.of(request.GET), one, request, now), **self.frame(request, name_of(thread))}
        return TemplateResponse(request, f"{screen.FOLDER}/inbox.html", {**context, "original": thread})


def _place(thread: Thread, request: HttpRequest) -> Place | None:
    """Where a message that was searched for stands with some of what followed it."""
    message = by_pk(ThreadMessage.objects.filter(thread=thread), request.GET.get("at"))
    return around(message) if message else None
