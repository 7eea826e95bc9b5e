"""What the screens of callbacks say: the events, the state, and why something stands still."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrPromise

from notifications.admin import badges, times
from notifications.admin.numbers import grouped
from notifications.callbacks.events import CHOICES, EventType
from notifications.callbacks.urls import UrlProblem
from notifications.models.callback import Callback, CallbackCall, CallbackOutcome, CallbackState, CallbackStop
from notifications.states import CampaignState, DeliveryState
from optins.models import ConsentKind

EVENTS: Mapping[EventType, StrPromise] = {
    EventType.DELIVERY_SENT: DeliveryState.SENT.label,
    EventType.DELIVERY_DELIVERED: DeliveryState.DELIVERED.label,
    EventType.DELIVERY_READ: DeliveryState.READ.label,
    EventType.DELIVERY_FAILED: DeliveryState.FAILED.label,
    EventType.DELIVERY_UNKNOWN: DeliveryState.UNKNOWN.label,
    EventType.DELIVERY_SKIPPED: DeliveryState.SKIPPED.label,
    EventType.DELIVERY_CANCELLED: DeliveryState.CANCELLED.label,
    EventType.OPTIN_GRANTED: ConsentKind.GRANTED.label,
    EventType.OPTIN_REVOKED: ConsentKind.REVOKED.label,
    EventType.OPTIN_EXPIRED: ConsentKind.EXPIRED.label,
    EventType.CAMPAIGN_LAUNCHED: pgettext_lazy("campaign", "Launched"),
    EventType.CAMPAIGN_PAUSED: CampaignState.PAUSED.label,
    EventType.CAMPAIGN_RESUMED: pgettext_lazy("campaign", "Resumed"),
    EventType.CAMPAIGN_FINISHED: CampaignState.FINISHED.label,
    EventType.CAMPAIGN_CANCELLED: CampaignState.CANCELLED.label,
}

URL_PROBLEMS: Mapping[UrlProblem, StrPromise] = {
    UrlProblem.MALFORMED: gettext_lazy(
        "This is no address that can be called. Give one such as https://shop.example.com/hooks."
    ),
    UrlProblem.TOO_LONG: gettext_lazy("This address is too long: 2,000 characters at most."),
    UrlProblem.NOT_HTTPS: gettext_lazy("The address has to begin with https://."),
    UrlProblem.HOLDS_PASSWORD: gettext_lazy("Leave user and password out of the address: calls are signed instead."),
    UrlProblem.PRIVATE: gettext_lazy("This address is a private one. Calls only go to the public internet."),
}

STOPS: Mapping[str, StrPromise] = {
    CallbackStop.GAVE_UP: gettext_lazy(
        "The receiver took nothing for days, so calls ended. Events are kept: once it is mended, start again."
    ),
    CallbackStop.GONE: gettext_lazy(
        "The receiver answered 410: it wants no more calls. Correct the address, or switch the callback off."
    ),
    CallbackStop.UNREADABLE: gettext_lazy(
        "Its secret was encrypted with a key that is gone, so calls can't be signed. Make a new one, then start again."
    ),
}

_TONES: Mapping[str, str] = {
    CallbackOutcome.TAKEN: "good",
    CallbackOutcome.FAILED: "doubt",
    CallbackOutcome.GONE: "bad",
}


def choices(subject: str) -> list[tuple[str, str]]:
    """The events of one subject (`delivery`, …) to choose from, each with the name it has in a call."""
    return [(kind.value, f"{EVENTS[kind]} ({kind.value})") for kind in CHOICES if kind.value.startswith(f"{subject}.")]


def state_badge(callback: Callback) -> SafeString:
    if callback.state == CallbackState.STOPPED:
        return badges.badge(callback.get_state_display(), "bad")
    if callback.state == CallbackState.OFF:
        return badges.badge(callback.get_state_display(), "quiet")
    if callback.failing_since:
        return badges.badge(_("Failing"), "doubt")
    # Nobody knows yet whether it works.
    return (
        badges.badge(_("Works"), "good") if callback.taken_to else badges.badge(callback.get_state_display(), "quiet")
    )


def outcome_badge(call: CallbackCall) -> SafeString:
    return badges.badge(call.get_outcome_display(), _TONES[call.outcome])


def standing(callback: Callback, zone: tzinfo) -> str:
    """Why it stands still, or what it does next; empty when there is nothing to say."""
    if callback.state == CallbackState.STOPPED:
        return str(STOPS[callback.stop])
    if callback.state == CallbackState.OFF:
        return _("Nothing is written down and nothing is sent.")
    if callback.failing_since:
        return _("Nothing was taken since %(since)s. The next try is at %(next)s.") % {
            "since": times.said(callback.failing_since, zone),
            "next": times.said(callback.next_try_at or callback.failing_since, zone),
        }
    return "" if callback.taken_to else _("Nothing was sent yet. A test event shows whether it works.")


def answered(call: CallbackCall) -> str:
    """What came back, in a word."""
    return str(call.status_code) if call.status_code else call.get_fault_display()


def took(call: CallbackCall) -> str:
    return f"{grouped(call.milliseconds)}\u00a0ms"


def numbers(call: CallbackCall) -> str:
    """The numbers of its events."""
    first, last = call.first_number, call.last_number
    return str(first) if first == last else f"{first}–{last}"
