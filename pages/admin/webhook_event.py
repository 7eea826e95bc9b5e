"""Facebook's events: what came, what became of it, and having it processed again."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.dataclasses import UnfoldAction

from pages.admin import webhook_filters, webhook_words
from pages.admin.base import LongList, ReadOnly, actor_of, not_here, on_the_clock_of, question
from pages.admin.unfold import action, display
from pages.models import Page, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.webhooks import replaying

REPLAY = "pages.replay_webhookevent"
# What a person may have processed again: the rest is done, or is being done.
REPLAYABLE = frozenset({EventState.FAILED, EventState.IGNORED})


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly[WebhookEvent], LongList[WebhookEvent]):
    list_display = ("received", "what", "on", "psid", "state_cell", "tries", "trouble")
    list_filter = (webhook_filters.StateFilter, webhook_filters.KindFilter, webhook_filters.PageFilter)
    list_filter_submit = True
    list_disable_select_all = True
    list_before_template = "admin/pages/webhookevent/above_the_list.html"
    ordering = ("-id",)
    search_fields = ("psid",)
    search_help_text = gettext_lazy("PSID or page id, whole")
    nothing_yet = gettext_lazy(
        "Facebook has told nothing yet. Once a page is linked directly, every message and receipt of it comes by here."
    )
    actions = ("replay_ticked",)  # type: ignore[assignment]  # most long lists have none
    actions_detail = ("replay",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        """With the page where it is known here: asked for in the rows that are shown, and in no join."""
        of_event = Page.objects.filter(page_id=OuterRef("page_id"))
        names = {"page_pk": Subquery(of_event.values("pk")[:1]), "page_name": Subquery(of_event.values("name")[:1])}
        return super().get_queryset(request).annotate(**names)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookEvent], search_term: str
    ) -> tuple[QuerySet[WebhookEvent], bool]:
        """One index or the other: asked for both at once, the database would read the whole of a page's events."""
        term = search_term.strip()
        if not term:
            return queryset, False
        is_page = Page.objects.filter(page_id=term).exists() or not WebhookEvent.objects.filter(psid=term).exists()
        return queryset.filter(**{"page_id" if is_page else "psid": term}), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        unreadable = WebhookPost.objects.filter(state=PostState.UNREADABLE).exists()
        return super().changelist_view(request, {**(extra_context or {}), "unreadable": unreadable})

    def has_replay_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(REPLAY)

    # --- What is shown --------------------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: WebhookEvent | None = None) -> Any:
        """What there is to say of it in its state."""
        when = "next_try_at" if obj and obj.state == EventState.WAITING else "done_at"
        fields = ["what", "on", "person", "state_cell", "outcome", "happened_at", "received_at", "tries"]
        fields += [when] if obj and getattr(obj, when) else []
        return [*fields, *(["error_text"] if obj and obj.error else []), "told"]

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEvent | None = None) -> Any:
        return self.get_fields(request, obj)

    @display(description=gettext_lazy("received"))
    def received(self, event: WebhookEvent) -> SafeString:
        return webhook_words.moment(event.received_at)

    @display(description=gettext_lazy("kind"))
    def what(self, event: WebhookEvent) -> str:
        standby = _(" (another app answers)") if event.standby else ""
        return f"{webhook_words.kind(event)}{standby}"

    @display(description=gettext_lazy("page"))
    def on(self, event: WebhookEvent) -> Any:
        return webhook_words.page_cell(event)

    @display(description=gettext_lazy("person"))
    def person(self, event: WebhookEvent) -> Any:
        return webhook_words.person_cell(event, _page_of(event))

    @display(description=gettext_lazy("state"))
    def state_cell(self, event: WebhookEvent) -> SafeString:
        return webhook_words.state_badge(event)

    @display(description=gettext_lazy("error"))
    def trouble(self, event: WebhookEvent) -> Any:
        return webhook_words.excerpt(event.error)

    @display(description=gettext_lazy("what became of it"))
    def outcome(self, event: WebhookEvent) -> str:
        return webhook_words.outcome(event, _page_of(event))

    @display(description=gettext_lazy("error"))
    def error_text(self, event: WebhookEvent) -> Any:
        return webhook_words.pre(event.error)

    @display(description=gettext_lazy("what Facebook told"))
    def told(self, event: WebhookEvent) -> SafeString:
        return webhook_words.pre(json.dumps(event.body, indent=2, ensure_ascii=False))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = _page_of(context["original"])
        response = super().render_change_form(request, context, *args, **kwargs)
        return on_the_clock_of(page.site if page else None, response)

    # --- Once more ------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[UnfoldAction]:
        offered = WebhookEvent.objects.filter(pk=object_id, state__in=REPLAYABLE).exists()
        return super().get_actions_detail(request, object_id) if offered else []

    @action(description=gettext_lazy("Process again"), url_path="replay", permissions=["replay"], icon="replay")
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.get_object(request, object_id)
        if event is None:
            return not_here(self, request, object_id)
        if request.method != "POST":
            template = "admin/pages/webhookevent/replay.html"
            return question(self, request, event, template=template, title=_("Process this event again?"), event=event)
        self._replay(request, [event])
        return HttpResponseRedirect(reverse("admin:pages_webhookevent_change", args=[event.pk]))

    @admin.action(description=gettext_lazy("Process again"), permissions=["replay"])
    def replay_ticked(self, request: HttpRequest, rows: QuerySet[WebhookEvent]) -> None:
        self._replay(request, list(rows.only("pk")[: self.list_per_page]))

    def _replay(self, request: HttpRequest, events: list[WebhookEvent]) -> None:
        done = replaying.replay_chosen(events, actor=actor_of(request), now=timezone.now())
        if not done:
            self.message_user(request, webhook_words.NOT_ANY_MORE, messages.WARNING)
            return
        told = ngettext("%(count)s event is processed again.", "%(count)s events are processed again.", done)
        self.message_user(request, told % {"count": done})


def _page_of(event: WebhookEvent) -> Page | None:
    return Page.objects.defer("token").filter(page_id=event.page_id).first() if event.page_id else None
