"""Finding deliveries as support asks for them: by number, by customer_id, or by its beginning.

`#123` and `123` are a delivery's number, or a customer_id that happens to look like it. Anything else is a
customer_id, compared to the letter: whole, or its beginning when it ends with `*` or when nobody has the whole one.
With a whole customer_id come the answers that agents gave the same person in Messenger.
"""

from dataclasses import dataclass

from django.db.models import Q

from notifications.querysets import DeliveryQuerySet
from notifications.states import ANSWERS
from optins import customer_ids
from optins.models import OptIn, Recipient
from optins.querysets import OptInQuerySet
from pages.models import Thread

# The largest number that a delivery can have.
MAX_ID = 2**63 - 1
# A beginning is followed to at most so many customers, so that a single letter costs no more than a whole id. With
# 1,000 PostgreSQL walks the ledger from its newest row instead of asking the index: 700 ms at 2 million rows, not 1.
MOST_CUSTOMERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`prefix` is set when the search was widened, unasked, to what begins with it; `partial` when it had to stop."""

    rows: DeliveryQuerySet
    prefix: str = ""
    partial: bool = False


def search(rows: DeliveryQuerySet, term: str) -> Found:
    try:
        customer_id = customer_ids.parse(term)
    except customer_ids.CustomerIdError:
        return Found(rows=rows.none())
    number = _number(customer_id)
    whole = _ids(OptIn.objects.filter(customer_id=customer_id))
    if number is not None:
        return Found(rows=rows.filter(Q(pk=number) | _to(whole)))
    if whole:
        return Found(rows=rows.filter(_to(whole)))
    prefix = customer_id.removesuffix("*")
    beginning = _ids(OptIn.objects.with_prefix(prefix))
    return Found(
        rows=rows.filter(optin__in=beginning[:MOST_CUSTOMERS]),
        prefix=prefix if beginning and not customer_id.endswith("*") else "",
        partial=len(beginning) > MOST_CUSTOMERS,
    )


def _to(optins: list[int]) -> Q:
    """What was sent to these agreements, and what agents answered the same people."""
    people = Recipient.objects.filter(optins__in=optins).values_list("page_id", "psid") if optins else ()
    pages, psids = {page_pk for page_pk, _psid in people}, {psid for _page, psid in people}
    threads = list(Thread.objects.filter(page__in=pages, psid__in=psids).values_list("pk", flat=True)) if psids else []
    to = Q(optin__in=optins)
    return to | Q(thread__in=threads, origin__in=ANSWERS) if threads else to


def _ids(optins: OptInQuerySet) -> list[int]:
    """Fetched, not joined: given the ids themselves, the ledger's index by opt-in serves the list at any size."""
    return list(optins.order_by().values_list("pk", flat=True)[: MOST_CUSTOMERS + 1])


def _number(term: str) -> int | None:
    digits = term.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if number <= MAX_ID else None
