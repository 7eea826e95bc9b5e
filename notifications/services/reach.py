"""How many of an audience a message can reach through Facebook at a given time, and how: asked in sets.

The rights are those of the dated table (notifications/gateway/meta/rules.py), as they will be looked up when a
delivery's turn comes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from notifications.gateway.meta import rules
from notifications.gateway.meta.rules import DAY, Situation
from notifications.models import Campaign
from notifications.payloads import PayloadError
from notifications.payloads.utility import Choice
from notifications.reasons import Reason
from notifications.services.addressing import is_approved
from notifications.services.launchability import choice_for
from notifications.states import Route
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from pages.models import Page, Thread
from pages.states import GatewayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`open` are those whose window is open, `by_template` those whom the template reaches, `not_at_all` the others.

    `reason` is why the template reaches nobody: none was chosen, or the page has it not, or not approved.
    """

    open: int
    by_template: int
    not_at_all: int
    reason: Reason | None = None


def reach_of(*, campaign: Campaign, audience: OptInQuerySet, count: int, at: datetime) -> Reach | None:
    """Of a launch at `at`; None where the page is not linked through Facebook, or nothing is chosen yet."""
    if not campaign.notification_id or campaign.page.gateway != GatewayKind.META:
        return None
    try:
        choice = choice_for(campaign)
    except PayloadError:
        choice = None
    return reach(page=campaign.page, audience=audience, count=count, choice=choice, at=at)


def reach(*, page: Page, audience: OptInQuerySet, count: int, choice: Choice | None, at: datetime) -> Reach:
    """`count` is how many `audience` has."""
    known = Thread.objects.filter(page=page, psid=OuterRef("recipient__psid"), blocked_at=None, acted_at__isnull=False)
    people = audience.filter(recipient__isnull=False)
    opened = people.filter(Exists(known.filter(acted_at__gte=at - DAY))).count()
    reason = _why_not(page, choice, at)
    closed = 0 if reason else people.filter(Exists(known)).count() - opened
    return Reach(open=opened, by_template=closed, not_at_all=count - opened - closed, reason=reason)


def _why_not(page: Page, choice: Choice | None, at: datetime) -> Reason | None:
    """Of somebody whose window was closed long ago."""
    template = is_approved(page.pk, choice) if choice else None
    situation = Situation(acted_at=at - DAY - timedelta(days=30), template=template)
    chosen = rules.choose(situation, now=at, region=settings.FACEBOOK_REGION)
    return chosen if isinstance(chosen, Reason) else None


def right_of(*, optin: OptIn, choice: Choice | None, now: datetime) -> Route | Reason | None:
    """By what right a message to one customer would leave at `now`, or why not; None where Facebook is not asked."""
    if optin.page.gateway != GatewayKind.META:
        return None
    psid = optin.recipient.psid if optin.recipient else ""
    if not psid:
        return Reason.NO_PSID
    thread = Thread.objects.filter(page=optin.page_id, psid=psid).first()
    if thread and thread.blocked_at:
        return Reason.UNREACHABLE
    template = is_approved(optin.page_id, choice) if choice else None
    situation = Situation(acted_at=thread.acted_at if thread else None, template=template)
    chosen = rules.choose(situation, now=now, region=settings.FACEBOOK_REGION)
    return chosen if isinstance(chosen, Reason) else Route(chosen.way.value)
