"""One opt-in's story: every event of its agreement, and the other ids of the same person."""

from dataclasses import dataclass

from django.db.models import QuerySet

from optins.admin.consent import who
from optins.models import ConsentEvent, OptIn

# The newest; a story longer than that is read in the consent log.
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    event: ConsentEvent
    who: str


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
