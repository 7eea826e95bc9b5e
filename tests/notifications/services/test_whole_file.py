"""A person is put everywhere, and the whole file holds whatever erasing that person would have to find."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import override_settings
from django.utils import translation

from notifications.models import Delivery
from notifications.services.erasing import GONE, GONE_BODY
from notifications.states import DeliveryState, Route
from optins.models import OptIn
from optins.services.erasing_people import erase_customer, erase_person
from optins.services.whole_file import making
from optins.services.whole_file.book import chapters
from optins.services.whole_file.person import of_optin, of_psid, of_thread
from pages.models import AuditEntry, Thread
from tests.factories import DeliveryFactory, OptInFactory, UserFactory
from tests.notifications.services.test_erasing_everywhere import KNOWING
from tests.support.known import ID, NOW, PSID
from tests.support.person import WORDS, everywhere
from tests.support.whole_file import made, values

pytestmark = pytest.mark.django_db

# Where in the file stands what erasing has to find, as `chapter.value`, or `chapter.value.value` for what is within.
IN_THE_FILE = {
    "django_admin_log.object_repr": "entries.customer_id",
    "notifications_attempt.answer": "deliveries.tries.answer",
    "notifications_attempt.message_id": "deliveries.tries.message_id",
    "notifications_callbackevent.data": "callbacks.data",
    "notifications_content.body": "deliveries.message",
    "notifications_delivery.detail": "deliveries.detail",
    "notifications_delivery.personal": "deliveries.put_in",
    "notifications_delivery.provider_message_id": "deliveries.message_id",
    "notifications_keptanswer.body": "answers.answer",
    "notifications_keptanswer.key": "answers.key",
    "notifications_receipt.mid": "deliveries.receipt.mid",
    "optins_consentevent.evidence": "consent.evidence",
    "optins_invitation.address": "clicks.address",
    "optins_invitation.customer_id": "clicks.customer_id",
    "optins_invitation.proof": "clicks.proof",
    "optins_optin.attributes": "agreements.attributes",
    "optins_optin.customer_id": "agreements.customer_id",
    "optins_recipient.psid": "identity.psid",
    "optins_refusal.customer_id": "imports.customer_id",
    "optins_refusal.detail": "imports.detail",
    "optins_tagfinding.address": "findings.address",
    "optins_tagfinding.detail": "findings.detail",
    "pages_auditentry.detail": "acts.detail",
    "pages_thread.excerpt": "conversation.excerpt",
    "pages_thread.name": "conversation.name",
    "pages_thread.picture_url": "conversation.picture_url",
    "pages_thread.profile_error": "conversation.profile_error",
    "pages_thread.psid": "conversation.psid",
    "pages_threadmessage.attachments": "messages.attachments",
    "pages_threadmessage.metadata": "messages.metadata",
    "pages_threadmessage.mid": "messages.mid",
    "pages_threadmessage.origin": "messages.origin",
    "pages_threadmessage.text": "messages.text",
    "pages_webhookevent.body": "events.body",
    "pages_webhookevent.error": "events.error",
    "pages_webhookevent.psid": "events.body",
    "pages_webhookpost.body": "posts.body",
}
# The seed's call told of three events at once: its answer may name the other two (see the tests below).
LEFT_OUT = {"notifications_callbackcall.answer"}


@pytest.fixture
def optin() -> OptIn:
    return everywhere()


def test_each_place_that_erasing_has_to_find_is_in_the_file_or_left_out_for_a_reason() -> None:
    assert IN_THE_FILE.keys() | LEFT_OUT == KNOWING
    assert not IN_THE_FILE.keys() & LEFT_OUT


def test_the_file_says_what_each_of_these_places_knows(optin: OptIn) -> None:
    _page, data = made(of_optin(optin))

    without = {
        column
        for column, place in IN_THE_FILE.items()
        if not any(word in json.dumps(value, ensure_ascii=False) for value in values(data, place) for word in WORDS)
    }
    assert without == set()


def test_people_read_the_same(optin: OptIn) -> None:
    page, data = made(of_optin(optin))

    for chapter in chapters():
        section = page.partition(f'<section id="{chapter.name}">')[2].partition("</section>")[0]
        told = data["chapters"][chapter.name]
        assert section.count("<article>") == len(told) + sum(len(inner(row)) for row in told), chapter.name
        assert not told or any(word in section for word in WORDS) or chapter.name == "posts"


def inner(row: dict[str, Any]) -> list[Any]:
    """The rows within a row that have an article of their own."""
    return [*(row.get("tries") or []), *([row["receipt"]] if row.get("receipt") else [])]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_needs_nothing_from_outside(optin: OptIn, language: str) -> None:
    with translation.override(language):
        page, _data = made(of_optin(optin))

    assert f'<html lang="{language}">' in page
    assert not any(word in page for word in ("<script", "<link", "<img", "src=", "@import", "url("))
    assert "default-src 'none'" in page


def test_the_page_says_to_whom_it_belongs_what_it_shows(optin: OptIn) -> None:
    Thread.objects.filter(psid=PSID).update(name="<script>alert(1)</script>")

    page, _data = made(of_optin(optin))

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_a_utility_message_is_shown_as_it_went_out(optin: OptIn) -> None:
    row = Delivery.objects.get(campaign__isnull=False, optin=optin)
    choice = {"name": "order", "language": "fr", "parameters": {"1": "{{ first_name }}"}}
    type(row.content).objects.filter(pk=row.content_id).update(utility=json.dumps(choice))
    Delivery.objects.filter(pk=row.pk).update(route=Route.UTILITY)

    _page, data = made(of_optin(optin))

    assert {"name": "order", "language": "fr", "parameters": {"1": "Marguerite"}} in list(
        values(data, "deliveries.message")
    )


def test_a_message_whose_words_are_no_longer_kept_is_in_it_without_them(optin: OptIn) -> None:
    row = Delivery.objects.get(campaign__isnull=False, optin=optin)
    type(row.content).objects.filter(pk=row.content_id).update(**GONE)
    Delivery.objects.filter(pk=row.pk).update(route=Route.UTILITY, personal=None)

    _page, data = made(of_optin(optin))

    assert json.loads(GONE_BODY) in list(values(data, "deliveries.message"))


def test_all_ids_of_a_person_stand_together_from_wherever_one_comes(optin: OptIn) -> None:
    second = OptInFactory(page=optin.page, customer_id="order-7", recipient=optin.recipient)
    thread = Thread.objects.get(psid=PSID)

    found = [of_optin(optin), of_optin(second), of_thread(thread), of_psid(page=optin.page, psid=PSID)]

    assert {person.customer_ids for person in found} == {(ID, "order-7")}
    assert made(found[0])[1]["chapters"] == made(found[2])[1]["chapters"] | {
        "acts": made(found[0])[1]["chapters"]["acts"]
    }


@pytest.mark.parametrize("by", ["customer_id", "psid"])
def test_of_somebody_who_was_erased_it_says_that_nothing_is_kept(optin: OptIn, by: str) -> None:
    if by == "psid":
        erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)
    else:
        erase_customer(page=optin.page, customer_id=ID, actor=None, now=NOW)
    optin.refresh_from_db()

    for person in (of_optin(optin), of_thread(Thread.objects.earliest("pk"))):
        page, data = made(person, optin)
        assert (data["kept"], data["chapters"], data["left_out"]) == (False, {}, {})
        assert "this person was erased" in page
        assert not any(word in page for word in WORDS)


def test_it_is_written_down_who_asked_for_it(optin: OptIn) -> None:
    actor, out = UserFactory(), io.BytesIO()

    counts = making.make(person=of_optin(optin), subject=optin, actor=actor, now=NOW, out=out)

    entry = AuditEntry.objects.get(action="customer.exported")
    assert (entry.actor, entry.subject) == (actor, f"optins.optin:{optin.pk}")
    assert entry.detail == {"rows": sum(counts.values())}


def test_what_a_person_without_a_facebook_id_has_is_found_by_the_customer_id(optin: OptIn) -> None:
    lone = OptInFactory(page=optin.page, customer_id="lone-1", recipient=None)
    DeliveryFactory(optin=lone, state=DeliveryState.QUEUED)

    _page, data = made(of_optin(lone))

    assert data["person"] == {"psid": None, "customer_ids": ["lone-1"]}
    assert [name for name, rows in data["chapters"].items() if rows] == ["agreements", "deliveries"]


def test_times_in_the_page_are_the_sites_and_in_the_json_utc(optin: OptIn) -> None:
    site = optin.page.site
    assert site is not None
    type(site).objects.filter(pk=site.pk).update(timezone="Asia/Tokyo")
    optin.page.refresh_from_db()

    page, data = made(of_psid(page=type(optin.page).objects.get(pk=optin.page_id), psid=PSID))

    assert "Asia/Tokyo" in page
    agreed_at = data["chapters"]["agreements"][0]["agreed_at"]
    assert agreed_at == (NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_ten_thousand_messages_are_written_in_a_bounded_number_of_questions(
    optin: OptIn, django_assert_max_num_queries: Any
) -> None:
    """A question for each message would be thousands; what is in memory is a chunk at a time."""
    content = Delivery.objects.filter(optin=optin).first()
    assert content is not None
    DeliveryFactory.create_batch(5, optin=optin, content=content.content)
    few = counted(optin)
    Delivery.objects.bulk_create(
        DeliveryFactory.build_batch(1_000, page=optin.page, optin=optin, content=content.content)
    )
    with django_assert_max_num_queries(few + 40), override_settings(DEBUG=False):
        _page, data = made(of_optin(optin))
    assert len(data["chapters"]["deliveries"]) > 1_000


def counted(optin: OptIn) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        made(of_optin(optin))
    return len(queries)
