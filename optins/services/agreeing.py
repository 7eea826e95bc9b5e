"""An agreement becomes an opt-in, with its proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from optins import customer_ids
from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient
from optins.services import suppressing
from optins.services.ending import revoke
from optins.services.suppressing import Suppressed
from optins.services.terms import Terms, lifetime_of, terms_of
from optins.signals import optin_agreed
from optins.states import Lifetime, OptInState, Purpose, Source
from pages.conversations import erased
from pages.models import Page

# Systems that tell of an agreement that was given elsewhere. What they tell twice was agreed once.
TOLD = frozenset({Source.API, Source.IMPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How somebody agreed. `recipient` is empty where iAdvize holds the person; `evidence` is JSON.

    What is left empty is decided by the site's patterns of customer_ids, and where none fits by the id: a stock alert
    is temporary, anything else is durable and may be used for anything.
    """

    source: Source
    recipient: Recipient | None = None
    lifetime: Lifetime | None = None
    expires_at: datetime | None = None
    purpose: Purpose | None = None
    used_up: bool | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether the person gave it in Messenger, with nobody between."""
        return self.source == Source.BUTTON and self.recipient is not None

    @property
    def proof(self) -> dict[str, object]:
        return {"source": self.source, **self.evidence}

    def under(self, terms: Terms | None) -> "Agreement":
        """Completed by what the site's patterns say."""
        if terms is None:
            return self
        return replace(
            self,
            lifetime=self.lifetime or terms.lifetime,
            expires_at=None if self.lifetime is Lifetime.DURABLE else self.expires_at or terms.expires_at,
            purpose=self.purpose or terms.purpose,
            used_up=terms.used_up if self.used_up is None else self.used_up,
        )


class HeldByAnother(Exception):
    """Somebody else holds this customer_id on this page; the refusal is in the consent log."""

    def __init__(self, optin: OptIn) -> None:
        self.optin = optin
        super().__init__(
            _("Another person already holds the customer_id “%(id)s” on this page.") % {"id": optin.customer_id}
        )


class TakenBack(Exception):
    """It was taken back. No system can say that it was given again: the person can, or staff who write down how."""

    def __init__(self, optin: OptIn) -> None:
        self.optin = optin
        super().__init__(
            _("The customer “%(id)s” has withdrawn the agreement. Only the customer can agree again.")
            % {"id": optin.customer_id}
        )


def agree(
    *, page: Page, customer_id: str, agreement: Agreement, actor: AbstractBaseUser | None = None, now: datetime
) -> OptIn:
    """Gives or renews the agreement. The same person again is harmless.

    Raises CustomerIdError for an id that breaks the rules, HeldByAnother for one that another person holds, TakenBack
    where a system tells of an agreement that was withdrawn, and Suppressed for an erased person, unless it is the
    person who agrees: then the suppression ends.
    """
    customer_id, told = customer_ids.parse(customer_id), agreement
    agreement = told.under(terms_of(page=page, customer_id=customer_id, now=now))
    with transaction.atomic():
        optin, created = _get_or_create(page, customer_id, agreement, now)
        begins = created
        conflict = not created and not _same_person(optin, agreement.recipient)
        if not conflict:
            # Once the row is ours: an erasure of this instant was committed, or waits.
            _heed_erasure(optin, agreement, now)
        if conflict:
            kind = ConsentKind.CONFLICT
        elif created:
            kind = ConsentKind.GRANTED
        elif _is_told_again(optin, told, agreement, now):
            _heed_stop(optin, agreement, now)
            return optin
        else:
            kind = ConsentKind.RENEWED
            begins = _renew(optin, agreement, now)
        ConsentEvent.objects.create(
            optin=optin,
            kind=kind,
            at=now,
            recipient=agreement.recipient,
            actor_id=actor.pk if actor else None,
            evidence=agreement.proof,
        )
        if begins:
            optin_agreed.send(sender=OptIn, optin=optin, now=now)
    # Outside the transaction: the refusal itself is kept.
    if conflict:
        raise HeldByAnother(optin)
    optin.refresh_from_db()
    return optin


def refuse(*, optin: OptIn, recipient: Recipient, proof: Mapping[str, object], now: datetime) -> None:
    """Writes down that somebody else came with an id that is held."""
    evidence = {"source": Source.BUTTON, **proof}
    ConsentEvent.objects.create(optin=optin, kind=ConsentKind.CONFLICT, at=now, recipient=recipient, evidence=evidence)


