"""Whether what arrived at the far end may have left: by an agreement, or by one of two other rights.

* An agent's **reply**: the person wrote or came within the last 24 hours, and was not erased since.
* An automatic **answer**: to one thing that this person did within the last 24 hours, once for each; and after a STOP
  to nothing that was done before it. So the last thing that a STOP brings about is its own confirmation.
"""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.states import LEFT, CampaignState, DeliveryState, Origin
from optins.models import OptIn
from pages.models import WebhookEvent
from pages.models.webhook import EventState
from pages.states import PageState
from tests.notifications.never.far import Arrival
from tests.notifications.never.world import META

if TYPE_CHECKING:
    from tests.notifications.never.history import Base

D = DeliveryState
DAY = timedelta(hours=24)


def judge(history: "Base", arrival: Arrival) -> None:
    row = Delivery.objects.select_related("optin", "campaign", "page", "thread").get(pk=arrival.delivery)
    assert row.page.page_id == arrival.page_id, f"{row.pk} left by another page"
    if row.optin:
        _agreed(history, arrival, row)
    elif row.origin == Origin.ANSWER:
        _answers(history, arrival, row)
    else:
        _replies(history, arrival, row)
    if arrival.left:
        _once(history, arrival, row)


def _agreed(history: "Base", arrival: Arrival, row: Delivery) -> None:
    assert row.optin
    assert row.dispatch_started_at
    page, at = history.world.name_of(row.page), row.dispatch_started_at
    key = history.key(page, row.optin.customer_id)
    period = history.model.at(key, at)
    assert period, f"No agreement of {key} was in force at {at}: {history.model.periods.get(key)}"
    whom = period.holder if page == META else key[1]
    assert arrival.whom == whom, f"{key} is {whom}'s, and {arrival.whom} was written to"
    purpose = row.campaign.purpose if row.campaign else None
    assert period.allows(purpose), f"{key} agreed to {period.purpose}, not to {purpose}"
    if period.sole and arrival.left:
        others = history.used.setdefault((key, period.given_at), set()) - {row.pk}
        assert not others, f"The agreement of {key} to one message was used up by {others}; {row.pk} left too"
        history.used[key, period.given_at].add(row.pk)


def _answers(history: "Base", arrival: Arrival, row: Delivery) -> None:
    assert row.dispatch_started_at
    done = [one for one in history.facts if _name(one.mid) == row.answers_to]
    assert len(done) == 1, f"{row.pk} answers nothing that was done"
    assert done[0].psid == arrival.whom, "The answer went to somebody else"
    assert row.dispatch_started_at - done[0].at <= DAY, "The answer came too late"
    stopped_at = history.model.stops.get(arrival.whom)
    told_before = stopped_at and history.stop_told[arrival.whom] < row.dispatch_started_at
    assert not (stopped_at and told_before and done[0].at < stopped_at), "After a STOP something older was answered"
    assert not history.model.is_away(arrival.whom, done[0].at), "Somebody erased was answered"


def _replies(history: "Base", arrival: Arrival, row: Delivery) -> None:
    assert row.dispatch_started_at
    acted = [one.at for one in history.facts if one.psid == arrival.whom and one.at <= row.dispatch_started_at]
    assert acted, "Somebody who never wrote was replied to"
    assert row.dispatch_started_at - max(acted) <= DAY, "The reply came too late"
    assert not history.model.is_away(arrival.whom, row.created_at), "Somebody erased was replied to"


def _once(history: "Base", arrival: Arrival, row: Delivery) -> None:
    """A person or the page's policy may send a doubt again, and says so."""
    history.left[row.pk, arrival.part] += 1
    allowed = 1 + history.again[row.pk] + (row.policy_sent_again_at is not None)
    assert history.left[row.pk, arrival.part] <= allowed, f"{row.pk} left {history.left[row.pk, arrival.part]} times"


def compare(history: "Base") -> None:
    """What the engine takes for an agreement, message or none: the model knows it, no wider, and whose it is."""
    now = history.clock.at
    for optin in OptIn.objects.active(now).select_related("page", "recipient"):
        key = history.key(history.world.name_of(optin.page), optin.customer_id)
        period = history.model.at(key, now)
        assert period, f"{key} is active, and no agreement is in force: {history.model.periods.get(key)}"
        assert optin.purpose == period.purpose or period.allows(optin.purpose), (
            f"{key} is kept for {optin.purpose}, and agreed to {period.purpose}"
        )
        holder = optin.recipient.psid if optin.recipient else None
        assert holder == period.holder, f"{key} is {period.holder}'s, and kept as {holder}'s"
        assert optin.used_up or not period.sole, f"{key} was for one message alone"


def nothing_waits(history: "Base") -> None:
    """Unless its page or campaign does, or it is to be tried later; and whatever did not leave says why."""
    now = history.clock.at
    rows = Delivery.objects.filter(page__state=PageState.ACTIVE)
    running = Q(campaign=None) | Q(campaign__state=CampaignState.RUNNING)
    waiting = rows.filter(running, state=D.QUEUED, due_at__lte=now)
    assert not waiting.exists(), f"Nobody sends {list(waiting.values())}"
    assert not rows.filter(state=D.DISPATCHING).exists(), "What is being sent has no end"
    assert not rows.filter(state__in=[D.SKIPPED, D.FAILED, D.UNKNOWN], reason="").exists(), "No reason is given"
    for row in rows.filter(state__in=LEFT).exclude(reason=Reason.TREATED_AS_SENT):
        assert any(one.delivery == row.pk and one.left for one in history.far.arrivals), (
            f"{row.pk} never left, and is {row.state}"
        )


def no_failures() -> None:
    failed = WebhookEvent.objects.exclude(error="", state__in=[EventState.WAITING, EventState.DONE, EventState.IGNORED])
    assert not failed.exists(), list(failed.values_list("kind", "error"))


def _name(mid: str) -> str:
    return hashlib.sha256(mid.encode()).hexdigest()
