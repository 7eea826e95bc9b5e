"""The log of the calls to sites' servers: read-only, fast at any size, and each call can be made again."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter

from notifications.admin.callbacks import acts, words
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackOutcome
from notifications.services.callbacks import managing
from pages.admin.base import LongList, ReadOnly, not_here, on_the_clock_of
from pages.admin.unfold import action, display


class OutcomeFilter(DropdownFilter):
    title = gettext_lazy("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CallbackOutcome.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[CallbackCall]) -> QuerySet[CallbackCall]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(CallbackCall)
class CallbackCallAdmin(ReadOnly[CallbackCall], LongList[CallbackCall]):
    list_display = ("at", "site", "told", "outcome_cell", "came_back", "took", "again")
    list_filter = (("callback", RelatedDropdownFilter), OutcomeFilter)
    list_filter_submit = True
    ordering = ("-id",)
    nothing_yet = gettext_lazy("No call was made yet. Calls appear here as soon as a site's callback is on.")
    fields = ("at", "site", "uuid", "told", "events", "outcome_cell", "came_back", "took", "again", "said")
    actions_detail = ("replay",)
    change_form_outer_after_template = "admin/notifications/callbackcall/events.html"

    class Media:
        css = {"all": ["notifications/ledger.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallbackCall]:
        """Fetched beside, not joined: a join leads PostgreSQL away from the index."""
        callbacks = Callback.objects.select_related("site").defer("secret", "previous_secret")
        return super().get_queryset(request).prefetch_related(Prefetch("callback", callbacks))

    def has_replay_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("notifications.change_callback")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        call: CallbackCall = context["original"]
        told: QuerySet[CallbackEvent] = managing.events_of(call.callback, managing.of_call(call)).order_by("number")
        context |= {"told": told}
        response = super().render_change_form(request, context, *args, **kwargs)
        return on_the_clock_of(call.callback.site, response)

    @display(description=gettext_lazy("site"))
    def site(self, call: CallbackCall) -> str:
        return str(call.callback)

    @display(description=gettext_lazy("numbers"))
    def told(self, call: CallbackCall) -> str:
        return words.numbers(call)

    @display(description=gettext_lazy("outcome"))
    def outcome_cell(self, call: CallbackCall) -> SafeString:
        return words.outcome_badge(call)

    @display(description=gettext_lazy("answer"))
    def came_back(self, call: CallbackCall) -> str:
        return words.answered(call)

    @display(description=gettext_lazy("duration"))
    def took(self, call: CallbackCall) -> str:
        return words.took(call)

    @display(description=gettext_lazy("kind"))
    def again(self, call: CallbackCall) -> str:
        return _("sent again") if call.replay else _("new")

    @display(description=gettext_lazy("what came back"))
    def said(self, call: CallbackCall) -> SafeString:
        return format_html('<pre class="ledger-pre">{}</pre>', call.answer or "–")

    @action(description=gettext_lazy("Send again"), url_path="replay", permissions=["replay"], icon="replay")
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.get_object(request, object_id)
        if call is None:
            return not_here(self, request, object_id)
        return acts.replay_call(self, request, call)
