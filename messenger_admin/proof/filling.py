"""Pages with opt-ins, a campaign on each, and single messages beside it: what a proof sends."""

from datetime import datetime

from django.utils import timezone

from notifications.models import Campaign, Notification
from notifications.payloads import parse
from notifications.services import campaigns, deliveries
from notifications.services.contents import freeze
from notifications.states import AudienceKind, Kind, Origin
from optins.models import OptIn
from optins.states import Lifetime, Source
from pages.models import Link, Page, Site
from pages.states import GatewayKind

BODY = {"text": "This message proves that nothing is lost and nothing is sent twice."}
IN_CAMPAIGN, ALONE = "c-", "s-"
FIRST_PAGE = 700_000_000_000_001


def fill(*, pages: int, customers: int, singles: int) -> None:
    """Spreads `customers` and `singles` over the pages; every person is written to once."""
    now = timezone.now()
    notification = Notification.objects.create(name="Proof", kind=Kind.TEXT, body=BODY)
    for number in range(pages):
        page = _page(number, now)
        _agree(page, IN_CAMPAIGN, _share(customers, pages, number), now)
        _agree(page, ALONE, _share(singles, pages, number), now)
        _launch(page, notification, now)
        _enqueue(page, now)


def _share(total: int, parts: int, number: int) -> int:
    return total // parts + (number < total % parts)


def _page(number: int, now: datetime) -> Page:
    page = Page.objects.create(
        page_id=str(FIRST_PAGE + number),
        name=f"Proof {number + 1}",
        gateway=GatewayKind.SANDBOX,
        token="proof",  # noqa: S106  (the sandbox takes any)
        messages_per_second=300,
    )
    Link.objects.create(page=page, site=Site.objects.create(sid=str(number + 1), name=page.name), opened_at=now)
    return page


def _agree(page: Page, prefix: str, count: int, now: datetime) -> None:
    OptIn.objects.bulk_create(
        (
            OptIn(
                page=page,
                customer_id=f"{prefix}{n}",
                lifetime=Lifetime.DURABLE,
                source=Source.IMPORT,
                agreed_at=now,
            )
            for n in range(count)
        ),
        batch_size=500,
    )


def _launch(page: Page, notification: Notification, now: datetime) -> None:
    """Failures are what a proof is about: they must not pause the campaign."""
    campaign = Campaign.objects.create(
        name=page.name,
        notification=notification,
        page=page,
        audience_kind=AudienceKind.PREFIX,
        audience_prefix=IN_CAMPAIGN,
        failure_ceiling=None,
    )
    campaigns.launch(campaign=campaign, actor=None, now=now)


def _enqueue(page: Page, now: datetime) -> None:
    content = freeze(parse(BODY))
    for optin in OptIn.objects.filter(page=page, customer_id__startswith=ALONE):
        deliveries.enqueue(optin=optin, content=content, origin=Origin.API, actor=None, now=now)
