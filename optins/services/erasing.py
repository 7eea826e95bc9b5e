"""Erasing a person: all that is known under a customer_id leaves, and what remains names nobody.

The opt-in's row stays under a word of chance, because the ledger counts what was sent to it. Its attributes, its proof,
the recipient behind it and whatever the apps above know of it are gone; who may do the same there answers the signals.
"""

import secrets
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from optins.models import OptIn, Recipient
from optins.services import suppressing, traces
from optins.services.ending import revoke
from optins.signals import optin_erased, optin_erasing
from optins.states import OptInState
from pages import audit
from pages.conversations import erased, forgetting

# What an erased opt-in is called, with 32 hexadecimal digits of chance behind it.
NOBODY = "erased-"


class StillLeaving(Exception):
    """A message is on its way this instant, and its answer has to be written down first.

    The agreement is ended and nothing more leaves: ask again in some seconds.
    """

    def __init__(self) -> None:
        super().__init__(_("A message is leaving this instant. Nothing more will; ask again in some seconds."))


class AgreedMeanwhile(Exception):
    """The person agreed again in Messenger while being erased."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The customer agreed again, in Messenger, a moment ago, and was not erased. "
                "Ask whether they still want it, and erase once more if so."
            )
        )


def erase(*, optin: OptIn, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Raises StillLeaving or AgreedMeanwhile.

    In two transactions: once the first is committed, nothing begins any more for this opt-in, so that the second finds
    all there is.
    """
    customer_id = optin.customer_id
    with transaction.atomic():
        suppressing.suppress(page=optin.page, customer_id=customer_id, now=now)
        if optin.recipient and not is_known_otherwise(optin.recipient, optin):
            erased.note(page=optin.page, psid=optin.recipient.psid, now=now)
        revoke(optin=optin, actor=None, now=now, evidence={"erased": True})
    with transaction.atomic():
        # Not even a reference may be taken meanwhile: rows that are being made for it are waited for.
        held = OptIn.objects.select_for_update().get(pk=optin.pk)
        if any(answer for _receiver, answer in optin_erasing.send(sender=OptIn, optin=held)):
            raise StillLeaving
        _forget(held, customer_id, now)
        audit.record(actor=actor, action="optin.erased", subject=held)


def _forget(optin: OptIn, customer_id: str, now: datetime) -> None:
    nobody = NOBODY + secrets.token_hex(16)
    rows = OptIn.objects.filter(pk=optin.pk)
    if not rows.move(OptInState.ERASED, customer_id=nobody, recipient=None, attributes={}, expires_at=None):
        raise AgreedMeanwhile
    optin.events.all().delete()
    traces.forget_customer(page=optin.page, customer_id=customer_id)
    if optin.recipient and not is_known_otherwise(optin.recipient, optin):
        forget_recipient(optin.recipient, now)
    of_it = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(OptIn), object_id=str(optin.pk))
    of_it.update(object_repr=nobody)
    audit.forget([audit.subject_of(optin)], word=customer_id)
    optin_erased.send(sender=OptIn, optin=optin, customer_id=customer_id, now=now)


def is_known_otherwise(recipient: Recipient, optin: OptIn) -> bool:
    """Whether another agreement of the same person is known, which keeps the Facebook id and the conversation."""
    return recipient.optins.exclude(pk=optin.pk).exists()


def forget_recipient(recipient: Recipient, now: datetime) -> int:
    """The person's Facebook id, conversation, clicks and claims; returns how many rows of them there were."""
    found = traces.forget_recipient(recipient)
    forgetting.forget(page=recipient.page, psid=recipient.psid, now=now)
    recipient.delete()
    return found
