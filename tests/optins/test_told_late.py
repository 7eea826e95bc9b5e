"""What was said before is worth what it was worth then: it answers no newer question, and undoes no later end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import DeliveryState, Origin
from optins.choices import Tap
from optins.models import IdPattern, Invitation, OptIn
from optins.services import Agreement, agree_as, revoke
from optins.states import InvitationState, OptInState, Purpose, Source
from pages.models import Page
from tests.optins.visitors import Visitor, agreed, click, shop_page, tell, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return shop_page()


def comes(visitor: Visitor, customer_id: str) -> None:
    visitor.comes(token_of(click(visitor.page, customer_id)), new=not visitor.told)


def is_agreed(customer_id: str) -> bool:
    return OptIn.objects.filter(customer_id=customer_id, state=OptInState.ACTIVE).exists()


def told_again(visitor: Visitor) -> None:
    for event in list(visitor.told):
        tell(visitor.page, event, now=visitor.at)


def test_a_yes_that_is_processed_once_more_answers_no_newer_question(page: Page) -> None:
    visitor = agreed(page, "c-1")
    comes(visitor, "c-2")
    told_again(visitor)

    assert not is_agreed("c-2")


def test_nor_an_older_one_that_was_left_open(page: Page) -> None:
    visitor = Visitor(page=page)
    comes(visitor, "c-1")
    comes(visitor, "c-2")
    visitor.writes("yes")
    told_again(visitor)

    assert is_agreed("c-2")
    assert not is_agreed("c-1")


@pytest.mark.parametrize("after", [True, False])
def test_a_yes_of_before_the_agreement_was_taken_back_does_not_give_it_again(page: Page, *, after: bool) -> None:
    visitor = agreed(page)
    visitor.writes("STOP")
    visitor.writes("START")
    asked = Invitation.objects.latest("pk")
    answered_at = visitor.at + timedelta(seconds=1)
    agree_by_staff(page)
    revoke(optin=visitor.optin(), actor=None, now=answered_at + timedelta(seconds=-1 if after else 1))
    visitor.taps(Tap.YES, [asked.pk])

    assert is_agreed("c-1") is after


def agree_by_staff(page: Page) -> None:
    agreement = Agreement(source=Source.STAFF, evidence={"note": "On the telephone"})
    agree_as(psid=None, page=page, customer_id="c-1", agreement=agreement, now=timezone.now())


def test_what_was_asked_for_is_what_is_agreed_to_whatever_the_pattern_says_by_then(page: Page) -> None:
    visitor, token = Visitor(page=page), token_of(click(page, "order-1"))
    visitor.comes(token)
    IdPattern.objects.filter(site=page.site, pattern__startswith="order-").update(purpose=Purpose.MARKETING)
    visitor.comes(token, new=False)
    visitor.writes("yes")

    assert visitor.optin("order-1").purpose == Purpose.TRANSACTIONAL
    assert visitor.optin("order-1").events.get().evidence["purpose"] == "transactional"


def test_a_start_asks_for_what_had_been_agreed_to_before(page: Page) -> None:
    visitor = agreed(page, "instock-A-1")
    visitor.writes("STOP")
    rows = IdPattern.objects.filter(site=page.site, pattern__startswith="instock-")
    rows.update(purpose=Purpose.MARKETING, used_up=False)
    visitor.writes("START")
    visitor.writes("yes")

    optin = visitor.optin("instock-A-1")
    assert (optin.state, optin.purpose, optin.used_up) == (OptInState.ACTIVE, Purpose.ALERT, True)


def test_an_alert_that_was_asked_for_once_is_used_up_whatever_the_pattern_says(page: Page) -> None:
    IdPattern.objects.filter(site=page.site, pattern__startswith="instock-").update(used_up=False)

    assert agreed(page, "instock-A-1").optin("instock-A-1").used_up


def test_a_stop_takes_back_what_waited_to_be_said(page: Page) -> None:
    visitor = agreed(page)
    visitor.writes("STOP")

    rows = Delivery.objects.filter(origin=Origin.ANSWER).order_by("pk").values_list("state", flat=True)
    assert list(rows) == [DeliveryState.SKIPPED, DeliveryState.SKIPPED, DeliveryState.QUEUED]
    assert visitor.heard()[-1].startswith("It is done")


def test_what_was_done_before_a_stop_and_is_told_after_it_is_not_answered(page: Page) -> None:
    visitor = agreed(page)
    came = visitor.comes(token_of(click(page, "c-2")), new=False, silently=True)
    code = visitor.writes(click(page, "c-3").code, silently=True)
    no = visitor.writes("no", silently=True)
    visitor.writes("STOP")
    said = len(visitor.heard())
    for event in (came, code, no):
        tell(page, event, now=visitor.at)

    assert len(visitor.heard()) == said
    assert set(Invitation.objects.exclude(customer_id="c-1").values_list("state", flat=True)) == {
        InvitationState.ISSUED
    }


def test_an_id_that_turns_out_to_be_of_somebody_who_had_stopped_is_stopped(page: Page) -> None:
    """The system says whose it is when it tells of the agreement a second time."""
    agreement = Agreement(source=Source.API, evidence={"note": "by form"})
    agree_as(psid=None, page=page, customer_id="c-9", agreement=agreement, now=timezone.now())
    visitor = agreed(page, at=timezone.now() + timedelta(seconds=5))
    visitor.writes("STOP")
    agree_as(psid=visitor.psid, page=page, customer_id="c-9", agreement=agreement, now=visitor.at)

    assert not is_agreed("c-9")
