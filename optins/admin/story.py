"""One opt-in's story: every event of its agreement, and the other ids of the same person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from optins.admin.consent import who
from optins.models import ConsentEvent, OptIn
from optins.states import Source

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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    event: ConsentEvent
    who: str

    @property
    def evidence(self) -> Iterator[tuple[str, object]]:
        """Each name and value, in words."""
        for name, value in self.event.evidence.items():
            known = name == "source" and value in Source.values
            yield str(NAMES.get(name, name)), Source(value).label if known else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    chapters: list[Chapter]
    other_ids: QuerySet[OptIn]


def story(optin: OptIn) -> Story:
    events = optin.events.select_related("actor", "recipient").order_by("-id")[:SHOWN]
    return Story(chapters=[Chapter(event=event, who=who(event)) for event in events], other_ids=_other_ids(optin))


def _other_ids(optin: OptIn) -> QuerySet[OptIn]:
    if optin.recipient_id is None:
        return OptIn.objects.none()
    return OptIn.objects.filter(recipient=optin.recipient_id).exclude(pk=optin.pk).order_by("-id")[:SHOWN]
