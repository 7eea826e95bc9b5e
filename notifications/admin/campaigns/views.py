"""The campaign's own doors: an act and its question, the progress, the forecast, and a copy."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from unfold.admin import ModelAdmin

from notifications.admin.campaigns import progress
from notifications.admin.campaigns.acts import ACTS, Act, overtaken_words
from notifications.admin.campaigns.forecast import draft_of, forecast
from notifications.admin.campaigns.manner import ADJUSTED
from notifications.admin.people import actor_of
from notifications.launch_problems import LaunchProblem
from notifications.models import Campaign
from notifications.services.launchability import CannotLaunch, problems_of

LAUNCH = "notifications.launch_campaign"
COPIED = ("notification", "page", "purpose", "audience_kind", "audience_prefix", "if_late", "canary_size", *ADJUSTED)


class CampaignView(View):
    model_admin: ModelAdmin = None  # type: ignore[assignment]  # as_view gives it

    def campaign(self, object_id: int) -> Campaign:
        rows: QuerySet[Campaign] = self.model_admin.get_queryset(self.request)
        return get_object_or_404(rows, pk=object_id)

    def back(self, campaign: Campaign) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:notifications_campaign_change", args=[campaign.pk]))


class ActView(CampaignView):
    """GET asks, with the consequences in numbers; POST does it."""

    act: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request) or not request.user.has_perm(LAUNCH):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign, act = self.campaign(object_id), ACTS[self.act]
        if act.is_offered(campaign):
            return self._ask(campaign, act)
        state = str(campaign.get_state_display()).lower()
        messages.warning(request, _("That can't be done now: the campaign is %(state)s.") % {"state": state})
        return self.back(campaign)

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign, act = self.campaign(object_id), ACTS[self.act]
        if not act.is_offered(campaign):
            return self._overtaken(campaign)
        try:
            done = act.perform(campaign=campaign, actor=actor_of(request), now=timezone.now())
        except CannotLaunch as error:
            return self._ask(campaign, act, problems=error.problems)
        if not done:
            return self._overtaken(campaign)
        messages.success(request, act.done % {"name": campaign.name})
        return self.back(campaign)

    def _overtaken(self, campaign: Campaign) -> HttpResponse:
        campaign.refresh_from_db(fields=["state"])
        messages.warning(self.request, overtaken_words(campaign))
        return self.back(campaign)

    def _ask(self, campaign: Campaign, act: Act, problems: list[LaunchProblem] | None = None) -> HttpResponse:
        now = timezone.now()
        if problems is None:
            problems = problems_of(campaign, now=now) if act.starts else []
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "original": campaign,
            "title": act.label,
            "question": act.question % {"name": campaign.name},
            "act": act,
            "problems": problems,
            "outlook": act.consequences(campaign, now=now),
        }
        return TemplateResponse(self.request, "admin/notifications/campaign/confirm.html", context)


class ProgressView(CampaignView):
    """The numbers, for the script; `at` and `done` are those of an earlier answer and make a rate."""

    def get(self, request: HttpRequest, object_id: int) -> JsonResponse:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        campaign = self.campaign(object_id)
        return JsonResponse(progress.as_json(campaign, now=timezone.now(), sample=self._sample()))

    def _sample(self) -> progress.Sample | None:
        try:
            at = datetime.fromtimestamp(float(self.request.GET["at"]), UTC)
            return progress.Sample(at=at, done=int(self.request.GET["done"]))
        except (KeyError, ValueError, OverflowError, OSError):
            return None


class AudienceView(CampaignView):
    """The forecast of a half-filled form, as a piece of HTML."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not (self.model_admin.has_add_permission(request) or self.model_admin.has_change_permission(request)):
            raise PermissionDenied
        context = {"forecast": forecast(draft_of(request.GET), now=timezone.now())}
        return TemplateResponse(request, "admin/notifications/campaign/forecast.html", context)


class DuplicateView(CampaignView):
    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.model_admin.has_add_permission(request):
            raise PermissionDenied
        campaign = self.campaign(object_id)
        name = _("Copy of %(name)s") % {"name": campaign.name}
        longest = Campaign._meta.get_field("name").max_length
        copy = Campaign.objects.create(name=name[:longest], **{field: getattr(campaign, field) for field in COPIED})
        messages.success(request, _("This is the copy, a draft: nothing is sent before you launch it."))
        return self.back(copy)
