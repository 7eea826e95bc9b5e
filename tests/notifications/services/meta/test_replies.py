"""An agent's answer: without an opt-in, within what Facebook allows, before everything else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Delivery
from notifications.payloads import PayloadError
from notifications.reasons import Reason
from notifications.services.deliveries import NoValue, PageCannotSend
from notifications.services.doubts import send_again
from notifications.services.pumping import pump_page
from notifications.services.replies import CannotReply, forecast, open_until, reply
from notifications.states import DeliveryState, Origin, Route
from optins.states import OptInState
from pages.models import AuditEntry, Page, Thread
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from tests.factories import DeliveryFactory, LinkedPageFactory, ThreadFactory, UserFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, psid, thread_of
from tests.support.graph import Graph

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> User:
    return UserFactory()


@pytest.fixture
def thread(page: Page) -> Thread:
    return ThreadFactory(page=page)


def wrote(thread: Thread, *, hours_ago: float) -> Thread:
    thread.acted_at = timezone.now() - timedelta(hours=hours_ago)
    thread.save()
    return thread


def test_it_is_sent_as_an_answer_without_an_opt_in(facebook: Graph, thread: Thread, agent: User) -> None:
    row = reply(thread=thread, body={"text": "Bonjour !"}, actor=agent, now=timezone.now())

    pump_page(thread.page_id)

    (call,) = facebook.calls
    assert (call.psid, call.messaging_type, call.message) == (thread.psid, "RESPONSE", {"text": "Bonjour !"})
    row.refresh_from_db()
    assert (row.state, row.origin, row.optin, row.requested_by_id) == (DeliveryState.SENT, Origin.REPLY, None, agent.pk)
    assert (row.route, row.rule) == (Route.RESPONSE, "answer_24h")
    assert AuditEntry.objects.get(action="conversation.answered").actor_id == agent.pk


def test_it_says_of_nobody_that_it_is_automated(facebook: Graph, thread: Thread, agent: User) -> None:
    assert thread.disclosed_at is None
    reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    pump_page(thread.page_id)

    assert [call.text for call in facebook.calls] == ["Bonjour"]
    thread.refresh_from_db()
    assert thread.disclosed_at is None


def test_stop_does_not_forbid_it(facebook: Graph, person: NewPerson, page: Page, agent: User) -> None:
    optin = person()
    optin.state = OptInState.REVOKED
    optin.save()
    reply(thread=thread_of(optin), body={"text": "Votre colis arrive."}, actor=agent, now=timezone.now())

    pump_page(page.pk)

    assert [call.text for call in facebook.calls] == ["Votre colis arrive."]


def test_it_goes_before_what_waited_longer(
    facebook: Graph, person: NewPerson, page: Page, thread: Thread, agent: User, settings: Settings
) -> None:
    settings.MAX_IN_FLIGHT = 1  # of several at once, any may arrive first
    for _each in range(3):
        DeliveryFactory(optin=person(), due_at=timezone.now() - timedelta(hours=1))
    reply(thread=thread, body={"text": "Answer"}, actor=agent, now=timezone.now())

    pump_page(page.pk)

    assert facebook.calls[0].text == "Answer"


def test_braces_in_typed_words_are_text(facebook: Graph, thread: Thread, agent: User) -> None:
    words = "Write {{ first_name|you }} in {{curly}} {{ braces"
    reply(thread=thread, body={"text": words}, actor=agent, now=timezone.now())

    pump_page(thread.page_id)

    assert [call.text for call in facebook.calls] == [words]


def test_a_composed_notification_is_filled_with_what_is_known(
    facebook: Graph, person: NewPerson, page: Page, agent: User
) -> None:
    optin = person()
    optin.attributes = {"first_name": "Claire"}
    optin.save()
    body = {"text": "Bonjour {{ first_name }}"}
    reply(thread=thread_of(optin), body=body, actor=agent, now=timezone.now(), composed=True)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [{"text": "Bonjour Claire"}]


def test_one_that_cannot_be_filled_is_refused(thread: Thread, agent: User) -> None:
    with pytest.raises(NoValue, match="first_name"):
        reply(
            thread=thread,
            body={"text": "Bonjour {{ first_name }}"},
            actor=agent,
            now=timezone.now(),
            composed=True,
        )


# -- by what right -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "feature", "composed", "expected"),
    [
        (1, False, False, Route.RESPONSE),
        (25, False, False, Reason.WINDOW_CLOSED),
        (25, True, False, Route.HUMAN_AGENT),
        (25, True, True, Reason.WINDOW_CLOSED),
        (6.9 * 24, True, False, Route.HUMAN_AGENT),
        (7.1 * 24, True, False, Reason.WINDOW_CLOSED),
    ],
)
def test_the_forecast_says_by_what_right(
    thread: Thread, hours: float, feature: bool, composed: bool, expected: Route | Reason
) -> None:
    thread.page.human_agent = feature

    assert forecast(wrote(thread, hours_ago=hours), timezone.now(), composed=composed) == expected


def test_the_time_that_is_left_counts_every_right(thread: Thread) -> None:
    now = timezone.now()
    assert thread.acted_at

    assert open_until(thread, now) == thread.acted_at + timedelta(hours=24)
    assert open_until(thread, now + timedelta(days=2)) is None
    thread.page.human_agent = True
    assert open_until(thread, now) == thread.acted_at + timedelta(days=7)
    assert open_until(thread, now, composed=True) == thread.acted_at + timedelta(hours=24)


def test_an_agent_with_the_feature_answers_days_later(facebook: Graph, thread: Thread, agent: User) -> None:
    Page.objects.update(human_agent=True)
    wrote(thread, hours_ago=72)
    thread.page.refresh_from_db()
    row = reply(thread=thread, body={"text": "Désolé du retard"}, actor=agent, now=timezone.now())

    pump_page(thread.page_id)

    (call,) = facebook.calls
    assert (call.messaging_type, call.tag) == ("MESSAGE_TAG", "HUMAN_AGENT")
    row.refresh_from_db()
    assert (row.state, row.rule) == (DeliveryState.SENT, "human_agent_7d")


def test_an_answer_whose_window_closed_meanwhile_is_not_sent(facebook: Graph, thread: Thread, agent: User) -> None:
    row = reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())
    wrote(thread, hours_ago=25)

    pump_page(thread.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.WINDOW_CLOSED)


# -- refused before anything is written ----------------------------------------------------------------------------


def test_a_closed_window_is_said(thread: Thread, agent: User) -> None:
    with pytest.raises(CannotReply, match="24 hours") as refused:
        reply(thread=wrote(thread, hours_ago=25), body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    assert refused.value.reason is Reason.WINDOW_CLOSED
    assert not Delivery.objects.exists()


def test_whoever_blocked_the_page_is_not_answered(thread: Thread, agent: User) -> None:
    thread.blocked_at = timezone.now()
    with pytest.raises(CannotReply) as refused:
        reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    assert refused.value.reason is Reason.UNREACHABLE


def test_a_page_on_hold_or_without_site_answers_nobody(thread: Thread, agent: User) -> None:
    hold_page(page=thread.page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    with pytest.raises(PageCannotSend, match="on hold"):
        reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    thread.page.links.update(closed_at=timezone.now())
    with pytest.raises(PageCannotSend, match="not linked"):
        reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())


def test_a_page_of_another_gateway_answers_nobody(agent: User) -> None:
    thread = ThreadFactory(page=LinkedPageFactory())
    with pytest.raises(CannotReply):
        reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 2001}, {"text": "x", "tag": "ACCOUNT_UPDATE"}])
def test_what_facebook_would_refuse_is_refused_here(thread: Thread, agent: User, body: dict[str, str]) -> None:
    with pytest.raises(PayloadError):
        reply(thread=thread, body=body, actor=agent, now=timezone.now())


def test_an_answer_in_doubt_may_be_sent_again(facebook: Graph, thread: Thread, agent: User, page: Page) -> None:
    row = reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())
    Delivery.objects.filter(pk=row.pk).move(DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED)

    assert send_again(delivery=row, actor=agent, now=timezone.now())
    due_again(page)
    pump_page(page.pk)

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT


def test_one_in_doubt_that_could_only_be_skipped_stays_in_doubt(thread: Thread, agent: User) -> None:
    row = reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())
    Delivery.objects.filter(pk=row.pk).move(DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED)
    wrote(thread, hours_ago=25)

    assert not send_again(delivery=row, actor=agent, now=timezone.now())

    wrote(thread, hours_ago=1)
    Thread.objects.update(blocked_at=timezone.now())
    assert not send_again(delivery=row, actor=agent, now=timezone.now())
