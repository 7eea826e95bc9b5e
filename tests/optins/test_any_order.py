"""Facebook tells of events as often as it likes, and in any order: nobody is ever written to who did not agree last."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Delivery
from notifications.states import Origin
from optins.choices import Tap
from optins.models import Invitation, OptIn
from optins.states import OptInState
from pages.events import Event
from pages.models import Page
from tests.optins.visitors import Visitor, click, shop_page, tell, token_of

pytestmark = pytest.mark.django_db
numbers = count()
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = START + timedelta(hours=1)


def history(page: Page, acts: list[str]) -> Visitor:
    """What a person did after coming by one link; nothing is told yet."""
    visitor = Visitor(page=page, psid=str(next(numbers)), at=START)
    visitor.comes(token_of(click(page, f"c-{visitor.psid}", now=START)), silently=True)
    asked = Invitation.objects.get(customer_id=f"c-{visitor.psid}").pk
    for act in acts:
        if act in {"yes", "no"}:
            visitor.taps(Tap.YES if act == "yes" else Tap.NO, [asked], silently=True)
        else:
            visitor.writes(act, silently=True)
    return visitor


def last(acts: list[str], *among: str) -> int:
    return max((place for place, act in enumerate(acts) if act in among), default=-1)


def told(page: Page, events: list[Event]) -> None:
    for event in events:
        tell(page, event, now=LATER)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["yes", "no", "STOP", "hello"]), max_size=5), data=st.data())
def test_in_any_order_and_twice_nobody_is_active_who_stopped_last(
    page: Page, acts: list[str], data: st.DataObject
) -> None:
    visitor = history(page, acts)
    told(page, data.draw(st.permutations(visitor.told * 2)))
    told(page, visitor.told)

    active = OptIn.objects.filter(recipient__psid=visitor.psid, state=OptInState.ACTIVE).exists()
    assert not (active and last(acts, "STOP") > last(acts, "yes"))
    assert not (active and "yes" not in acts)
    answers = Delivery.objects.filter(thread__psid=visitor.psid, origin=Origin.ANSWER)
    assert answers.count() <= len(visitor.told)
    assert answers.values("answers_to").distinct().count() == answers.count()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["yes", "STOP", "START", "hello"]), max_size=5))
def test_told_all_over_again_in_their_order_they_leave_what_they_left(page: Page, acts: list[str]) -> None:
    visitor = history(page, acts)
    told(page, visitor.told)
    before = _left(visitor)
    told(page, visitor.told)

    assert _left(visitor) == before


def _left(visitor: Visitor) -> tuple[object, ...]:
    optins = OptIn.objects.filter(recipient__psid=visitor.psid)
    invitations = Invitation.objects.filter(recipient__psid=visitor.psid).order_by("pk")
    return (
        list(optins.values_list("state", "agreed_at", "ended_at")),
        [list(optin.events.values_list("kind", "evidence")) for optin in optins],
        list(invitations.values_list("state", "answered_at")),
        visitor.heard(),
    )


@pytest.fixture
def page() -> Page:
    return shop_page()
