"""Two doors of a campaign that left its draft behind: how it goes out, and another time for it."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.admin import times
from notifications.admin.campaigns.acts import overtaken_words
from notifications.admin.campaigns.clocks import OnTheSitesClock, WallClockField, on_whose_clock
from notifications.admin.campaigns.manner import MannerForm
from notifications.admin.campaigns.outlook import late_words
from notifications.admin.campaigns.views import LAUNCH, CampaignView
from notifications.admin.people import actor_of
from notifications.models import Campaign
from notifications.services import adjusting
from notifications.services.launchability import CannotLaunch
from notifications.states import CampaignState


class LaunchersView(CampaignView):
    """For who may launch."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request) or not request.user.has_perm(LAUNCH):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def overtaken(self, campaign: Campaign) -> HttpResponse:
        campaign.refresh_from_db(fields=["state", "halt"])
        messages.warning(self.request, overtaken_words(campaign))
        return self.back(campaign)


class AdjustView(LaunchersView):
    """The small form on the campaign's page."""

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.back(self.campaign(object_id))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.campaign(object_id)
        if campaign.state not in adjusting.ADJUSTABLE:
            return self.overtaken(campaign)
        form = MannerForm(request.POST, instance=copy(campaign))
        if not form.is_valid():
            answer: HttpResponse = self.model_admin.page_of(request, campaign, adjusting=form)  # type: ignore[attr-defined]  # a CampaignAdmin
            return answer
        now, actor = timezone.now(), actor_of(request)
        if not adjusting.adjust(campaign=campaign, manner=form.manner(), actor=actor, now=now):
            return self.overtaken(campaign)
        messages.success(request, _("“%(name)s” goes out like this from now on.") % {"name": campaign.name})
        return self.back(campaign)


class TimeForm(OnTheSitesClock):
    """Another time for a scheduled campaign."""

    launch_at = WallClockField(label=gettext_lazy("Date and time"))

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = times.zone_of(campaign.page)
        self.fields["launch_at"].help_text = on_whose_clock(self.zone, "")
        if campaign.scheduled_for:
            self.initial["launch_at"] = campaign.scheduled_for.astimezone(self.zone)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["at"] = self.instant("launch_at", self.zone)
        return self.cleaned_data


class RescheduleView(LaunchersView):
    """GET asks for the time, POST sets it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        campaign = self.campaign(kwargs["object_id"])
        if request.user.has_perm(LAUNCH) and campaign.state != CampaignState.SCHEDULED:
            return self.overtaken(campaign)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.campaign(object_id)
        return self._ask(campaign, TimeForm(campaign))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.campaign(object_id)
        form = TimeForm(campaign, request.POST)
        if not form.is_valid():
            return self._ask(campaign, form)
        at, now = form.cleaned_data["at"], timezone.now()
        try:
            done = adjusting.reschedule(campaign=campaign, at=at, actor=actor_of(request), now=now)
        except CannotLaunch as error:
            form.add_error("launch_at", forms.ValidationError([str(problem) for problem in error.problems]))
            return self._ask(campaign, form)
        if not done:
            return self.overtaken(campaign)
        shown = {"name": campaign.name, "when": times.said_to_the_minute(at, form.zone)}
        messages.success(request, _("“%(name)s” starts by itself on %(when)s.") % shown)
        return self.back(campaign)

    def _ask(self, campaign: Campaign, form: TimeForm) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "original": campaign,
            "title": _("Reschedule"),
            "form": form,
            "consequences": [_("The message stays as it was frozen when it was scheduled."), late_words(campaign)],
        }
        return TemplateResponse(self.request, "admin/notifications/campaign/reschedule.html", context)
