"""States as coloured words. The colour only repeats what the word says."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from notifications.models import Campaign, Delivery
from notifications.states import CampaignState, DeliveryState

CAMPAIGN_TONES: Mapping[str, str] = {
    CampaignState.DRAFT: "quiet",
    CampaignState.SCHEDULED: "info",
    CampaignState.RUNNING: "info",
    CampaignState.PAUSED: "doubt",
    CampaignState.FINISHED: "good",
    CampaignState.CANCELLED: "quiet",
}
DELIVERY_TONES: Mapping[str, str] = {
    DeliveryState.QUEUED: "quiet",
    DeliveryState.DISPATCHING: "info",
    DeliveryState.SENT: "good",
    DeliveryState.DELIVERED: "good",
    DeliveryState.READ: "good",
    DeliveryState.FAILED: "bad",
    DeliveryState.UNKNOWN: "doubt",
    DeliveryState.SKIPPED: "quiet",
    DeliveryState.CANCELLED: "quiet",
}


def badge(words: str, tone: str) -> SafeString:
    return format_html('<span class="ledger-badge ledger-{}">{}</span>', tone, words)


def of_campaign(campaign: Campaign) -> SafeString:
    return badge(campaign.get_state_display(), CAMPAIGN_TONES[campaign.state])


def of_delivery(delivery: Delivery) -> SafeString:
    return badge(delivery.get_state_display(), DELIVERY_TONES[delivery.state])
