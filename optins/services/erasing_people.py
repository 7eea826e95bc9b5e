"""Erasing somebody by what is known: a customer_id of a page, or Facebook's id of the person on it.

By customer_id goes what is known under that id; by Facebook's id the whole person, under whatever ids. Both are
idempotent, whether anything is known or not, and both leave a keyed hash, so that nobody but the person herself brings
her back. What stands in Messenger is Facebook's and the person's own, and nobody here can erase it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from optins.models import OptIn, Recipient
from optins.services import erasing, suppressing, traces
from optins.services.ending import revoke
from optins.services.importing.slices import wait_for_slices
from optins.signals import id_erased
from optins.states import OptInState
from pages import audit
from pages.conversations import erased, forgetting
from pages.models import Page, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was found: opt-ins, and whether there was a conversation. Nothing of it names anybody."""

    optins: int = 0
    conversation: bool = False
    traces: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.optins or self.conversation or self.traces)


def erase_customer(*, page: Page, customer_id: str, actor: AbstractBaseUser | None, now: datetime) -> Done:
    """`customer_id` as it is stored. Raises StillLeaving or AgreedMeanwhile."""
    optin = OptIn.objects.filter(page=page, customer_id=customer_id).exclude(state=OptInState.ERASED).first()
    if optin is not None:
        erasing.erase(optin=optin, actor=actor, now=now)
        return Done(optins=1)
    with transaction.atomic():
        suppressing.suppress(page=page, customer_id=customer_id, now=now)
        found = traces.forget_customer(page=page, customer_id=customer_id)
        id_erased.send(sender=OptIn, customer_id=customer_id, now=now)
        audit.record(actor=actor, action="customer.erased", subject=page, rows=found)
    # A slice of a file that was being taken in did not know of it yet; the next one does.
    wait_for_slices(page=page)
    came = OptIn.objects.filter(page=page, customer_id=customer_id).exclude(state=OptInState.ERASED).first()
    if came is not None:
        erasing.erase(optin=came, actor=actor, now=now)
    return Done(optins=int(came is not None), traces=found)


def erase_person(*, page: Page, psid: str, actor: AbstractBaseUser | None, now: datetime) -> Done:
    """Raises StillLeaving or AgreedMeanwhile; what was erased until then stays erased."""
    recipient = Recipient.objects.filter(page=page, psid=psid).select_related("page").first()
    held = traces.optins_of(recipient) if recipient else []
    talked = Thread.objects.filter(page=page, psid=psid).exists()
    with transaction.atomic():
        # Committed first: nothing more leaves under any of the ids, and what Facebook tells meanwhile finds it.
        erased.note(page=page, psid=psid, now=now)
        for optin in held:
            suppressing.suppress(page=page, customer_id=optin.customer_id, now=now)
            revoke(optin=optin, actor=None, now=now, evidence={"erased": True})
    # A slice of a file that was being taken in did not know of it yet; the next one does.
    wait_for_slices(page=page)
    came = Recipient.objects.filter(page=page, psid=psid).select_related("page").first()
    held += [each for each in (traces.optins_of(came) if came else []) if each not in held]
    for optin in held:
        erasing.erase(optin=optin, actor=actor, now=now)
    with transaction.atomic():
        left = Recipient.objects.filter(page=page, psid=psid).select_related("page").first()
        found = erasing.forget_recipient(left, now) if left else 0
        forgetting.forget(page=page, psid=psid, now=now)
        audit.record(actor=actor, action="person.erased", subject=page, optins=len(held), rows=found)
    return Done(optins=len(held), conversation=talked, traces=found)
