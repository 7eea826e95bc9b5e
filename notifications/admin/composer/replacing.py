"""Saving over a notification that somebody else may be saving at the same instant."""

from datetime import datetime

from notifications.models import Notification


class Overtaken(Exception):
    """It changed since it was read: nothing was written."""


def replace(notification: Notification, *, now: datetime) -> None:
    """Writes `notification` over the version that it was read from, or raises Overtaken."""
    same = Notification.objects.filter(pk=notification.pk, updated_at=notification.updated_at)
    written = {"name": notification.name, "body": notification.body, "utility": notification.utility}
    if not same.update(**written, updated_at=now):
        raise Overtaken
    notification.updated_at = now
