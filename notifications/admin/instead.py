"""The utility template that goes out instead of a message, for the bubble, its parameters not yet filled."""

from collections.abc import Mapping
from typing import Any

from notifications.bubble import of_template
from notifications.models import Campaign, TemplateStatus, UtilityTemplate
from notifications.payloads import PayloadError
from notifications.payloads.utility import Choice, parse_choice_json
from notifications.services.launchability import choice_for


def of_campaign(campaign: Campaign) -> Mapping[str, Any] | None:
    """As the campaign's page has it; None where none was chosen, or nobody has it."""
    try:
        choice = choice_for(campaign) if campaign.launched_at is None else _frozen(campaign)
    except PayloadError:
        return None
    return shown(choice, page_pk=campaign.page_id) if choice else None


def shown(choice: Choice, *, page_pk: int | None) -> Mapping[str, Any] | None:
    """The page's own template, or another page's of that name while none is chosen."""
    rows = UtilityTemplate.objects.filter(name=choice.name, language=choice.language)
    if page_pk:
        rows = rows.filter(page=page_pk)
    template = rows.exclude(status=TemplateStatus.GONE).order_by("-synced_at").first()
    return of_template(template.components, choice.parameters) if template else None


def _frozen(campaign: Campaign) -> Choice | None:
    text = campaign.content.utility if campaign.content else ""
    return parse_choice_json(text) if text else None
