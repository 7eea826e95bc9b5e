"""Which of a page's rows may be sent next."""

from datetime import datetime

from notifications.models import Campaign, Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.states import DeliveryState
from pages.models import Page
from pages.states import PageState


def may_send(page_pk: int) -> bool:
    """Whether the page is linked to a site and not on hold."""
    return Page.objects.linked().filter(pk=page_pk, state=PageState.ACTIVE).exists()


def has_due(page_pk: int, now: datetime) -> bool:
    """Whether the page has a row that may be marked at `now`, as far as campaign and time go."""
    single, of_campaigns = _sources(page_pk, now)
    return any(rows.exists() for rows in (single, *of_campaigns))


def due_ids(page_pk: int, now: datetime, most: int) -> list[int]:
    """Transactional rows first; what room is left is shared evenly among the page's running campaigns.

    What one of them leaves of its share goes to the others.
    """
    single, of_campaigns = _sources(page_pk, now)
    ids = _locked(single, most)
    while of_campaigns and len(ids) < most:
        share = -(-(most - len(ids)) // len(of_campaigns))
        not_empty = []
        for rows in of_campaigns:
            found = _locked(rows.exclude(pk__in=ids), min(share, most - len(ids)))
            ids += found
            if len(found) == share:
                not_empty.append(rows)
        of_campaigns = not_empty
    return ids


def _locked(rows: DeliveryQuerySet, most: int) -> list[int]:
    due_first = rows.order_by("due_at", "pk").select_for_update(skip_locked=True)
    return list(due_first.values_list("pk", flat=True)[:most])


def _sources(page_pk: int, now: datetime) -> tuple[DeliveryQuerySet, list[DeliveryQuerySet]]:
    """The page's due rows: the transactional ones, and those of each running campaign.

    The campaigns come in another order each time: where there is less room than campaigns, each has its turn.
    """
    queued = Delivery.objects.filter(page_id=page_pk, state=DeliveryState.QUEUED, due_at__lte=now)
    running = Campaign.objects.running().filter(page_id=page_pk, tally__queued__gt=0).order_by("?")
    of_campaigns = [queued.filter(campaign_id=pk) for pk in running.values_list("pk", flat=True)]
    return queued.filter(campaign=None), of_campaigns
