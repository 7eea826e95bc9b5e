"""Every kind of data of people that is kept: this app's own, and those of the apps below."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.services import forgetting
from notifications.services.callbacks import sweeping as callbacks
from notifications.services.retention import words
from optins.services.retention import kinds as optins
from pages.models import AuditEntry
from pages.retention import kinds as pages
from pages.retention.kind import Kept, Kind, Step, Turn, days_of, deleting


def audit_due(before: datetime) -> QuerySet[AuditEntry]:
    """What people decided about a delivery is the proof of its state: `manage.py audit_ledger` reads it."""
    return AuditEntry.objects.filter(at__lt=before).exclude(action__startswith="delivery.")


def _end_callback_events(turn: Turn) -> Step:
    """A chunk of each callback's at a time, so that none waits for another."""
    removed = callbacks.forget_events(before=turn.before)
    return Step(removed=removed, after="" if removed else None)


OWN: Final = (
    Kind(
        name="sent_words",
        words=_("The words that were sent, and the answers"),
        about=_(
            "Names and numbers that were put into a message, the message’s number at Facebook, and what came back. "
            "The delivery, its state and every count stay; what is not over yet is not touched."
        ),
        setting="RETENTION_MESSAGE_DAYS",
        keep=days_of("RETENTION_MESSAGE_DAYS"),
        due=words.due,
        at="created_at",
        step=words.blank,
    ),
    Kind(
        name="bodies",
        words=_("Bodies of single messages"),
        about=_("What the shop’s systems or an agent wrote to one customer: receipts, replies, tests."),
        setting="RETENTION_MESSAGE_DAYS",
        keep=days_of("RETENTION_MESSAGE_DAYS"),
        due=words.bodies_due,
        at="created_at",
        step=words.empty_bodies,
    ),
    Kind(
        name="kept_answers",
        words=_("Answers to calls of the API"),
        about=_("So that a call that is repeated with its Idempotency-Key has the same answer: a promise of the API."),
        how_long=pgettext_lazy("kept", "30 days"),
        keep=lambda: forgetting.KEPT_FOR,
        due=forgetting.answers_due,
        at="created_at",
        step=deleting(forgetting.answers_due, at="created_at"),
    ),
    Kind(
        name="callback_events",
        words=_("Events for the sites’ own servers"),
        about=_("What a site was told of its customers, or was to be told."),
        setting="CALLBACK_DAYS",
        keep=days_of("CALLBACK_DAYS"),
        due=callbacks.events_due,
        at="at",
        step=_end_callback_events,
    ),
    Kind(
        name="callback_calls",
        words=_("Log of calls to the sites’ own servers"),
        about=_("When a site was called, and what it answered."),
        setting="CALLBACK_DAYS",
        keep=days_of("CALLBACK_DAYS"),
        due=callbacks.calls_due,
        at="at",
        step=deleting(callbacks.calls_due, at="at"),
    ),
    Kind(
        name="audit",
        words=_("Audit log"),
        about=_("Who of the staff did what. What was decided about a doubtful delivery stays with the ledger."),
        setting="RETENTION_AUDIT_DAYS",
        keep=days_of("RETENTION_AUDIT_DAYS"),
        due=audit_due,
        at="at",
        step=deleting(audit_due, at="at"),
    ),
)

# In the order in which people look for them: agreements, what was sent, what was said, the rest.
KINDS: Final = (*optins.KINDS, *OWN, *pages.KINDS)
KEPT: Final = (
    *optins.KEPT,
    Kept(
        words=_("That something was sent, when, and what became of it"),
        why=_("The counts of campaigns are made of it, and the proof that nothing is sent twice. It holds no words."),
    ),
    *pages.KEPT,
)
