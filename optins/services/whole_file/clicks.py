"""What the person clicked on the shop's pages, and what the tag noticed there under the person's ids."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from optins.models import Invitation, TagFinding
from optins.models.finding import FindingCode
from optins.services.whole_file import others
from optins.services.whole_file.agreements import ANOTHER, PERSON, said_actor
from optins.services.whole_file.chapter import Chapter, Field, Row, in_words
from optins.services.whole_file.chunks import CHUNK, chunks
from optins.services.whole_file.person import Person
from optins.states import InvitationState
from pages.masking import mask


def _clicks(person: Person) -> Iterator[Row]:
    mine = Q(customer_id__in=person.customer_ids)
    if person.recipient:
        mine |= Q(recipient=person.recipient)
    rows = Invitation.objects.filter(mine, page=person.page).select_related("wording").order_by("id")
    for some in chunks(rows.iterator(chunk_size=CHUNK)):
        held = others.held_by_others(person, {row.customer_id for row in some})
        yield from (_click(row, person, held) for row in some)
    if person.recipient:
        yield from _came_second(person, person.recipient.pk)


def _click(row: Invitation, person: Person, held: set[str]) -> Row:
    theirs = row.recipient_id is not None and (person.recipient is None or row.recipient_id != person.recipient.pk)
    told = {
        "clicked_at": row.created_at,
        "customer_id": None if row.customer_id in held else row.customer_id,
        "address": row.address,
        "look": row.look,
        "wording": row.wording.text if row.wording else "",
        "language": row.language,
        "state": row.state,
        "arrived_at": row.arrived_at,
        "answered_at": row.answered_at,
        "who_came": ANOTHER if theirs else PERSON if row.recipient_id else None,
        "proof": {} if theirs else row.proof,
    }
    return mask(told, row.customer_id) if row.customer_id in held else told


def _came_second(person: Person, number: int) -> Iterator[Row]:
    """With a link that another person had used. Only that it happened is the person's own."""
    rows = Invitation.objects.filter(page=person.page).exclude(refused=[]).exclude(recipient=number)
    for row in rows.iterator(chunk_size=CHUNK):
        for each in row.refused:
            if each.get("recipient") == number:
                yield {"state": "refused", "arrived_at": parse_datetime(each.get("at", "")), "who_came": PERSON}


def _findings(person: Person) -> Iterator[Row]:
    """One row for each sort and site, so there are few."""
    named = Q()
    for customer_id in person.customer_ids:
        named |= Q(detail__contains=customer_id) | Q(address__contains=customer_id)
    if not person.customer_ids:
        return
    for row in TagFinding.objects.filter(named, site__links__page=person.page).distinct().order_by("id"):
        told: dict[str, Any] = {"detail": row.detail, "address": row.address}
        if others.names(person, told):
            yield {"code": row.code, **told, "first_at": row.first_at, "last_at": row.last_at}


def _said_state(code: str) -> object:
    return _("A link that another person had used: refused") if code == "refused" else in_words(InvitationState)(code)


CHAPTERS = (
    Chapter(
        name="clicks",
        title=_("Clicks on the shop’s button"),
        about=_("Each click under your customer_id or with which you came to Messenger, and the wording that you saw."),
        right="optins.view_optin",
        without=_(
            "The link’s own word, which is never kept; a customer_id that somebody else holds; and what came from "
            "somebody else."
        ),
        rows=_clicks,
        fields={
            "clicked_at": Field(label=_("clicked"), leads=True),
            "state": Field(label=_("state"), say=_said_state, leads=True),
            "customer_id": Field(label=_("customer_id")),
            "address": Field(label=_("address (URL)")),
            "wording": Field(label=_("wording"), quoted=True),
            "look": Field(label=_("look")),
            "language": Field(label=_("language")),
            "arrived_at": Field(label=_("arrived")),
            "answered_at": Field(label=_("answered")),
            "who_came": Field(label=_("who came"), say=said_actor),
            "proof": Field(label=_("proof")),
        },
    ),
    Chapter(
        name="findings",
        title=_("Noticed on the shop’s pages"),
        about=_("Mistakes in how the shop’s pages are set up, where an address or an id of yours stands in them."),
        right="optins.view_optin",
        rows=_findings,
        fields={
            "code": Field(label=_("finding"), say=in_words(FindingCode), leads=True),
            "detail": Field(label=_("detail")),
            "address": Field(label=pgettext_lazy("whole file", "page of the shop")),
            "first_at": Field(label=_("first seen")),
            "last_at": Field(label=_("last seen")),
        },
    ),
)
