"""Which events of a post may be kept: nothing that would bring an erased person back but her own doing since."""

from datetime import datetime

from pages.conversations import erased
from pages.models import Thread, WebhookEvent

# What the person does herself (pages/webhooks/parsing.py names the kinds); all else is told of her.
OWN = frozenset({"message", "postback", "referral", "optin"})


def admitted(rows: list[WebhookEvent]) -> list[WebhookEvent]:
    """Rows that are not stored yet. Costs one query for a post, whoever is in it."""
    people = erased.among({(row.page_id, row.psid) for row in rows if row.psid})
    if not people:
        return rows
    return [row for row in rows if _may_stay(row, people.get((row.page_id, row.psid)))]


def _may_stay(row: WebhookEvent, erased_at: datetime | None) -> bool:
    if erased_at is None:
        return True
    if row.happened_at <= erased_at:
        return False
    return row.kind in OWN or Thread.objects.filter(page__page_id=row.page_id, psid=row.psid).exists()
