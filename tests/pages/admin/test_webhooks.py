"""Facebook's events on screens: found, understood, processed again by those who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from pages.models import AuditEntry, Connection, Thread, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.states import GatewayKind
from pages.webhooks.inbox import receive
from pages.webhooks.processing import process_due
from tests.factories import LinkedPageFactory, WebhookEventFactory
from tests.pages.webhooks.inbox import received
from tests.people import client_as
from tests.support.facebook import body_of, entry, message, policy

pytestmark = pytest.mark.django_db

LIST = reverse("admin:pages_webhookevent_changelist")
POSTS = reverse("admin:pages_webhookpost_changelist")
PSID = "7012345678900001"


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.text)


def change(event: WebhookEvent) -> str:
    return reverse("admin:pages_webhookevent_change", args=[event.pk])


# --- The list -----------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_will_come(administrator: Client) -> None:
    assert "Facebook has told nothing yet." in text(administrator, LIST)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?state=failed", {"1"}),
        ("?kind=read", {"2"}),
        ("?page_id=11111", {"1", "2"}),
        ("?q=703", {"3"}),
        ("?q=22222", {"3"}),
        ("?q=70", set()),
    ],
)
def test_it_is_narrowed_by_state_kind_page_and_person(administrator: Client, query: str, shown: set[str]) -> None:
    for page_id in ("11111", "22222"):
        LinkedPageFactory(page_id=page_id, gateway=GatewayKind.META)
    done = {"state": EventState.DONE, "error": ""}
    rows = [
        WebhookEventFactory(psid="701", page_id="11111"),
        WebhookEventFactory(psid="702", page_id="11111", kind="read", **done),
        WebhookEventFactory(psid="703", page_id="22222", **done),
    ]

    html = text(administrator, LIST + query)

    assert {str(number) for number, row in enumerate(rows, 1) if f">{row.psid}<" in html} == shown


def test_it_costs_the_same_for_many_rows(administrator: Client) -> None:
    def cost() -> int:
        administrator.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            administrator.get(LIST)
        return len(captured)

    page = LinkedPageFactory()
    WebhookEventFactory(page_id=page.page_id)
    before = cost()
    WebhookEventFactory.create_batch(20, page_id=page.page_id)

    assert cost() == before


# --- One event ----------------------------------------------------------------------------------------------


def test_an_event_says_what_came_and_what_became_of_it(administrator: Client) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.META)
    received(page, message(page.page_id, PSID, "déjà reçu"))
    process_due()

    html = text(administrator, change(WebhookEvent.objects.get()))

    assert "It was handed on" in html
    assert "déjà reçu" in html
    assert page.name in html
    assert str(Thread.objects.get()) in html
    assert "Process again" not in html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": EventState.FAILED}, "It failed at every try."),
        ({"state": EventState.WAITING, "tries": 0}, "It waits for a worker."),
        ({"state": EventState.WAITING, "tries": 2}, "It will be tried again by itself."),
        ({"state": EventState.IGNORED, "page_id": "99999"}, "This page is not known here."),
        ({"state": EventState.IGNORED, "kind": "message_edit"}, "Nothing here knows this kind of event."),
    ],
)
def test_each_state_is_explained(administrator: Client, values: dict[str, object], words: str) -> None:
    LinkedPageFactory(page_id="322837607840703")

    assert words in text(administrator, change(WebhookEventFactory(**values)))


def test_what_a_customer_wrote_is_shown_as_text(administrator: Client) -> None:
    body = message("1", PSID, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in text(administrator, change(WebhookEventFactory(body=body)))


# --- Once more ----------------------------------------------------------------------------------------------


def test_a_failed_event_is_processed_again_after_a_question(administrator: Client) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.META)
    event = WebhookEventFactory(page_id=page.page_id)
    door = reverse("admin:pages_webhookevent_replay", args=[event.pk])
    assert "Process this event again?" in text(administrator, door)
    event.refresh_from_db()
    assert event.state == EventState.FAILED

    response = administrator.post(door, follow=True)

    assert "1 event is processed again." in response.text
    assert AuditEntry.objects.get().action == "webhook.replayed"
    process_due()
    event.refresh_from_db()
    assert (event.state, event.tries) == (EventState.DONE, 1)


def test_several_at_once(administrator: Client) -> None:
    failed = WebhookEventFactory.create_batch(2)
    waiting = WebhookEventFactory(state=EventState.WAITING)
    ticked = [str(event.pk) for event in (*failed, waiting)]

    response = administrator.post(LIST, {"action": "replay_ticked", "_selected_action": ticked}, follow=True)

    assert "2 events are processed again." in response.text
    assert AuditEntry.objects.count() == 2


def test_what_waits_already_is_said(administrator: Client) -> None:
    event = WebhookEventFactory(state=EventState.WAITING)

    response = administrator.post(reverse("admin:pages_webhookevent_replay", args=[event.pk]), follow=True)

    assert "It is not kept any more, or waits already." in response.text
    assert not AuditEntry.objects.exists()


def test_support_reads_and_does_not_process_again() -> None:
    support, event = client_as(SUPPORT), WebhookEventFactory()

    assert "Process again" not in text(support, change(event))
    support.post(LIST, {"action": "replay_ticked", "_selected_action": [str(event.pk)]})
    event.refresh_from_db()
    assert event.state == EventState.FAILED


# --- What could not be read ---------------------------------------------------------------------------------


def test_a_call_that_could_not_be_read_is_shown_with_its_bytes(administrator: Client) -> None:
    receive(b'{"entry": \xff<b>', now=timezone.now())
    process_due()
    post = WebhookPost.objects.get()

    assert "could not be read" in text(administrator, LIST)
    assert str(post) in text(administrator, POSTS)
    html = text(administrator, reverse("admin:pages_webhookpost_change", args=[post.pk]))
    assert "\\xff&lt;b&gt;" in html
    assert "It is not utf-8" in html


def test_it_is_read_again_after_a_question(administrator: Client) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.META)
    body = body_of(entry(page.page_id, message(page.page_id, PSID)))
    post = WebhookPost.objects.create(received_at=timezone.now(), body=body, state=PostState.UNREADABLE, error="x")
    door = reverse("admin:pages_webhookpost_read_again", args=[post.pk])
    assert "Read this call again?" in text(administrator, door)

    response = administrator.post(door, follow=True)

    assert "It is read again." in response.text
    process_due()
    assert WebhookEvent.objects.get().state == EventState.DONE


def test_every_call_that_could_be_read_is_in_no_list(administrator: Client) -> None:
    page = LinkedPageFactory()
    received(page, message(page.page_id, PSID))
    process_due()

    assert "Every call of Facebook could be read." in text(administrator, POSTS)


# --- Today --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "words"), [(ADMINISTRATORS, "Look and process again"), (SUPPORT, "See them"), (MARKETING, None)]
)
def test_today_says_when_events_failed(role: str, words: str | None) -> None:
    WebhookEventFactory()

    html = text(client_as(role), reverse("admin:index"))

    assert ("1 event of Facebook could not be processed" in html) == bool(words)
    assert (words or "") in html


def test_today_says_when_a_call_could_not_be_read(administrator: Client) -> None:
    receive(b"{", now=timezone.now())
    process_due()

    assert "1 call of Facebook could not be read" in text(administrator, reverse("admin:index"))


@pytest.mark.parametrize(("days", "said"), [(0, True), (8, False)])
def test_today_recalls_a_warning_for_a_week(administrator: Client, *, days: int, said: bool) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.META)
    Connection.objects.create(page=page, connected_at=timezone.now())
    at = timezone.now() - timedelta(days=days)
    received(page, policy(page.page_id, "warning", "Mind your messages", at=at))
    process_due()

    html = text(administrator, reverse("admin:index"))

    assert (f"Facebook warns {page.name}" in html, "Mind your messages" in html) == (said, said)
