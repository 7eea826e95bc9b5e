"""A message of several parts: in their order, each once, whatever becomes of the one after it."""

import pytest

from notifications.models import Attempt, Delivery
from notifications.reasons import Reason
from notifications.services.pumping import pump_page
from notifications.states import AttemptOutcome, DeliveryState, Route
from pages.models import Page
from tests.factories import ContentFactory, DeliveryFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, psid, thread_of
from tests.support.far_end import http
from tests.support.graph import Graph, error, hang_up, refusing_once

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = '{"text":"Été à 4.95 €","attachment":{"type":"image","payload":{"url":"https://cdn.shop.example/a.png"}}}'
TEXT = {"text": "Été à 4.95 €"}
IMAGE = {"attachment": {"type": "image", "payload": {"url": "https://cdn.shop.example/a.png"}}}


def both(person: NewPerson) -> Delivery:
    row: Delivery = DeliveryFactory(optin=person(), content=ContentFactory(kind="image", body=BOTH))
    return row


def test_the_text_goes_before_the_attachment(facebook: Graph, person: NewPerson) -> None:
    row = both(person)

    pump_page(row.page_id)

    assert facebook.got(psid(row.optin)) == [TEXT, IMAGE]
    row.refresh_from_db()
    assert (row.state, row.parts_sent, row.provider_message_id) == (DeliveryState.SENT, 2, "m_2")
    assert (row.route, row.rule, row.thread) == (Route.UPDATE, "update_24h", thread_of(row.optin))


def test_each_part_is_a_try_of_its_own_with_facebooks_id(facebook: Graph, person: NewPerson) -> None:
    row = both(person)

    pump_page(row.page_id)

    tries = Attempt.objects.filter(delivery=row).order_by("part").values_list("part", "number", "message_id", "outcome")
    assert list(tries) == [(0, 1, "m_1", AttemptOutcome.ACCEPTED), (1, 1, "m_2", AttemptOutcome.ACCEPTED)]


def test_the_call_says_who_calls_and_whose_message_it_is(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = both(person)

    pump_page(row.page_id)

    first, second = facebook.calls
    assert (first.page_id, first.version, first.token) == (page.page_id, "v26.0", "page-token")
    assert len(first.proof) == 64
    assert first.messaging_type == "UPDATE"
    assert first.metadata.startswith("ma1:")
    assert first.metadata.endswith(f":{row.pk}:0")
    assert second.metadata.endswith(f":{row.pk}:1")


def test_the_first_part_is_written_down_before_the_second_leaves(facebook: Graph, person: NewPerson) -> None:
    row = both(person)
    seen = []

    def told(call: object) -> None:
        seen.append(Delivery.objects.values_list("state", "parts_sent").get(pk=row.pk))

    facebook.told = told

    pump_page(row.page_id)

    assert seen == [(DeliveryState.DISPATCHING, 0), (DeliveryState.DISPATCHING, 1)]


def test_a_retry_begins_at_the_part_that_did_not_go_out(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = both(person)
    facebook.told = refusing_once(error(4), when=lambda call: call.part == 1)

    pump_page(page.pk)
    row.refresh_from_db()
    assert (row.state, row.reason, row.parts_sent, row.attempts) == (DeliveryState.QUEUED, Reason.THROTTLED, 1, 1)
    due_again(page)
    pump_page(page.pk)

    assert facebook.got(psid(row.optin)) == [TEXT, IMAGE, IMAGE]
    row.refresh_from_db()
    assert (row.state, row.parts_sent, row.attempts) == (DeliveryState.SENT, 2, 2)


def test_a_doubt_about_the_second_part_leaves_the_first_certain(facebook: Graph, person: NewPerson) -> None:
    row = both(person)
    facebook.told = lambda call: hang_up if call.part == 1 else None

    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason, row.parts_sent) == (DeliveryState.UNKNOWN, Reason.NO_ANSWER, 1)


def test_what_is_sent_again_after_a_doubt_is_the_rest(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = both(person)
    facebook.told = refusing_once(http(502), when=lambda call: call.part == 1)
    pump_page(page.pk)
    Delivery.objects.filter(pk=row.pk).move(DeliveryState.QUEUED, frm=DeliveryState.UNKNOWN)

    due_again(page)
    pump_page(page.pk)

    assert facebook.got(psid(row.optin)) == [TEXT, IMAGE, IMAGE]


def test_a_refused_second_part_fails_and_says_that_one_went_out(facebook: Graph, person: NewPerson) -> None:
    row = both(person)
    facebook.told = lambda call: error(100, 2018109) if call.part == 1 else None

    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason, row.parts_sent) == (DeliveryState.FAILED, Reason.CONTENT_REFUSED, 1)
    assert row.detail == "100/2018109: (#0) No. [Atrace]"
    assert row.provider_message_id == "m_1"


def test_messages_to_one_person_do_not_mix(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin, content = person(), ContentFactory(kind="image", body=BOTH)
    for _each in range(3):
        DeliveryFactory(optin=optin, content=content)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [TEXT, IMAGE] * 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_many_people_are_served_at_once(facebook: Graph, person: NewPerson, page: Page) -> None:
    content = ContentFactory(kind="image", body=BOTH)
    rows = [DeliveryFactory(optin=person(), content=content) for _each in range(60)]

    pump_page(page.pk)

    assert [facebook.got(psid(row.optin)) for row in rows] == [[TEXT, IMAGE]] * 60
    assert Delivery.objects.filter(state=DeliveryState.SENT, parts_sent=2).count() == 60
