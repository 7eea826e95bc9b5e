"""What the database knows of those whom some rows name: a handful of questions, however many rows there are."""

from collections.abc import Sequence
from datetime import datetime

from optins.models import OptIn, Recipient
from optins.services import suppressing
from optins.services.importing.judging import Known
from optins.services.terms import patterns_of
from optins.transfer.rows import Row
from pages.conversations import erased
from pages.models import Page


def gather(*, page: Page, rows: Sequence[Row], locked: bool, now: datetime) -> Known:
    """`locked`: until the end of the transaction nobody else changes them, and what was decided before is seen.

    People first and then opt-ins, each by id, as whoever writes STOP takes them.
    """
    ids, psids = [row.customer_id for row in rows], {row.psid for row in rows if row.psid}
    recipients = Recipient.objects.filter(page=page, psid__in=psids).order_by("pk")
    optins = OptIn.objects.filter(page=page, customer_id__in=ids).select_related("recipient").order_by("pk")
    if locked:
        recipients = recipients.select_for_update(no_key=True)
        optins = optins.select_for_update(no_key=True, of=("self",))
    return Known(
        recipients={each.psid: each for each in recipients} if psids else {},
        optins={each.customer_id: each for each in optins},
        # Asked once the rows are ours: an erasure of this instant was committed, or waits.
        suppressed=suppressing.suppressed_among(page=page, customer_ids=ids),
        stay_away=erased.staying_away(page=page, psids=psids),
        patterns=patterns_of(page.site) if page.site else [],
        now=now,
    )
