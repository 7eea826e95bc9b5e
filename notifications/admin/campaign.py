"""Campaigns in the admin: the list, the form of a draft, and the page of everything later."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from notifications.admin import badges, halts, times
from notifications.admin.campaigns import adjusting, bulk_doubts, page, progress, views
from notifications.admin.campaigns.acts import ACTS, overtaken_words
from notifications.admin.campaigns.filters import NeedsAPerson
from notifications.admin.campaigns.forecast import draft_of, forecast
from notifications.admin.campaigns.form import CampaignForm
from notifications.admin.campaigns.manner import ADJUSTED, MannerForm
from notifications.admin.deliveries.doubts import DECISIONS
from notifications.models import Campaign
from notifications.states import CampaignState

BAR = "admin/notifications/campaign/bar.html"
AUDIENCE = ("page_id", "purpose", "audience_kind", "audience_prefix")
EDITED = ("name", "notification_id", *AUDIENCE, "scheduled_for", "useful_until")
HOW_EDITED = ("if_late", "canary_size", *ADJUSTED)
HOW_IT_IS_SENT = ("messages_per_second", "quiet_from", "quiet_until", "canary_size", "failure_ceiling")


class Overtaken(Exception):
    """The draft was launched, scheduled or deleted while its form was open."""


@admin.register(Campaign)
class CampaignAdmin(ModelAdmin):
    form = CampaignForm
    fieldsets = [
        (None, {"fields": ["name", "notification"]}),
        (gettext_lazy("Who receives it"), {"fields": ["page", "purpose", "audience_kind", "audience_prefix"]}),
        (gettext_lazy("When"), {"fields": ["timing", "launch_at", "if_late", "keep_until"]}),
        (gettext_lazy("How it is sent"), {"classes": ["collapse"], "fields": HOW_IT_IS_SENT}),
    ]
    list_display = ["name", "page_name", "notification_name", "state_badge", "progress_bar", "starts", "numbers"]
    list_filter = [NeedsAPerson, "state", "page"]
    search_fields = ["name", "notification__name"]
    search_help_text = gettext_lazy("Name of the campaign or of its notification")
    list_select_related = ["page", "notification", "tally"]
    sortable_by = ["name"]
    list_per_page = 50
    list_fullwidth = True
    actions = None  # nothing is done to campaigns in bulk: each act states its own consequences
    save_on_top = False

    class Media:
        css = {"all": ["notifications/ledger.css", "notifications/bubble.css"]}
        js = ["notifications/campaign.js", "notifications/progress.js"]

    # --- What may be done -----------------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.state == CampaignState.DRAFT)

    def delete_model(self, request: HttpRequest, obj: Campaign) -> None:
        Campaign.objects.filter(pk=obj.pk, state=CampaignState.DRAFT).delete()

    def is_edited(self, request: HttpRequest, campaign: Campaign) -> bool:
        return campaign.state == CampaignState.DRAFT and self.has_change_permission(request, campaign)

    # --- Doors ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: type[views.CampaignView], name: str, **options: Any) -> URLPattern:
            handler = self.admin_site.admin_view(view.as_view(model_admin=self, **options))
            return path(route, handler, name=f"notifications_campaign_{name}")

        return [
            door("audience/", views.AudienceView, "audience"),
            door("<int:object_id>/progress.json", views.ProgressView, "progress"),
            door("<int:object_id>/duplicate/", views.DuplicateView, "duplicate"),
            *(door(f"<int:object_id>/{act}/", views.ActView, act, act=act) for act in ACTS),
            door("<int:object_id>/adjust/", adjusting.AdjustView, "adjust"),
            door("<int:object_id>/reschedule/", adjusting.RescheduleView, "reschedule"),
            *(door(f"<int:object_id>/{name}/", bulk_doubts.AllDoubtsView, name, decision=name) for name in DECISIONS),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return times.with_zones(super().get_queryset(request).select_related("page", "notification", "tally"))

    # --- One campaign ---------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        beside = self._beside_the_form(request, draft_of(request.POST or request.GET))
        return super().add_view(request, form_url, {**(extra_context or {}), **beside})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        campaign = self.get_object(request, object_id)
        if campaign is None or not self.has_view_or_change_permission(request, campaign):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.is_edited(request, campaign):
            return self._overtaken(request, object_id) if request.method == "POST" else self.page_of(request, campaign)
        beside = self._beside_the_form(request, draft_of(request.POST) if request.method == "POST" else campaign)
        try:
            return super().change_view(request, object_id, form_url, {**(extra_context or {}), **beside})
        except Overtaken:
            return self._overtaken(request, object_id)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """A draft that was launched while its form was open keeps what was launched."""
        if not change:
            obj.save()
            return
        edited = {field: getattr(obj, field) for field in (*EDITED, *HOW_EDITED)}
        if not Campaign.objects.filter(pk=obj.pk, state=CampaignState.DRAFT).update(**edited):
            raise Overtaken

    def response_add(self, request: HttpRequest, obj: Campaign, post_url_continue: str | None = None) -> HttpResponse:
        return self._review(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        return self._review(request, obj) or super().response_change(request, obj)

    def _review(self, request: HttpRequest, campaign: Campaign) -> HttpResponse | None:
        """ "Save and review": on to the question that launches or schedules it."""
        if "_review" not in request.POST:
            return None
        act = "schedule" if campaign.scheduled_for else "launch"
        return HttpResponseRedirect(reverse(f"admin:notifications_campaign_{act}", args=[campaign.pk]))

    def _beside_the_form(self, request: HttpRequest, draft: Campaign) -> dict[str, Any]:
        return {
            "standstill": halts.standstill(draft) if draft.pk else None,
            "forecast": forecast(draft, now=timezone.now()),
            "audience_url": reverse("admin:notifications_campaign_audience"),
            "may_launch": request.user.has_perm(views.LAUNCH),
        }

    def page_of(self, request: HttpRequest, campaign: Campaign, *, adjusting: MannerForm | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **page.context(campaign, request, now=timezone.now(), adjusting=adjusting),
            "opts": self.opts,
            "original": campaign,
            "title": campaign.name,
            "media": self.media,
            "has_add_permission": self.has_add_permission(request),
            "is_draft": campaign.state == CampaignState.DRAFT,
        }
        return TemplateResponse(request, "admin/notifications/campaign/page.html", context)

    def _overtaken(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = Campaign.objects.filter(pk=object_id).first()
        if campaign is None:
            messages.warning(request, _("Nothing was changed. Somebody deleted it a moment ago."))
            return HttpResponseRedirect(reverse("admin:notifications_campaign_changelist"))
        messages.warning(request, overtaken_words(campaign))
        return HttpResponseRedirect(reverse("admin:notifications_campaign_change", args=[object_id]))

    # --- The list -------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("page"))
    def page_name(self, campaign: Campaign) -> str:
        return campaign.page.name

    @admin.display(description=gettext_lazy("notification"))
    def notification_name(self, campaign: Campaign) -> str:
        return campaign.notification.name

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, campaign: Campaign) -> SafeString:
        """And under it, why it waits for a person."""
        badge = badges.of_campaign(campaign)
        if not halts.waits(campaign):
            return badge
        why, more = halts.in_short(campaign), halts.words(campaign)
        return format_html('{}<span class="ledger-why" title="{}">{}</span>', badge, more, why)

    @admin.display(description=gettext_lazy("progress"))
    def progress_bar(self, campaign: Campaign) -> SafeString | str:
        tally = progress.tally_of(campaign)
        if not tally.total:
            return "–"
        drawn = {"percent": progress.percent(tally), "widths": progress.widths(tally), "label": campaign.name}
        return format_html('<span class="ledger-bar-cell">{}</span>', render_to_string(BAR, drawn))

    @admin.display(description=gettext_lazy("launch"))
    def starts(self, campaign: Campaign) -> SafeString | str:
        return times.cell(campaign.launched_at or campaign.scheduled_for, times.zone_of(campaign.page))

    @admin.display(description=gettext_lazy("what became of it"))
    def numbers(self, campaign: Campaign) -> str:
        tally = progress.tally_of(campaign)
        return progress.in_numbers(tally) if tally.total else "–"
