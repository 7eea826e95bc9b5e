"""Deciding what became of deliveries in doubt: one, or those ticked in the list, after a question with the count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from notifications.admin.numbers import grouped
from notifications.admin.people import actor_of
from notifications.models import Delivery
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
    decide: Callable[..., bool]


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
            decide=doubts.treat_as_sent,
        ),
        Decision(
            name="send_again",
            label=gettext_lazy("Send again (may duplicate)"),
            consequence=gettext_lazy(
                "It goes back into the queue and is sent once more. A customer who did get it gets it twice. A "
                "finished campaign runs again for it; of a cancelled one nothing is sent again."
            ),
            tone="danger",
            icon="replay",
            decide=doubts.send_again,
        ),
    )
}


def decide(
    request: HttpRequest, decision: Decision, deliveries: Sequence[Delivery], *, ticked: int | None = None
) -> None:
    """Decides each, and says how many of the `ticked` it was true of: others may have been decided meanwhile."""
    now, actor = timezone.now(), actor_of(request)
    done = sum(decision.decide(delivery=delivery, actor=actor, now=now) for delivery in deliveries)
    if done:
        words = ngettext("%(decision)s: %(count)s delivery.", "%(decision)s: %(count)s deliveries.", done)
        messages.success(request, words % {"count": grouped(done), "decision": decision.label})
    if late := (ticked or len(deliveries)) - done:
        words = ngettext(
            "%(count)s delivery was left as it is: it is not in doubt any more, or its campaign was cancelled.",
            "%(count)s deliveries were left as they are: not in doubt any more, or their campaign was cancelled.",
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
