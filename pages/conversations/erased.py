"""Keeps a person who was erased from coming back by what is told late or again, without keeping the Facebook id.

What is kept is an HMAC of page and id, as for an erased customer_id. Only the person comes back by herself: by writing
to the page, tapping or arriving after the erasure.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from pages.models import Erased, Page

# By Facebook's ids: of the page, and of the person on it.
Person = tuple[str, str]


def digest(person: Person) -> str:
    """In hex. SUPPRESSION_KEY has to stay what it is for as long as anybody who was erased is to be left alone."""
    secret, value = settings.SUPPRESSION_KEY, "/".join(person)
    return salted_hmac("suppression of a person", value, secret=secret, algorithm="sha256").hexdigest()


def note(*, page: Page, psid: str, now: datetime) -> bool:
    """From `now` on nothing brings the person back but herself. False: she was erased before, and never came back."""
    mine = Erased.objects.filter(digest=digest((page.page_id, psid)))
    was_away = mine.filter(back_at=None).exists()
    Erased.objects.update_or_create(digest=digest((page.page_id, psid)), defaults={"at": now, "back_at": None})
    return not was_away


def came_back(*, page: Page, psid: str, now: datetime) -> None:
    """She agreed anew, herself. What happened before the erasure stays untold."""
    Erased.objects.filter(digest=digest((page.page_id, psid)), back_at=None).update(back_at=now)


def stays_away(*, page: Page, psid: str) -> bool:
    """Whether no system may name the person on this page."""
    return Erased.objects.filter(digest=digest((page.page_id, psid)), back_at=None).exists()


def staying_away(*, page: Page, psids: Collection[str]) -> set[str]:
    """Those of them whom no system may name on this page."""
    by_digest = {digest((page.page_id, psid)): psid for psid in psids}
    found = Erased.objects.filter(digest__in=list(by_digest), back_at=None).values_list("digest", flat=True)
    return {by_digest[each] for each in found} if by_digest else set()


def among(people: Collection[Person]) -> dict[Person, datetime]:
    """Those of them who were erased, and when."""
    by_digest = {digest(person): person for person in people}
    found = Erased.objects.filter(digest__in=list(by_digest)).values_list("digest", "at")
    return {by_digest[each]: at for each, at in found}
