"""What the product says by itself to somebody who wrote: once per event, with its buttons, ahead of all else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services.answers import answer
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState, Origin, Route
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page, Thread
from pages.states import GatewayKind
from tests.factories import DeliveryFactory, LinkedPageFactory, ThreadFactory
from tests.notifications.services.meta.conftest import NewPerson
from tests.support.graph import Graph

pytestmark = pytest.mark.django_db(transaction=True)

BODY = {"text": "Shall we?", "quick_replies": [{"title": "Yes", "payload": "OPTIN_YES:1"}]}


@pytest.fixture
def thread(page: Page) -> Thread:
    made: Thread = ThreadFactory(page=page, disclosed_at=timezone.now())
    return made


def said(thread: Thread, about: str = "m_1", **body: object) -> Delivery | None:
    page = Page.objects.get(pk=thread.page_id)
    return answer(page=page, thread=thread, body={**BODY, **body}, about=about, now=timezone.now())


def test_it_goes_out_with_its_quick_replies_before_what_waited_longer(
    facebook: Graph, person: NewPerson, page: Page, thread: Thread, settings: Settings
) -> None:
    settings.MAX_IN_FLIGHT = 1  # of several at once, any may arrive first
    DeliveryFactory(optin=person(), due_at=timezone.now() - timedelta(hours=1))
    row = said(thread)
    pump_page(page.pk)

    assert row
    row.refresh_from_db()
    assert (row.state, row.origin, row.route, row.optin) == (DeliveryState.SENT, Origin.ANSWER, Route.RESPONSE, None)
    first = facebook.calls[0]
    replies = [{"content_type": "text", "title": "Yes", "payload": "OPTIN_YES:1"}]
    assert (first.psid, first.messaging_type) == (thread.psid, "RESPONSE")
    assert first.message == {"text": "Shall we?", "quick_replies": replies}


def test_who_was_not_told_yet_that_it_is_automated_is_told_first(facebook: Graph, page: Page) -> None:
    said(ThreadFactory(page=page))
    pump_page(page.pk)

    assert [call.text for call in facebook.calls] == ["Automated.", "Shall we?"]


def test_an_event_is_answered_once(thread: Thread) -> None:
    assert said(thread)
    assert said(thread, text="Otherwise") is None
    assert said(thread, about="m_2")
    assert Delivery.objects.count() == 2


def test_what_looks_like_a_placeholder_in_a_shops_wording_is_text(facebook: Graph, thread: Thread, page: Page) -> None:
    said(thread, text="We {{ first_name }} write")
    pump_page(page.pk)

    assert [call.text for call in facebook.calls] == ["We { { first_name }} write"]


def test_after_a_day_it_is_too_late(facebook: Graph, thread: Thread, page: Page) -> None:
    thread.acted_at = timezone.now() - timedelta(hours=25)
    thread.save()
    row = said(thread)
    pump_page(page.pk)

    assert row
    row.refresh_from_db()
    assert (row.state, row.reason, facebook.calls) == (DeliveryState.SKIPPED, Reason.TOO_OLD, [])


def test_a_page_that_goes_through_iadvize_says_nothing() -> None:
    assert said(ThreadFactory(page=LinkedPageFactory(gateway=GatewayKind.IADVIZE))) is None


def test_an_alert_is_used_up_when_facebook_takes_it(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(customer_id="instock-AB123-x")
    OptIn.objects.update(used_up=True)
    DeliveryFactory(optin=optin)
    pump_page(page.pk)

    optin.refresh_from_db()
    assert (len(facebook.calls), optin.state) == (1, OptInState.EXPIRED)