def _get_or_create(page: Page, customer_id: str, agreement: Agreement, now: datetime) -> tuple[OptIn, bool]:
    lifetime = agreement.lifetime or lifetime_of(customer_id)
    try:
        with transaction.atomic():
            return OptIn.objects.create(
                page=page,
                customer_id=customer_id,
                recipient=agreement.recipient,
                lifetime=lifetime,
                source=agreement.source,
                agreed_at=now,
                expires_at=agreement.expires_at,
                purpose=agreement.purpose or Purpose.MARKETING,
                used_up=bool(agreement.used_up),
            ), True
    except IntegrityError:
        # Locked: who takes the agreement back at this instant does so before or after, and the consent log says which.
        locked = OptIn.objects.select_for_update(no_key=True)
        held = locked.filter(page=page, customer_id=customer_id).first()
    # Nobody holds it any more: it was erased at this instant.
    return (held, False) if held else _get_or_create(page, customer_id, agreement, now)


def _same_person(optin: OptIn, recipient: Recipient | None) -> bool:
    """Whether `recipient` may speak for the id; claims it where nobody's Facebook id is known yet."""
    if recipient is None or optin.recipient_id == recipient.pk:
        return True
    return bool(OptIn.objects.filter(pk=optin.pk, recipient=None).update(recipient=recipient))


def _heed_erasure(optin: OptIn, agreement: Agreement, now: datetime) -> None:
    page, customer_id, recipient = optin.page, optin.customer_id, agreement.recipient
    if optin.state == OptInState.ERASED:
        raise Suppressed(customer_id)
    if recipient and agreement.is_own:
        erased.came_back(page=page, psid=recipient.psid, now=now)
    elif recipient and erased.stays_away(page=page, psid=recipient.psid):
        raise Suppressed(customer_id)
    if not suppressing.is_suppressed(page=page, customer_id=customer_id):
        return
    if not agreement.is_own:
        raise Suppressed(customer_id)
    suppressing.lift(page=page, customer_id=customer_id)


def _heed_stop(optin: OptIn, agreement: Agreement, now: datetime) -> None:
    """Whose the id is may become known only now, and then what that person had stopped is over."""
    person = agreement.recipient
    if person and person.stopped_at and optin.agreed_at <= person.stopped_at:
        revoke(optin=optin, actor=None, now=now, evidence={**agreement.proof, "stopped": True})
        optin.refresh_from_db()


def _is_told_again(optin: OptIn, told: Agreement, agreement: Agreement, now: datetime) -> bool:
    """Whether a system repeats what is known already, to the letter. What our patterns add to it is not its word.

    Of what has run out or was used up the same proof proves nothing new, whatever else is said of it.
    """
    if agreement.source not in TOLD or optin.state not in {OptInState.ACTIVE, OptInState.EXPIRED}:
        return False
    in_force = optin.state == OptInState.ACTIVE and (optin.expires_at is None or optin.expires_at > now)
    if in_force and not _has_the_terms(optin, told, agreement):
        return False
    given = optin.events.filter(kind__in=(ConsentKind.GRANTED, ConsentKind.RENEWED))
    return given.order_by("-pk").values_list("evidence", flat=True).first() == agreement.proof


def _has_the_terms(optin: OptIn, told: Agreement, agreement: Agreement) -> bool:
    by_pattern = told.expires_at is None and agreement.expires_at is not None and optin.expires_at is not None
    if optin.expires_at != agreement.expires_at and not by_pattern:
        return False
    return told.purpose is None or told.purpose == optin.purpose


def _renew(optin: OptIn, agreement: Agreement, now: datetime) -> bool:
    """Whether it had ended, and begins anew."""
    if optin.state == OptInState.REVOKED and agreement.source in TOLD:
        raise TakenBack(optin)
    rows = OptIn.objects.filter(pk=optin.pk)
    begins = bool(rows.move(OptInState.ACTIVE, ended_at=None, source=agreement.source))
    # Who says nothing of purpose or use leaves them as they were: nothing is widened unasked.
    stated = {"purpose": agreement.purpose, "used_up": agreement.used_up}
    changes = {name: value for name, value in stated.items() if value is not None}
    rows.filter(state=OptInState.ACTIVE).update(agreed_at=now, expires_at=agreement.expires_at, **changes)
    return begins
