"""Finding deliveries as support asks for them: by number, by customer_id, or by its beginning.

`#123` and `123` are a delivery's number, or a customer_id that happens to look like it. Anything else is a
customer_id, compared to the letter: whole, or its beginning when it ends with `*` or when nobody has the whole one.
"""

from dataclasses import dataclass

from django.db.models import Q

from notifications.querysets import DeliveryQuerySet
from optins import customer_ids
from optins.models import OptIn

# The largest number that a delivery can have.
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`prefix` is set when the search was widened to what begins with it, unasked."""

    rows: DeliveryQuerySet
    prefix: str = ""


def search(rows: DeliveryQuerySet, term: str) -> Found:
    try:
        customer_id = customer_ids.parse(term)
    except customer_ids.CustomerIdError:
        return Found(rows=rows.none())
    optins = OptIn.objects.filter(customer_id=customer_id)
    number = _number(customer_id)
    if number is not None:
        return Found(rows=rows.filter(Q(pk=number) | Q(optin__in=optins)))
    if optins.exists():
        return Found(rows=rows.filter(optin__in=optins))
    prefix = customer_id.removesuffix("*")
    beginning = OptIn.objects.with_prefix(prefix)
    widened = not customer_id.endswith("*") and beginning.exists()
    return Found(rows=rows.filter(optin__in=beginning), prefix=prefix if widened else "")


def _number(term: str) -> int | None:
    digits = term.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if number <= MAX_ID else None
