"""Deciding what became of deliveries in doubt: one, those ticked in the list, or all of a campaign, after a question
with the count; of several, the count is typed as a second confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise
from unfold.widgets import UnfoldAdminTextInputWidget

from notifications.admin.numbers import grouped
from notifications.admin.people import actor_of
from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.reasons import Reason
from notifications.services import doubts
from notifications.states import DeliveryState

RESOLVE = "notifications.resolve_delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    name: str
    label: str | StrPromise
    consequence: str | StrPromise
    tone: str
    icon: str
    reason: Reason


DECISIONS: Mapping[str, Decision] = {
    decision.name: decision
    for decision in (
        Decision(
            name="treat_as_sent",
            label=gettext_lazy("Treat as sent"),
            consequence=gettext_lazy(
                "Nothing is sent. Choose this when the customer has it, or when getting it twice would be worse "
                "than not getting it."
            ),
            tone="primary",
            icon="done",
            reason=Reason.TREATED_AS_SENT,
        ),
        Decision(
            name="send_again",
            label=gettext_lazy("Send again (may duplicate)"),
            consequence=gettext_lazy(
                "Back into the queue, and sent once more: a customer who did get it gets it twice. A finished campaign "
                "runs again for it; of a cancelled one nothing is sent again, nor to who opted out."
            ),
            tone="danger",
            icon="replay",
            reason=Reason.SENT_AGAIN,
        ),
    )
}


class TypedCount(forms.Form):
    """The second confirmation: the number of deliveries, typed."""

    typed = forms.CharField(required=False, max_length=20, widget=UnfoldAdminTextInputWidget)

    def __init__(self, count: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        field = self.fields["typed"]
        field.label = _("To confirm, type how many they are: %(count)s") % {"count": grouped(count)}
        field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        digits = "".join(letter for letter in typed if letter.isdecimal())
        if not digits or int(digits) != self.count:
            raise forms.ValidationError(_("Nothing was decided. Type %(count)s here.") % {"count": grouped(self.count)})
        return typed


def decide(request: HttpRequest, decision: Decision, rows: DeliveryQuerySet, *, asked: int) -> None:
    """Decides each, and says how many of the `asked` it was true of: others may have been decided meanwhile."""
    resolved = doubts.resolve(rows=rows, reason=decision.reason, actor=actor_of(request), now=timezone.now())
    if done := resolved.done:
        words = ngettext("%(decision)s: %(count)s delivery.", "%(decision)s: %(count)s deliveries.", done)
        messages.success(request, words % {"count": grouped(done), "decision": decision.label})
    if (late := max(resolved.left, asked - done)) > 0:
        words = ngettext(
            "%(count)s delivery was left as it is: it is not in doubt any more, its campaign was cancelled, or the "
            "customer opted out.",
            "%(count)s deliveries were left as they are: not in doubt any more, their campaign was cancelled, or the "
            "customer opted out.",
            late,
        )
        messages.warning(request, words % {"count": grouped(late)})


def question(decision: Decision, count: int) -> str:
    words = ngettext("%(decision)s: %(count)s delivery?", "%(decision)s: %(count)s deliveries?", count)
    return words % {"decision": decision.label, "count": grouped(count)}


def not_in_doubt_words(delivery: Delivery) -> str:
    return _("Nothing to decide: the delivery is no longer in doubt. It is %(state)s now.") % {
        "state": str(delivery.get_state_display()).lower()
    }


def is_in_doubt(delivery: Delivery) -> bool:
    return delivery.state == DeliveryState.UNKNOWN
