"""Each kind of event, from the member that it is known by. Pure.

A builder gives None where what it was told can't be understood: nobody is named, or the one thing that it is about is
missing. Everything else that is missing or of another type is as if Facebook had not said it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pages import events
from pages.webhooks.members import mapping, mappings, text, texts
from pages.webhooks.told import Told

Member = Mapping[str, Any]
Build = Callable[[Told, Member], events.Event | None]


def _message(told: Told, said: Member) -> events.Event | None:
    if not told.psid or said.get("is_deleted") is True:
        return None
    what: dict[str, Any] = {
        "mid": text(said.get("mid")),
        "text": text(said.get("text")),
        "attachments": mappings(said.get("attachments")),
        "reply_to": text(mapping(said.get("reply_to")).get("mid")),
    }
    if told.by_page:
        by = _texts(said, "app_id", "metadata")
        return events.Echoed(**told.of_all, **what, **by)
    tapped = text(mapping(said.get("quick_reply")).get("payload"))
    return events.MessageReceived(**told.of_all, **what, quick_reply=tapped, referral=_came(said))


def _postback(told: Told, tapped: Member) -> events.Event | None:
    if not told.psid:
        return None
    what = _texts(tapped, "mid", "title", "payload")
    return events.PostbackReceived(**told.of_all, **what, referral=_came(tapped))


def _referral(told: Told, came: Member) -> events.Event | None:
    referral = _referral_of(came)
    return events.Referred(**told.of_all, referral=referral) if referral and told.psid else None


def _optin(told: Told, agreed: Member) -> events.Event:
    """The checkbox names nobody but a `user_ref`."""
    return events.OptedIn(**told.of_all, **_texts(agreed, "ref", "user_ref", "type", "payload"))


def _delivery(told: Told, receipt: Member) -> events.Event | None:
    watermark = told.until(receipt.get("watermark"))
    if not watermark or not told.psid:
        return None
    return events.Delivered(**told.of_all, watermark=watermark, mids=texts(receipt.get("mids")))


def _read(told: Told, receipt: Member) -> events.Event | None:
    watermark = told.until(receipt.get("watermark"))
    return events.WasRead(**told.of_all, watermark=watermark) if watermark and told.psid else None


def _reaction(told: Told, reacted: Member) -> events.Event | None:
    """The person's; what the page itself reacts opens no window."""
    mid = text(reacted.get("mid"))
    if not mid or not told.psid or told.by_page:
        return None
    is_back = reacted.get("action") == "unreact"
    emoji = "" if is_back else text(reacted.get("emoji")) or text(reacted.get("reaction"))
    return events.Reacted(**told.of_all, mid=mid, emoji=emoji)


def _policy(told: Told, enforced: Member) -> events.Event | None:
    action = text(enforced.get("action")).lower()
    return events.PolicyEnforced(**told.of_all, action=action, reason=text(enforced.get("reason"))) if action else None


def _template_status(told: Told, value: Member) -> events.Event | None:
    status = text(value.get("event")) or text(value.get("status"))
    template_id, name = text(value.get("message_template_id")), text(value.get("message_template_name"))
    if not status or not (template_id or name):
        return None
    return events.TemplateStatusChanged(
        **told.of_all,
        template_id=template_id,
        name=name,
        language=text(value.get("message_template_language")),
        status=status.upper(),
        reason=text(value.get("reason")),
    )


def _handover(action: str) -> Build:
    def build(told: Told, passed: Member) -> events.Event | None:
        to = text(passed.get("new_owner_app_id")) or text(passed.get("requested_owner_app_id"))
        return events.ThreadHandedOver(**told.of_all, action=action, to=to) if told.psid else None

    return build


def _came(told: Member) -> events.Referral | None:
    return _referral_of(mapping(told.get("referral")))


def _referral_of(came: Member) -> events.Referral | None:
    """In Europe `source` may be missing. An arrival without a `ref` (an advertisement's) is one all the same."""
    found = _texts(came, "ref", "source", "type")
    return events.Referral(**found) if any(found.values()) else None


def _texts(member: Member, *names: str) -> dict[str, Any]:
    return {name: text(member.get(name)) for name in names}


# By the member of `messaging`; the first that an event has says what it is.
OF_MEMBER: Mapping[str, Build] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "referral": _referral,
    "optin": _optin,
    "delivery": _delivery,
    "read": _read,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
    **{name: _handover(name) for name in ("pass_thread_control", "take_thread_control", "request_thread_control")},
}
# By the field of `changes`; Facebook's pages spell it both ways.
OF_FIELD: Mapping[str, Build] = dict.fromkeys(
    ("message_template_status_update", "messenger_template_status_update"), _template_status
)
