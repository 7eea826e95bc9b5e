"""A campaign that a system asked for begins as anybody's: as a draft, of which nothing is frozen."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from notifications.models import Campaign, Notification
from notifications.services.adjusting import Manner
from notifications.states import AudienceKind, LatePolicy
from optins.states import Purpose
from pages import audit
from pages.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`audience_prefix` empty is everyone on the page; `first_slice` None sends all at once."""

    name: str
    notification: Notification
    page: Page
    manner: Manner
    audience_prefix: str = ""
    scheduled_for: datetime | None = None
    useful_until: datetime | None = None
    purpose: Purpose = Purpose.MARKETING
    if_late: LatePolicy = LatePolicy.ASK
    first_slice: int | None = None


def draft(*, wanted: Draft, actor: AbstractBaseUser | None) -> Campaign:
    """Whether it can be launched is asked when it is."""
    manner = wanted.manner
    with transaction.atomic():
        campaign = Campaign.objects.create(
            name=wanted.name,
            notification=wanted.notification,
            page=wanted.page,
            audience_kind=AudienceKind.PREFIX if wanted.audience_prefix else AudienceKind.ALL,
            audience_prefix=wanted.audience_prefix,
            scheduled_for=wanted.scheduled_for,
            useful_until=wanted.useful_until,
            purpose=wanted.purpose,
            if_late=wanted.if_late,
            canary_size=wanted.first_slice,
            messages_per_second=manner.messages_per_second,
            quiet_from=manner.quiet_from,
            quiet_until=manner.quiet_until,
            failure_ceiling=manner.failure_ceiling,
        )
        audit.record(actor=actor, action="campaign.created", subject=campaign)
    return campaign
