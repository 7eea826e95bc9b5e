"""STOP, at once and for everything; what narrows it; and START, which asks again and gives nothing back by itself."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from optins import choices
from optins.models import ConsentEvent, ConsentKind, Invitation, OptIn, Recipient
from optins.services import saying
from optins.services.ending import revoke
from optins.services.occasions import ANSWER_WITHIN, Occasion
from optins.services.saying import Said
from optins.signals import last_written_to, stop_heard
from optins.states import InvitationState, OptInState, Source
from pages.models import Site, Thread

GIVEN = (ConsentKind.GRANTED, ConsentKind.RENEWED)


def stop(occasion: Occasion, *, thread: Thread | None, words: str) -> Said | None:
    """Ends every agreement of the person on the page. None: there was none, so nobody needs to be told.

    One that is used up counts: whoever says STOP after the alert is answered too. A STOP that is told late, or again,
    ends nothing that was agreed to after it.
    """
    recipient = occasion.recipient()
    if recipient.stopped_at and occasion.at <= recipient.stopped_at:
        return None
    Recipient.objects.filter(pk=recipient.pk).update(stopped_at=occasion.at)
    if thread is not None:
        stop_heard.send(sender=Thread, thread=thread, now=occasion.now)
    ended = [each for each in _endable(recipient) if not _is_newer(each, occasion.at)]
    active = [each for each in ended if each.state == OptInState.ACTIVE]
    for optin in ended:
        evidence = {**occasion.proof, "words": words, "was": optin.state}
        revoke(optin=optin, actor=None, now=occasion.now, evidence=evidence)
    if not ended:
        return None
    if not active:
        return saying.nothing_more(occasion.page, occasion.language())
    return saying.stopped(occasion.page, occasion.language(), only=_meant_alone(thread, active))


def came_after(occasion: Occasion) -> bool:
    """Whether the person has said STOP since, or at that instant: what is told late is not answered any more."""
    known = occasion.known()
    return known is not None and known.stopped_at is not None and occasion.at <= known.stopped_at


def _endable(recipient: Recipient) -> list[OptIn]:
    """One that has expired too: no system may say again that it was given."""
    states = (OptInState.ACTIVE, OptInState.EXPIRED)
    return list(OptIn.objects.filter(recipient=recipient, state__in=states).select_related("page").order_by("pk"))


def _is_newer(optin: OptIn, at: datetime) -> bool:
    """Whether the person agreed to it in Messenger after that."""
    given = ConsentEvent.objects.filter(optin=optin, kind__in=GIVEN).order_by("-pk").first()
    if given is None or given.evidence.get("source") != Source.BUTTON:
        return False
    answered = given.evidence.get("answer")
    told = answered.get("at") if isinstance(answered, dict) else None
    return isinstance(told, str) and datetime.fromisoformat(told) > at


def _meant_alone(thread: Thread | None, ended: Collection[OptIn]) -> int | None:
    """The one whose message the person got last; where nobody knows, the newest. None: there was but one."""
    if len(ended) < 2 or thread is None:
        return None
    pks = [each.pk for each in sorted(ended, key=lambda each: (each.agreed_at, each.pk))]
    told: list[Any] = [pk for _receiver, pk in last_written_to.send(sender=OptIn, thread=thread)]
    return next((pk for pk in pks if pk in told), pks[-1])


def only_this(occasion: Occasion, *, kept_stopped: Collection[int]) -> Said | None:
    """Not all was meant: the others are asked for again. The one stays stopped."""
    return _ask_again(occasion, others_than=kept_stopped)


def start(occasion: Occasion) -> Said | None:
    return _ask_again(occasion, others_than=())


def _ask_again(occasion: Occasion, *, others_than: Collection[int]) -> Said | None:
    recipient = occasion.known()
    if recipient is None or (recipient.stopped_at and occasion.at <= recipient.stopped_at):
        # Told late: the STOP came after it.
        return None
    ended = [each for each in _stopped_by_the_person(recipient, occasion) if each.pk not in others_than]
    site = occasion.page.site
    if site is None:
        return None
    asked = [_invitation(occasion, site, recipient, optin) for optin in ended[: choices.MOST_IDS]]
    waiting = [each for each in asked if each.state == InvitationState.ASKED]
    return saying.question_again(occasion.page, waiting, others=bool(others_than)) if waiting else None


def _stopped_by_the_person(recipient: Recipient, occasion: Occasion) -> list[OptIn]:
    """What a STOP ended that was in force; not what has run out since, nor what staff took back."""
    ended = OptIn.objects.filter(recipient=recipient, state=OptInState.REVOKED).order_by("-agreed_at", "-pk")
    return [
        optin for optin in ended if _was_stopped(optin) and not (optin.expires_at and optin.expires_at <= occasion.now)
    ]


def _was_stopped(optin: OptIn) -> bool:
    last = ConsentEvent.objects.filter(optin=optin, kind=ConsentKind.REVOKED).order_by("-pk").first()
    return last is not None and last.evidence.get("was") == OptInState.ACTIVE


def _invitation(occasion: Occasion, site: Site, recipient: Recipient, optin: OptIn) -> Invitation:
    """One for each START and opt-in, however often it is told. No link leads to it."""
    name = salted_hmac("question that is put again", f"{occasion.about}/{optin.pk}", algorithm="sha256").hexdigest()
    # To what had been agreed before: the site's patterns may say otherwise by now.
    before = {"purpose": optin.purpose, "used_up": optin.used_up}
    question = {"question": "again", "arrival": occasion.proof, **before}
    made, _is_new = Invitation.objects.get_or_create(
        token_sha256=name,
        defaults={
            "site": site,
            "page": occasion.page,
            "customer_id": optin.customer_id,
            "address": "",
            "language": occasion.language(),
            "state": InvitationState.ASKED,
            "again": True,
            "recipient": recipient,
            "proof": question,
            "created_at": occasion.now,
            "arrived_at": occasion.now,
            "expires_at": occasion.now + ANSWER_WITHIN,
        },
    )
    return made
