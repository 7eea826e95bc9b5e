"""Acts about a person, for that person's whole file: the audit log's, in its words."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messenger_admin.admin.audit import ACTIONS
from notifications.models import Delivery
from optins.models import OptIn
from optins.services.whole_file.agreements import STAFF, SYSTEM, said_actor
from optins.services.whole_file.chapter import Chapter, Field, Row
from optins.services.whole_file.chunks import CHUNK, chunks
from optins.services.whole_file.person import Person
from optins.signals import chapters_wanted
from pages import audit
from pages.models import AuditEntry, Thread

# Names of the staff and of the shop's systems.
NAMES = frozenset({"api_token", "to"})


def _acts(person: Person) -> Iterator[Row]:
    for some in chunks(_subjects(person)):
        for entry in AuditEntry.objects.filter(subject__in=some).order_by("id").iterator(chunk_size=CHUNK):
            yield {
                "at": entry.at,
                "action": entry.action,
                "by": STAFF if entry.actor_id else SYSTEM,
                "about": entry.subject,
                "detail": {name: value for name, value in entry.detail.items() if name not in NAMES},
            }


def _subjects(person: Person) -> Iterator[str]:
    """The agreements, the conversation, and each message."""
    yield from (audit.subject_of(optin) for optin in person.optins)
    if person.thread:
        yield audit.subject_of(person.thread)
    sent = Delivery.objects.order_by("id").values_list("pk", flat=True)
    wanted: list[Iterable[int]] = [sent.filter(optin=pk).iterator() for pk in person.optin_pks]
    if person.thread:
        wanted.append(sent.filter(thread=person.thread).iterator())
    yield from (audit.subject_of(Delivery(pk=pk)) for pk in chain.from_iterable(wanted))


def _said_action(code: str) -> object:
    return ACTIONS.get(code, code)


def _said_subject(subject: str) -> object:
    words = {OptIn: _("opt-in"), Thread: _("conversation"), Delivery: _("delivery")}
    label, _colon, pk = subject.partition(":")
    return next((f"{word} #{pk}" for model, word in words.items() if model._meta.label_lower == label), subject)


ACTS = Chapter(
    name="acts",
    order=1,
    title=_("Acts of staff and of the system"),
    about=_("What was done with your agreements, your conversation and your messages."),
    right="optins.view_consentevent",
    without=_("Which of the staff it was: their names are data of their own."),
    rows=_acts,
    fields={
        "at": Field(label=_("when"), leads=True),
        "action": Field(label=_("what"), say=_said_action, leads=True),
        "by": Field(label=pgettext_lazy("whole file", "by"), say=said_actor),
        "about": Field(label=_("subject"), say=_said_subject),
        "detail": Field(label=_("detail")),
    },
)


def add_chapter(**_kwargs: Any) -> list[Chapter]:
    return [ACTS]


def register() -> None:
    chapters_wanted.connect(add_chapter, dispatch_uid="acts about a person")
