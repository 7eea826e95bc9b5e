"""One opt-in's story: every event of its agreement, and the other ids of the same person."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from optins.admin.consents.people import who
from optins.models import ConsentEvent, Invitation, OptIn
from optins.states import OptInState, Purpose, Source
from pages.models.button import ButtonColour, ButtonKind, ButtonSize

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

# The newest; a story longer than that is read in the consent log.
SHOWN = 50

# What evidence is known to hold; whatever else it holds stands under its own name.
NAMES: Mapping[str, StrPromise] = {
    "source": _("source"),
    "note": _("note"),
    "keyword": _("keyword"),
    "wording": _("wording"),
    "button": _("button"),
    "url": _("address (URL)"),
    "address": _("address (URL)"),
    "look": _("look"),
    "language": _("language"),
    "clicked_at": _("clicked"),
    "invitation": _("click"),
    "question": _("question"),
    "arrival": _("arrival"),
    "answer": _("answer"),
    "words": _("words"),
    "at": _("when"),
    "event": _("event on Facebook"),
    "referral": _("link"),
    "code": _("code"),
    "version": _("version"),
    "again": _("asked again"),
    "was": _("was before"),
    "delivery": _("delivery"),
    "purpose": _("may be used for"),
    "used_up": _("used up by being sent"),
    "kind": _("kind"),
    "size": _("size"),
    "colour": _("colour"),
    "label": _("label"),
}
# What is one of a few, and has words of its own.
LABELS: Mapping[str, type[models.TextChoices]] = {
    "source": Source,
    "was": OptInState,
    "purpose": Purpose,
    "kind": ButtonKind,
    "size": ButtonSize,
    "colour": ButtonColour,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    event: ConsentEvent
    who: str

    @property
    def evidence(self) -> Iterator[tuple[str, object]]:
        """Each name and value, in words."""
        for name, value in self.event.evidence.items():
            yield from in_words(str(NAMES.get(name, name)), _labelled(name, value))


def in_words(name: str, value: object) -> Iterator[tuple[str, object]]:
    """What holds several things is told one by one; what holds nothing is left out."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from in_words(f"{name}, {NAMES.get(inner, inner)}", _labelled(inner, each))
    elif value not in (None, "", False):
        yield name, _("yes") if value is True else moment(value)


def _labelled(name: str, value: object) -> object:
    choices = LABELS.get(name)
    return choices(value).label if choices and value in choices.values else value


def moment(value: object) -> object:
    """A time that was written down as text, as screens show times."""
    if not isinstance(value, str) or not _TIME.match(value):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    chapters: list[Chapter]
    other_ids: QuerySet[OptIn]
    clicks: QuerySet[Invitation]


def story(optin: OptIn) -> Story:
    events = optin.events.select_related("actor", "recipient").order_by("-id")[:SHOWN]
    return Story(
        chapters=[Chapter(event=event, who=who(event)) for event in events],
        other_ids=_other_ids(optin),
        clicks=_clicks(optin),
    )


def _clicks(optin: OptIn) -> QuerySet[Invitation]:
    """Everybody's who clicked with this id, those included who were refused."""
    of_it = Invitation.objects.filter(page=optin.page_id, customer_id=optin.customer_id)
    return of_it.select_related("button", "recipient").order_by("-id")[:SHOWN]


def _other_ids(optin: OptIn) -> QuerySet[OptIn]:
    if optin.recipient_id is None:
        return OptIn.objects.none()
    return OptIn.objects.filter(recipient=optin.recipient_id).exclude(pk=optin.pk).order_by("-id")[:SHOWN]
