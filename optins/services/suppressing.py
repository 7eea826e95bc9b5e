"""Keeps an erased customer_id from being written to again, without keeping the id.

What is kept is an HMAC of page and id. It answers whether an id that somebody brings was erased, and not which ids
were: they could be guessed from a plain hash, since many are short numbers.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from optins.models import Suppression
from pages.models import Page


class Suppressed(Exception):
    """The customer was erased under this id. Only the person can agree again, in Messenger."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(
            _("The customer “%(id)s” was erased on this page. Only the customer can agree again, in Messenger.")
            % {"id": customer_id}
        )


def digest(page: Page, customer_id: str) -> str:
    """In hex. SUPPRESSION_KEY has to stay what it is for as long as anybody who was erased is to be left alone."""
    secret, value = settings.SUPPRESSION_KEY, f"{page.page_id}/{customer_id}"
    return salted_hmac("suppression of a customer_id", value, secret=secret, algorithm="sha256").hexdigest()


def suppress(*, page: Page, customer_id: str, now: datetime) -> None:
    Suppression.objects.get_or_create(page=page, digest=digest(page, customer_id), defaults={"at": now})


def lift(*, page: Page, customer_id: str) -> None:
    Suppression.objects.filter(page=page, digest=digest(page, customer_id)).delete()


def is_suppressed(*, page: Page, customer_id: str) -> bool:
    return bool(suppressed_among(page=page, customer_ids={customer_id}))


def suppressed_among(*, page: Page, customer_ids: Collection[str]) -> set[str]:
    """Those of the ids, as they are stored, that were erased: for whoever brings many at once."""
    by_digest = {digest(page, customer_id): customer_id for customer_id in customer_ids}
    found = Suppression.objects.filter(page=page, digest__in=list(by_digest)).values_list("digest", flat=True)
    return {by_digest[each] for each in found}
