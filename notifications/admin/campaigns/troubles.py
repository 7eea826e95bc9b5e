"""What did not go out, or may not have, grouped by reason: the few that explain most."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.http import urlencode

from notifications.admin.campaigns.progress import history_url
from notifications.models import Campaign, Delivery, Tally
from notifications.states import DeliveryState
from notifications.words import reason_advice, reason_words

EXPLAINED = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.SKIPPED)
# Grouping reads at most so many of the latest rows of a state, so that the page costs the same at any size.
LATEST = 5_000
TOP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    words: str
    advice: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """Those of one state; `partial` when only the latest rows were looked at."""

    state: DeliveryState
    count: int
    partial: bool
    top: tuple[Trouble, ...]


def troubles(campaign: Campaign, tally: Tally) -> list[Troubles]:
    counts = tally.by_state()
    return [
        Troubles(
            state=state,
            count=counts[state],
            partial=counts[state] > LATEST,
            top=tuple(top(campaign, state)),
        )
        for state in EXPLAINED
        if counts[state]
    ]


def top(campaign: Campaign, state: DeliveryState) -> Iterable[Trouble]:
    """The most frequent reasons among the latest of a state."""
    latest = Delivery.objects.filter(campaign=campaign, state=state).order_by("-id").values("pk")[:LATEST]
    grouped = Delivery.objects.filter(pk__in=latest).order_by().values("reason").annotate(count=Count("pk"))
    for reason, count in grouped.order_by("-count", "reason").values_list("reason", "count")[:TOP]:
        url = f"{history_url(campaign, state)}&{urlencode({'reason__exact': reason})}"
        yield Trouble(words=reason_words(reason), advice=reason_advice(reason), count=count, url=url)
