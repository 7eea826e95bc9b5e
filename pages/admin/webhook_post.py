"""Calls of Facebook that nobody could read, kept whole, and having them read again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin import webhook_words
from pages.admin.base import LongList, ReadOnly, actor_of, not_here, question
from pages.admin.unfold import action, display
from pages.admin.webhook_event import REPLAY
from pages.models import WebhookPost
from pages.models.webhook import PostState
from pages.webhooks import replaying

# Bytes of a body that are shown.
SHOWN = 20_000


@admin.register(WebhookPost)
class WebhookPostAdmin(ReadOnly[WebhookPost], LongList[WebhookPost]):
    """The readable ones are in the list of events: of them only the time is left here."""

    list_display = ("received_at", "number", "trouble")
    ordering = ("-id",)
    nothing_yet = gettext_lazy("Every call of Facebook could be read.")
    fields = ("received_at", "error_text", "came")
    actions_detail = ("read_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookPost]:
        unreadable: QuerySet[WebhookPost] = super().get_queryset(request).filter(state=PostState.UNREADABLE)
        return unreadable

    def has_replay_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(REPLAY)

    @display(description=gettext_lazy("no."))
    def number(self, post: WebhookPost) -> str:
        return str(post)

    @display(description=gettext_lazy("error"))
    def trouble(self, post: WebhookPost) -> Any:
        return webhook_words.excerpt(post.error)

    @display(description=gettext_lazy("error"))
    def error_text(self, post: WebhookPost) -> SafeString:
        return webhook_words.pre(post.error)

    @display(description=gettext_lazy("what came"))
    def came(self, post: WebhookPost) -> SafeString:
        body = bytes(post.body)
        cut = _("… and %(count)d bytes more") % {"count": len(body) - SHOWN} if len(body) > SHOWN else ""
        return webhook_words.pre(f"{body[:SHOWN].decode(errors='backslashreplace')}\n{cut}".strip() or "–")

    @action(description=gettext_lazy("Read again"), url_path="read-again", permissions=["replay"], icon="replay")
    def read_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.get_object(request, object_id)
        if post is None:
            return not_here(self, request, object_id)
        if request.method != "POST":
            template = "admin/pages/webhookevent/read_again.html"
            return question(self, request, post, template=template, title=_("Read this call again?"))
        if replaying.replay_post(post, actor=actor_of(request)):
            self.message_user(request, _("It is read again. What is in it appears among the events."))
        else:
            self.message_user(request, webhook_words.NOT_ANY_MORE, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:pages_webhookevent_changelist"))
