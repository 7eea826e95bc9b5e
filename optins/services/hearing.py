"""What Facebook tells of a person, and which service it is for: a STOP before all else, then how they came, then words.

Idempotent: each service looks at what stands, and each event is answered once. In standby another application has the
conversation: there a STOP counts, and nothing is said.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from optins import choices, codes
from optins.choices import Tap
from optins.services import arriving, consenting, withdrawing
from optins.services.occasions import Occasion
from optins.services.saying import Said
from optins.signals import answer_wanted
from optins.stopping import Wish, wish, wish_of_payload
from pages.conversations.entries import entry_of
from pages.events import Event, MessageReceived, OptedIn, PostbackReceived, Referral, Referred
from pages.models import Page, Thread
from pages.states import GatewayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    text: str = ""
    payload: str = ""
    referral: Referral | None = None


def hear(*, page: Page, thread: Thread | None, event: Event, now: datetime) -> None:
    """In the transaction that marks the event as processed; the person's thread is locked, so one event at a time."""
    heard, entry = _heard(event), entry_of(event)
    if heard is None or entry is None or thread is None:
        return
    occasion = Occasion(page=page, psid=event.psid, about=entry.mid, at=min(event.at, now), now=now)
    is_ours = page.gateway == GatewayKind.META and not event.standby
    said = None
    if _wanted(heard) is Wish.STOP:
        said = withdrawing.stop(occasion, thread=thread, words=heard.text or heard.payload)
    elif is_ours:
        said = (withdrawing.start(occasion) if _wanted(heard) else None) or _answer(occasion, heard, thread)
    if said is not None and is_ours:
        answer_wanted.send(sender=Thread, page=page, thread=thread, body=said.body, about=occasion.about, now=now)


def _heard(event: Event) -> Heard | None:
    match event:
        case MessageReceived():
            return Heard(text=event.text, payload=event.quick_reply, referral=event.referral)
        case PostbackReceived():
            return Heard(payload=event.payload, referral=event.referral)
        case Referred():
            return Heard(referral=event.referral)
        case OptedIn() if event.ref:
            return Heard(referral=Referral(ref=event.ref, source="OPTIN", type=event.type))
    return None


def _wanted(heard: Heard) -> Wish | None:
    """What a button says goes before the title that stands on it."""
    return wish_of_payload(heard.payload) if heard.payload else wish(heard.text)


def _answer(occasion: Occasion, heard: Heard, thread: Thread) -> Said | None:
    if heard.referral:
        came = arriving.by_token(occasion, ref=heard.referral.ref, referral=asdict(heard.referral))
        if came is not None:
            return came
    if tapped := choices.read(heard.payload):
        if tapped.tap is Tap.ONLY_THIS:
            return withdrawing.only_this(occasion, kept_stopped=tapped.ids)
        return consenting.answer(occasion, tap=tapped.tap, ids=tapped.ids, words=heard.text or heard.payload)
    if heard.payload or not heard.text:
        return None
    if code := codes.typed(heard.text):
        return arriving.by_code(occasion, code=code, thread=thread)
    if tap := choices.typed(heard.text):
        asked = consenting.open_questions(occasion)
        return consenting.answer(occasion, tap=tap, ids=asked, words=heard.text) if asked else None
    return None
