"""Looking at each linked page once a day, without being asked."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pages.models import Connection, Link, Page
from pages.services.health import check
from pages.signals import page_looked_at

EVERY = timedelta(days=1)
# Where Facebook could not be asked to the end.
SOONER = timedelta(hours=1)
# Of one sweep: each may take as long as Facebook does.
AT_ONCE = 3


def check_due(*, now: datetime) -> int:
    """Looks at the pages whose last look is a day old, the oldest first; returns how many.

    Whoever takes a page up says so first, so that no two look at once. Where Facebook gives no answer, the other pages
    are left for the next round.
    """
    looked = 0
    for seen in due(now).order_by(F("checked_at").asc(nulls_first=True), "pk")[:AT_ONCE]:
        mine = Connection.objects.filter(pk=seen.pk, checked_at=seen.checked_at)
        if not mine.update(checked_at=now):
            continue
        looked += 1
        page = Page.objects.get(pk=seen.pk)
        connection = check(page, now)
        if connection and connection.check_error:
            break
        if connection and connection.token_is_valid:
            page_looked_at.send(sender=Page, page=page, now=now)
    return looked


def due(now: datetime) -> QuerySet[Connection]:
    """Pages on hold too: what they wait for may have been mended on Facebook's side."""
    linked = Link.objects.open().filter(page=OuterRef("pk"))
    old = Q(checked_at=None) | Q(checked_at__lte=now - EVERY) | ~Q(check_error="") & Q(checked_at__lte=now - SOONER)
    return Connection.objects.filter(old, Exists(linked), leaving_since=None)
