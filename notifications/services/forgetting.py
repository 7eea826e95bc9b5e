"""Kept answers whose time is over leave, a part of them with each sweep."""

from datetime import datetime, timedelta

from notifications.models import KeptAnswer

KEPT_FOR = timedelta(days=30)
# Rows of one sweep: a month that ends at once holds nobody up.
CHUNK = 5_000


def forget_answers(now: datetime) -> None:
    old = KeptAnswer.objects.filter(created_at__lte=now - KEPT_FOR).order_by("created_at").values("pk")
    KeptAnswer.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:CHUNK])).delete()
