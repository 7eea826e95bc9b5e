"""Deciding all doubtful deliveries of one campaign at once, after a question and a typed number."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.admin.campaigns.progress import history_url, tally_of
from notifications.admin.campaigns.troubles import top
from notifications.admin.campaigns.views import CampaignView
from notifications.admin.deliveries import doubts
from notifications.models import Campaign, Delivery
from notifications.states import DeliveryState


class AllDoubtsView(CampaignView):
    """GET asks, POST decides; only for who may resolve."""

    decision: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request) or not request.user.has_perm(doubts.RESOLVE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.campaign(object_id)
        return self._ask(campaign, doubts.TypedCount(tally_of(campaign).unknown))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.campaign(object_id)
        count = tally_of(campaign).unknown
        typed = doubts.TypedCount(count, request.POST)
        if count and not typed.is_valid():
            return self._ask(campaign, typed)
        rows = Delivery.objects.filter(campaign=campaign)
        doubts.decide(request, doubts.DECISIONS[self.decision], rows, asked=count)
        return self.back(campaign)

    def _ask(self, campaign: Campaign, typed: doubts.TypedCount) -> HttpResponse:
        if not typed.count:
            messages.warning(self.request, _("No delivery of this campaign is in doubt any more."))
            return self.back(campaign)
        decision = doubts.DECISIONS[self.decision]
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "original": campaign,
            "title": decision.label,
            "decision": decision,
            "question": doubts.question(decision, typed.count),
            "reasons": top(campaign, DeliveryState.UNKNOWN),
            "rows_url": history_url(campaign, DeliveryState.UNKNOWN),
            "typed": typed,
            "back_url": reverse("admin:notifications_campaign_change", args=[campaign.pk]),
        }
        return TemplateResponse(self.request, "admin/notifications/campaign/all_doubts.html", context)
