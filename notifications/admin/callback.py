"""A site's callback: where its events go, whether that works, its secret, and sending again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.dataclasses import UnfoldAction

from notifications.admin.callbacks import acts, words
from notifications.admin.callbacks.form import SUBJECTS, CallbackForm
from notifications.models.callback import Callback, CallbackCall
from notifications.services.callbacks import managing
from notifications.services.callbacks.managing import UrlRefused
from pages.admin.base import RefusedWhileSaving, actor_of, on_the_clock_of
from pages.admin.unfold import action, display

LATEST = 10


@admin.register(Callback)
class CallbackAdmin(RefusedWhileSaving[Callback]):
    form = CallbackForm
    refusals = (UrlRefused,)
    nothing_yet = gettext_lazy(
        "No callback yet. A site's own server can be told what becomes of its messages: give its address here."
    )
    list_display = ("site", "address", "standing", "why")
    list_select_related = ("site",)
    sortable_by = ()
    search_fields = ("site__name", "site__sid")
    search_help_text = gettext_lazy("Name or SID")
    list_filter = ("state",)
    actions = None
    actions_detail = ("send_test", "try_now", "start_again", "replay", "rotate")
    change_form_outer_before_template = "admin/notifications/callback/standing.html"
    change_form_outer_after_template = "admin/notifications/callback/log.html"

    class Media:
        css = {"all": ["notifications/ledger.css"]}
        js = ["notifications/delivery.js"]

    def has_delete_permission(self, request: HttpRequest, obj: Callback | None = None) -> bool:
        """Switched off instead: the log stays, and the numbers go on where they stopped."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Callback]:
        return super().get_queryset(request).defer("secret", "previous_secret")

    def get_fieldsets(self, request: HttpRequest, obj: Callback | None = None) -> Any:
        return (
            (None, {"fields": ("site", "url", "on")}),
            (_("What is told"), {"fields": SUBJECTS}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Callback | None = None) -> Any:
        """The numbers and the log are the site's: it stays."""
        return ("site",) if obj else ()

    @display(description=gettext_lazy("URL"))
    def address(self, callback: Callback) -> SafeString:
        return format_html('<span class="ma-wrap">{}</span>', callback.url)

    @display(description=gettext_lazy("state"))
    def standing(self, callback: Callback) -> SafeString:
        return words.state_badge(callback)

    @display(description=gettext_lazy("why"))
    def why(self, callback: Callback) -> SafeString:
        return format_html('<span class="ma-wrap">{}</span>', words.standing(callback, callback.site.zone))

    # --- Saving ---------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Callback, form: Any, change: Any) -> None:
        if change:
            managing.change(callback=obj, wish=form.wish(), actor=actor_of(request))
            return
        made = managing.create(site=obj.site, wish=form.wish(), actor=actor_of(request))
        obj.__dict__.update(made.__dict__)

    def response_add(self, request: HttpRequest, obj: Callback, post_url_continue: str | None = None) -> HttpResponse:
        return acts.show_secret(self, request, obj, secret=obj.secret)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        callback: Callback | None = context.get("original")
        if callback is None:
            return super().render_change_form(request, context, *args, **kwargs)
        calls = CallbackCall.objects.filter(callback=callback).order_by("-pk")[:LATEST]
        context |= {
            "badge": words.state_badge(callback),
            "standing": words.standing(callback, callback.site.zone),
            "latest": [
                (call, words.numbers(call), words.outcome_badge(call), words.answered(call), words.took(call))
                for call in calls
            ],
            # Who did what is in the audit log; the acts need the room.
            "show_history": False,
            "both_secrets_until": _still(callback),
        }
        return on_the_clock_of(callback.site, super().render_change_form(request, context, *args, **kwargs))

    # --- What else may be done ------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[UnfoldAction]:
        callback = Callback.objects.defer("secret", "previous_secret").filter(pk=object_id).first()
        offered = acts.offered(callback) if callback else frozenset()
        actions = super().get_actions_detail(request, object_id)
        return [each for each in actions if any(each.action_name.endswith(name) for name in offered)]

    @action(description=pgettext_lazy("callback", "Test"), url_path="test", permissions=["change"], icon="send")
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acts.send_test(self, request, object_id)

    @action(description=gettext_lazy("Try now"), url_path="try-now", permissions=["change"], icon="refresh")
    def try_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acts.try_now(self, request, object_id)

    @action(description=gettext_lazy("Start again"), url_path="start", permissions=["change"], icon="play_arrow")
    def start_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acts.start_again(self, request, object_id)

    @action(description=gettext_lazy("Send again"), url_path="replay", permissions=["change"], icon="replay")
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acts.replay(self, request, object_id)

    @action(description=gettext_lazy("New secret"), url_path="secret", permissions=["change"], icon="key")
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acts.rotate(self, request, object_id)


def _still(callback: Callback) -> Any:
    """Until when calls are signed with two secrets, if they are."""
    until = callback.previous_until
    return until if until and until > timezone.now() else None
