"""Rows of imported files that were refused and name the person. Rows that were taken became agreements."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from optins.models import Refusal
from optins.services.whole_file import others
from optins.services.whole_file.chapter import Chapter, Field, Row
from optins.services.whole_file.person import Person
from optins.transfer.words import REFUSALS
from pages.masking import MASK, mask


def _refusals(person: Person) -> Iterator[Row]:
    named = Q(pk=None)
    for word in person.words:
        named |= Q(customer_id__contains=word) | Q(detail__contains=word)
    for row in Refusal.objects.filter(named, of__page=person.page).select_related("of").order_by("of_id", "line"):
        told = _told(row, person)
        if others.names(person, told):
            yield told


def _told(row: Refusal, person: Person) -> Row:
    """A row of somebody else that names the person tells of the person alone."""
    is_own = others.names(person, row.customer_id)
    return {
        "imported_at": row.of.created_at,
        "file": row.of.name,
        "line": row.line,
        "reason": row.code,
        "customer_id": row.customer_id if is_own else None,
        "detail": row.detail if is_own or not row.customer_id else mask(row.detail, row.customer_id),
    }


def _said_reason(code: str) -> object:
    """The report's own sentence; what stands in its place comes as the detail."""
    sentence = REFUSALS.get(code)
    return gettext(sentence) % {"detail": MASK} if sentence else code


CHAPTERS = (
    Chapter(
        name="imports",
        title=_("Refused rows of files"),
        about=_("The shop may bring agreements in files. Rows that were refused are here; the others are agreements."),
        right="optins.view_optin",
        without=_(
            "Files that wait or are being read: they leave when they are done, and what they say of you is then an "
            "agreement, or stands here."
        ),
        rows=_refusals,
        fields={
            "imported_at": Field(label=_("when"), leads=True),
            "file": Field(label=_("file"), leads=True),
            "line": Field(label=_("line")),
            "reason": Field(label=_("reason"), say=_said_reason),
            "customer_id": Field(label=_("customer_id")),
            "detail": Field(label=_("detail")),
        },
    ),
)
