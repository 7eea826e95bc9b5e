"""Somebody comes with the token of a click, or types its code: the first one to do so is asked to confirm."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from optins import codes
from optins.models import Invitation, OptIn, Recipient
from optins.services import inviting, saying, withdrawing
from optins.services.agreeing import refuse
from optins.services.occasions import ANSWER_WITHIN, Occasion
from optins.services.saying import Said
from optins.services.terms import purpose_of
from optins.states import InvitationState, OptInState, Purpose
from pages.models import Thread
from pages.models.thread import Direction

# Codes that one person may get wrong within an hour.
MOST_TRIES, TRIES_WITHIN = 5, timedelta(hours=1)

S = InvitationState


def by_token(occasion: Occasion, *, ref: str, referral: Mapping[str, str]) -> Said | None:
    """None: the ref is none of ours, or the person has said STOP since: whoever changes her mind comes again."""
    if not codes.looks_like_token(ref) or withdrawing.came_after(occasion):
        return None
    found = Invitation.objects.filter(page=occasion.page, token_sha256=codes.digest(ref), again=False).first()
    if found is None:
        return saying.no_longer_good(occasion.language())
    # Not the token itself: it stands nowhere but in the link.
    return present(occasion, found, how={"referral": {name: referral[name] for name in ("source", "type")}})


def by_code(occasion: Occasion, *, code: str, thread: Thread) -> Said | None:
    """None: nobody's code, where nobody is expected to type one; or typed before a STOP."""
    if not inviting.is_code_awaited(occasion.page, occasion.now) or withdrawing.came_after(occasion):
        return None
    if _tries(thread, occasion) > MOST_TRIES:
        return saying.too_many_codes(occasion.language())
    found = inviting.by_code(occasion.page, code, occasion.now)
    if found is None:
        return saying.no_longer_good(occasion.language())
    return present(occasion, found, how={"code": True})


def _tries(thread: Thread, occasion: Occasion) -> int:
    """What looks like a code among what the person wrote lately, this message included."""
    lately = thread.messages.filter(
        direction=Direction.IN, at__gt=occasion.at - TRIES_WITHIN, at__lte=occasion.at
    ).order_by("-at")
    return sum(1 for text in lately.values_list("text", flat=True)[:100] if codes.typed(text))


def present(occasion: Occasion, invitation: Invitation, *, how: Mapping[str, object]) -> Said:
    """The first person who comes with it is its own; whoever comes later is refused, and written down."""
    recipient = occasion.recipient()
    if invitation.state == S.ISSUED:
        _first(occasion, invitation, recipient, how)
        invitation.refresh_from_db()
    language = invitation.language
    if invitation.recipient_id != recipient.pk:
        if invitation.recipient_id is None:
            return saying.no_longer_good(language)
        _write_down(invitation, recipient, occasion)
        return saying.refused(language)
    match invitation.state:
        case S.ASKED:
            return _question(occasion, invitation)
        case S.AGREED if invitation.optin and invitation.optin.state == OptInState.ACTIVE:
            return saying.all_is_set(occasion.page, language)
        case S.CONFLICT:
            return saying.refused(language)
    return saying.no_longer_good(language)


def _first(occasion: Occasion, invitation: Invitation, recipient: Recipient, how: Mapping[str, object]) -> None:
    """Of two who come at the same instant one is the first; a move that finds nothing was the other one's."""
    mine = Invitation.objects.filter(pk=invitation.pk, state=S.ISSUED)
    if invitation.expires_at <= occasion.now:
        mine.move(S.EXPIRED)
        return
    arrived: dict[str, Any] = {"recipient": recipient, "arrived_at": occasion.now}
    proof = {
        "arrival": {**occasion.proof, **how},
        "question": _question(occasion, invitation).text,
        "purpose": _purpose(occasion, invitation).value,
    }
    with transaction.atomic():
        held = _holder(invitation)
        if held and held.recipient_id not in (None, recipient.pk):
            if mine.move(S.CONFLICT, **arrived, proof=proof):
                refuse(optin=held, recipient=recipient, proof={"invitation": invitation.pk, **proof}, now=occasion.now)
        elif held and held.recipient_id == recipient.pk and _in_force(held, occasion):
            mine.move(S.AGREED, **arrived, optin=held, proof=proof, answered_at=occasion.now)
        else:
            mine.move(S.ASKED, **arrived, proof=proof, expires_at=occasion.now + ANSWER_WITHIN)


def _holder(invitation: Invitation) -> OptIn | None:
    return OptIn.objects.filter(page=invitation.page_id, customer_id=invitation.customer_id).first()


def _in_force(optin: OptIn, occasion: Occasion) -> bool:
    lasts = Q(expires_at=None) | Q(expires_at__gt=occasion.now)
    return OptIn.objects.filter(lasts, pk=optin.pk, state=OptInState.ACTIVE).exists()


def _question(occasion: Occasion, invitation: Invitation) -> Said:
    return saying.question(occasion.page, invitation, _purpose(occasion, invitation))


def _purpose(occasion: Occasion, invitation: Invitation) -> Purpose:
    """What the person was asked for, whatever the site's patterns say by now; they decide of a first question."""
    if asked := invitation.proof.get("purpose"):
        return Purpose(asked)
    return purpose_of(page=occasion.page, customer_id=invitation.customer_id, now=occasion.now)


def _write_down(invitation: Invitation, recipient: Recipient, occasion: Occasion) -> None:
    """By our own number, which says nothing once the person is erased; and in the consent log of an agreement."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if any(each["recipient"] == recipient.pk for each in locked.refused):
            return
        locked.refused = [*locked.refused, {"recipient": recipient.pk, "at": occasion.at.isoformat()}]
        locked.save(update_fields=["refused"])
        held = _holder(locked)
        if held and held.recipient_id not in (None, recipient.pk):
            proof = {"invitation": locked.pk, "arrival": occasion.proof, "same_link": True}
            refuse(optin=held, recipient=recipient, proof=proof, now=occasion.now)
