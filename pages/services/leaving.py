"""Unlinking a page that was linked through Facebook: its token goes, and Facebook is told to send no more events.

The page is ours no more at once, whatever Facebook says. While Facebook can't be reached, the token waits apart, for
the one call that tells it; the sweep tries that each hour, for a week at most. Then, or once told, the token is gone.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages.graph import subscriptions
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Connection, Page
from pages.services.links import unlink_page

AGAIN = timedelta(hours=1)
PATIENCE = timedelta(days=7)
# In one turn of the sweep, which comes every few seconds and has more to do than to wait for Facebook.
AT_ONCE = 1


def leave(*, page: Page, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Closes the page's link and takes its token away. False: it belonged to no site."""
    with transaction.atomic():
        if not unlink_page(page=page, actor=actor, now=now):
            return False
        token = Page.objects.select_for_update(no_key=True).get(pk=page.pk).token
        connection = Connection.objects.filter(page=page)
        if connection.update(leaving_token=token, leaving_since=now, leaving_tried_at=now):
            Page.objects.filter(pk=page.pk).update(token="")
    return True


def tell(page: Page, *, now: datetime) -> bool:
    """Tells Facebook that the page left, outside any transaction. False: it can't be reached, and is told later."""
    connection = Connection.objects.filter(page=page, leaving_since__isnull=False).first()
    return connection is None or _tell(connection, now)


def finish_leaving(now: datetime) -> int:
    """Tries again what Facebook has not been told; returns how many it was told of, or given up on."""
    due = Connection.objects.filter(leaving_since__isnull=False, leaving_tried_at__lte=now - AGAIN)
    return sum(_try_again(connection, now) for connection in due.order_by("leaving_tried_at")[:AT_ONCE])


def _try_again(connection: Connection, now: datetime) -> bool:
    mine = Connection.objects.filter(pk=connection.pk, leaving_tried_at=connection.leaving_tried_at)
    return bool(mine.update(leaving_tried_at=now)) and _tell(connection, now)


def _tell(connection: Connection, now: datetime) -> bool:
    try:
        if connection.leaving_token:
            subscriptions.unsubscribe(connection.page.page_id, connection.leaving_token)
    except GraphUnreachable:
        return _given_up(connection, now)
    except GraphError as error:
        # Whoever may not speak for the page any more gets nothing from it either.
        if error.passes:
            return _given_up(connection, now)
    _forget(connection)
    return True


def _given_up(connection: Connection, now: datetime) -> bool:
    if connection.leaving_since is None or now - connection.leaving_since < PATIENCE:
        return False
    _forget(connection)
    return True


def _forget(connection: Connection) -> None:
    """Unless the page came back meanwhile: then the row is its new connection, and leaves no more."""
    Connection.objects.filter(pk=connection.pk, leaving_since=connection.leaving_since).delete()
