"""Who the person is to the shop, what was agreed, and the whole proof of it."""

from collections.abc import Iterator

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.services.whole_file.chapter import Chapter, Field, Row, in_words
from optins.services.whole_file.person import Person
from optins.states import Lifetime, OptInState, Purpose, Source
from pages.masking import mask

# Who acted, in the file. Which of the staff it was is not told: their names are data of their own, and the law gives
# the person no right to them (Court of Justice of the EU, 22 June 2023, C-579/21).
PERSON, STAFF, ANOTHER, SYSTEM = "person", "staff", "another_person", "system"
ACTORS = {
    PERSON: _("the person"),
    STAFF: _("staff"),
    ANOTHER: _("another person"),
    SYSTEM: _("the system"),
}


def said_actor(code: str) -> object:
    return ACTORS.get(code, code)


def _identity(person: Person) -> Iterator[Row]:
    if person.recipient:
        found = person.recipient
        yield {"psid": found.psid, "first_seen": found.created_at, "stopped_at": found.stopped_at}


def _agreements(person: Person) -> Iterator[Row]:
    for optin in person.optins:
        yield {
            "customer_id": optin.customer_id,
            "state": optin.state,
            "source": optin.source,
            "purpose": optin.purpose,
            "lifetime": optin.lifetime,
            "used_up": optin.used_up,
            "agreed_at": optin.agreed_at,
            "expires_at": optin.expires_at,
            "ended_at": optin.ended_at,
            "attributes": optin.attributes,
        }


def _consent(person: Person) -> Iterator[Row]:
    """Of the person's own ids all; of ids that others hold what the person tried."""
    mine = Q(optin__in=person.optin_pks)
    if person.recipient:
        mine |= Q(recipient=person.recipient)
    events = ConsentEvent.objects.filter(mine).select_related("optin", "recipient").order_by("id")
    for event in events.iterator(chunk_size=500):
        yield _own(event, person) if event.optin_id in person.optin_pks else _claim(event)


def _own(event: ConsentEvent, person: Person) -> Row:
    by_another = event.recipient is not None and event.recipient.psid != person.psid
    return {
        "at": event.at,
        "event": event.kind,
        "customer_id": event.optin.customer_id,
        "by": ANOTHER if by_another else _by(event),
        "evidence": {} if by_another else event.evidence,
    }


def _claim(event: ConsentEvent) -> Row:
    evidence = mask(event.evidence, event.optin.customer_id)
    return {"at": event.at, "event": event.kind, "customer_id": None, "by": PERSON, "evidence": evidence}


def _by(event: ConsentEvent) -> str:
    if event.actor_id:
        return STAFF
    return PERSON if event.recipient_id else SYSTEM


def _entries(person: Person) -> Iterator[Row]:
    kind = ContentType.objects.get_for_model(OptIn)
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in person.optin_pks])
    for entry in rows.order_by("id"):
        yield {"at": entry.action_time, "by": STAFF, "customer_id": entry.object_repr}


CHAPTERS = (
    Chapter(
        name="identity",
        title=_("Identity on this page"),
        about=_("Facebook gives each person another id on each page, the PSID. It is the only one that we know."),
        right="optins.view_recipient",
        rows=_identity,
        fields={
            "psid": Field(label=_("PSID"), leads=True),
            "first_seen": Field(label=_("first seen")),
            "stopped_at": Field(label=_("said STOP")),
        },
    ),
    Chapter(
        name="agreements",
        title=_("Agreements"),
        about=_("Each agreement to be written to, under the customer_id that the shop chose for it."),
        right="optins.view_optin",
        rows=_agreements,
        fields={
            "customer_id": Field(label=_("customer_id"), leads=True),
            "state": Field(label=_("state"), say=in_words(OptInState), leads=True),
            "source": Field(label=_("source"), say=in_words(Source)),
            "purpose": Field(label=_("may be used for"), say=in_words(Purpose)),
            "lifetime": Field(label=_("lifetime"), say=in_words(Lifetime)),
            "used_up": Field(label=_("used up by being sent")),
            "agreed_at": Field(label=_("agreed")),
            "expires_at": Field(label=_("expires")),
            "ended_at": Field(label=_("ended")),
            "attributes": Field(label=_("attributes")),
        },
    ),
    Chapter(
        name="consent",
        title=_("History of consent, and its proof"),
        about=_("What was agreed, taken back or refused, when, by whom, and what proves it."),
        right="optins.view_consentevent",
        without=_(
            "Where you came with a customer_id that somebody else holds, that id is left out; where somebody else came "
            "with yours, all that came from them is."
        ),
        rows=_consent,
        fields={
            "at": Field(label=_("when"), leads=True),
            "event": Field(label=_("event"), say=in_words(ConsentKind), leads=True),
            "customer_id": Field(label=_("customer_id")),
            "by": Field(label=pgettext_lazy("whole file", "by"), say=said_actor),
            "evidence": Field(label=_("proof")),
        },
    ),
    Chapter(
        name="entries",
        title=_("Agreements written down by staff"),
        about=_("Who writes an agreement down by hand leaves a note of it."),
        right="optins.view_optin",
        without=_("Which of the staff it was: their names are data of their own."),
        rows=_entries,
        fields={
            "at": Field(label=_("when"), leads=True),
            "by": Field(label=pgettext_lazy("whole file", "by"), say=said_actor),
            "customer_id": Field(label=_("customer_id")),
        },
    ),
)
