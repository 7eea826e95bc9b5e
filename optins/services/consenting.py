"""Yes or No: the person's own answer to the question makes the agreement, with the whole proof, or ends the matter."""

import hashlib
from collections.abc import Collection

from optins import choices
from optins.choices import Tap
from optins.models import ConsentEvent, ConsentKind, Invitation, OptIn
from optins.services import saying, withdrawing
from optins.services.agreeing import Agreement, HeldByAnother, agree
from optins.services.occasions import Occasion
from optins.services.saying import Said
from optins.states import InvitationState, OptInState, Purpose, Source

S = InvitationState


def answer(occasion: Occasion, *, tap: Tap, ids: Collection[int], words: str) -> Said | None:
    """What becomes of the questions with these ids; None: they were never put to this person, all is as it was, or the
    person has said STOP since.
    """
    asked = _locked(occasion, ids)
    if not asked:
        return None
    said = _agreed(occasion, asked, words) if tap is Tap.YES else _declined(occasion, asked)
    return None if withdrawing.came_after(occasion) else said


def open_questions(occasion: Occasion) -> list[int]:
    """What a typed answer is about: what was asked last before it was typed, if that is open still.

    So an answer that is told late, or processed once more from the store, answers no other question than it did.
    """
    recipient = occasion.known()
    put = Invitation.objects.filter(page=occasion.page, recipient=recipient, arrived_at__lte=occasion.at)
    newest = put.order_by("-arrived_at", "-pk").first() if recipient else None
    if newest is None or newest.state != S.ASKED:
        return []
    together = put.filter(arrived_at=newest.arrived_at) if newest.again else put.filter(pk=newest.pk)
    waiting = together.filter(state=S.ASKED).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[: choices.MOST_IDS])


def _locked(occasion: Occasion, ids: Collection[int]) -> list[Invitation]:
    """In the order of their ids, as everybody takes them."""
    mine = Invitation.objects.filter(pk__in=ids, page=occasion.page, recipient__psid=occasion.psid)
    return list(mine.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _agreed(occasion: Occasion, asked: list[Invitation], words: str) -> Said | None:
    for invitation in asked:
        if invitation.state == S.ASKED:
            _agree(occasion, invitation, words)
    states = {each.state for each in asked}
    language = asked[0].language
    if S.AGREED in states:
        in_force = any(each.optin and each.optin.state == OptInState.ACTIVE for each in asked)
        return saying.thanks(occasion.page, language) if in_force else None
    if S.CONFLICT in states:
        return saying.refused(language)
    return saying.no_longer_good(language) if S.EXPIRED in states else None


def _agree(occasion: Occasion, invitation: Invitation, words: str) -> None:
    """The invitation is as it is in the database afterwards."""
    recipient = invitation.recipient
    rows = Invitation.objects.filter(pk=invitation.pk)
    if recipient is None or _is_too_late(occasion, invitation):
        rows.move(S.EXPIRED, answered_at=occasion.now)
    elif withdrawing.came_after(occasion) or _was_taken_back(occasion, invitation):
        # Told late.
        rows.move(S.DECLINED, answered_at=occasion.now)
    else:
        agreement = _agreement(occasion, invitation, words)
        try:
            optin = agree(page=occasion.page, customer_id=invitation.customer_id, agreement=agreement, now=occasion.now)
        except HeldByAnother:
            rows.move(S.CONFLICT, answered_at=occasion.now)
        else:
            rows.move(S.AGREED, answered_at=occasion.now, optin=optin)
    invitation.refresh_from_db()


def _agreement(occasion: Occasion, invitation: Invitation, words: str) -> Agreement:
    """To what was asked, which the site's patterns may have gone beyond since; an alert was asked for once."""
    asked = invitation.proof.get("purpose")
    purpose = Purpose(asked) if asked else None
    return Agreement(
        source=Source.BUTTON,
        recipient=invitation.recipient,
        purpose=purpose,
        used_up=True if purpose is Purpose.ALERT or invitation.proof.get("used_up") else None,
        evidence=_proof(occasion, invitation, words),
    )


def _was_taken_back(occasion: Occasion, invitation: Invitation) -> bool:
    """By staff or a system, after the person's answer. A STOP has a time of its own."""
    held = OptIn.objects.filter(page=occasion.page, customer_id=invitation.customer_id, state=OptInState.REVOKED)
    events = ConsentEvent.objects.filter(optin__in=held, kind=ConsentKind.REVOKED, at__gte=occasion.at)
    last = events.order_by("-pk").first()
    return last is not None and "words" not in last.evidence


def _is_too_late(occasion: Occasion, invitation: Invitation) -> bool:
    """By the clock of the tap: what is told late was not answered late."""
    return invitation.expires_at < occasion.at


def _declined(occasion: Occasion, asked: list[Invitation]) -> Said | None:
    waiting = [each.pk for each in asked if each.state == S.ASKED]
    if waiting:
        Invitation.objects.filter(pk__in=waiting).move(S.DECLINED, answered_at=occasion.now)
        return saying.respected(occasion.page, asked[0].language)
    return None


def _proof(occasion: Occasion, invitation: Invitation, words: str) -> dict[str, object]:
    """Who, when, where, which look, which words, which event: what GDPR article 7(1) has to be shown with."""
    wording = invitation.wording
    return {
        "invitation": invitation.pk,
        "clicked_at": invitation.created_at.isoformat(),
        "address": invitation.address,
        "button": invitation.button_id,
        "look": invitation.look,
        "language": invitation.language,
        "wording": {
            "id": wording.pk,
            "version": wording.version,
            "sha256": hashlib.sha256(wording.text.encode()).hexdigest(),
        }
        if wording
        else None,
        **invitation.proof,
        "answer": {**occasion.proof, "words": words},
        "again": invitation.again,
    }
