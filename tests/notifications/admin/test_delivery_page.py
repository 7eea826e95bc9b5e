"""One delivery: its story, its tries, its message, its state for scripts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from messenger_admin.roles import MARKETING, SUPPORT
from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import doubts
from notifications.states import AttemptOutcome, CampaignState, DeliveryState, Origin
from pages.states import PageState
from tests.factories import (
    AttemptFactory,
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkFactory,
    OptInFactory,
    PageFactory,
    UserFactory,
)
from tests.people import STRANGER, client_as, person

pytestmark = pytest.mark.django_db
D = DeliveryState
AT = datetime(2026, 11, 22, 13, 3, 11, tzinfo=UTC)


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def delivery(**fields: Any) -> Delivery:
    page = PageFactory(name="Apparel")
    LinkFactory(page=page)
    made: Delivery = DeliveryFactory(
        optin=OptInFactory(page=page, customer_id="FR-012345"), **({"created_at": AT} | fields)
    )
    return made


def shown(client: Client, of: Delivery) -> str:
    return client.get(reverse("admin:notifications_delivery_change", args=[of.pk])).content.decode()


SAID = "22 Nov 2026 at 14:03:11 (Europe/Paris)"
STORIES: list[tuple[dict[str, Any], str]] = [
    (
        {"state": D.SENT, "sent_at": AT, "attempts": 1},
        f"Sent on {SAID} to customer FR-012345 on Apparel, at the first try.",
    ),
    (
        {"state": D.SENT, "sent_at": AT, "attempts": 2},
        f"Sent on {SAID} to customer FR-012345 on Apparel, at the second try.",
    ),
    (
        {"state": D.SENT, "sent_at": AT, "attempts": 5},
        f"Sent on {SAID} to customer FR-012345 on Apparel, after 5 tries.",
    ),
    ({"state": D.READ, "sent_at": AT, "attempts": 1}, "at the first try; the person saw it."),
    ({"state": D.DELIVERED, "sent_at": AT, "attempts": 1}, "at the first try; it reached the person."),
    (
        {"state": D.SENT, "sent_at": AT, "reason": Reason.TREATED_AS_SENT},
        f"Treated as sent to customer FR-012345 on Apparel: a person decided so on {SAID}.",
    ),
    ({"state": D.QUEUED}, f"Waiting since {SAID} to be sent to customer FR-012345 on Apparel."),
    ({"state": D.QUEUED, "attempts": 2}, "it did not go out at the second try, and is tried again."),
    ({"state": D.DISPATCHING, "fence": 1, "dispatch_started_at": AT}, "Being sent to customer FR-012345"),
    (
        {"state": D.FAILED, "ended_at": AT, "attempts": 1},
        f"Not sent to customer FR-012345 on Apparel: refused for good on {SAID}, at the first try.",
    ),
    (
        {"state": D.SENT, "sent_at": AT, "reason": Reason.TREATED_AS_SENT_BY_POLICY},
        f"Treated as sent to customer FR-012345 on Apparel: the page's policy decided so on {SAID}.",
    ),
    (
        {"state": D.UNKNOWN, "attempts": 1, "ended_at": AT},
        f"In doubt since {SAID}: customer FR-012345 on Apparel may have got it, or not.",
    ),
    ({"state": D.SKIPPED, "ended_at": AT}, f"Not sent to customer FR-012345 on Apparel: skipped on {SAID}."),
    ({"state": D.CANCELLED, "ended_at": AT}, "its campaign was cancelled before its turn."),
]


@pytest.mark.parametrize(("fields", "story"), STORIES)
def test_each_state_has_its_story(support: Client, fields: dict[str, Any], story: str) -> None:
    assert escape(story) in shown(support, delivery(**fields))


def test_every_state_has_a_story() -> None:
    assert {fields["state"] for fields, _story in STORIES} == set(DeliveryState)


def test_a_percent_sign_in_a_customer_id_is_only_a_character(support: Client) -> None:
    made = DeliveryFactory(optin__customer_id="100%(page)s", state=D.SENT, sent_at=AT)
    assert "customer 100%(page)s on" in shown(support, made)


def test_the_reason_comes_with_what_to_do_and_the_far_end_s_words(support: Client) -> None:
    page = shown(support, delivery(state=D.FAILED, reason=Reason.NOT_FOUND, detail="No such visitor"))
    assert "does not know this customer" in page
    assert "the customer may have to agree again" in page
    assert "No such visitor" in page


def test_receipts_that_never_come_are_said_to_be_unknowable(support: Client) -> None:
    assert "Whether a message was delivered or read cannot be known" in shown(
        support, delivery(state=D.SENT, sent_at=AT)
    )


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        ("hold", "The page Apparel is on hold"),
        ("unlinked", "The page Apparel belongs to no site"),
        ("paused", "Its campaign Autumn is paused"),
        ("later", "The next try is due on"),
        ("expires", "it is too old to be useful"),
    ],
)
def test_what_a_waiting_delivery_waits_for_is_said(support: Client, obstacle: str, said: str) -> None:
    soon = timezone.now() + timedelta(hours=1)
    made = delivery(
        campaign=CampaignFactory(name="Autumn", running=True),
        due_at=soon if obstacle == "later" else AT,
        expires_at=soon if obstacle == "expires" else None,
    )
    if obstacle == "hold":
        type(made.page).objects.filter(pk=made.page_id).update(state=PageState.ON_HOLD)
    if obstacle == "unlinked":
        made.page.links.update(closed_at=timezone.now())
    if obstacle == "paused":
        Campaign.objects.update(state=CampaignState.PAUSED)
    assert said in shown(support, made)


# --- The tries ------------------------------------------------------------------------------------------------


def test_each_try_tells_when_how_long_what_left_and_what_came_back(support: Client) -> None:
    made = delivery(state=D.SENT, sent_at=AT, attempts=2)
    AttemptFactory(
        delivery=made,
        number=1,
        started_at=AT,
        outcome=AttemptOutcome.RETRY,
        reason=Reason.THROTTLED,
        status_code=429,
        milliseconds=1234,
        bytes_sent=0,
        answer="",
    )
    AttemptFactory(delivery=made, number=2, started_at=AT, status_code=202, bytes_sent=1, answer='{"ok":true}')
    page = shown(support, made)
    for words in (
        "Try 1: To be tried again",
        "asked to slow down",
        "Status code 429, took 1,234 ms, not a byte of it went out",
        "Try 2: Accepted",
        "Status code 202, took 42 ms, 1 byte went out",
    ):
        assert words in page


def test_an_answer_in_json_is_laid_out(support: Client) -> None:
    made = delivery()
    AttemptFactory(delivery=made, answer='{"error":{"code":"é"}}')
    assert escape('{\n  "error": {\n    "code": "é"') in shown(support, made)


@pytest.mark.parametrize(
    "answer", ["<script>alert(1)</script>", '{"message": "<script>alert(1)</script>"}', "<html><img src=x onerror=1>"]
)
def test_an_answer_is_shown_as_text_whatever_it_holds(support: Client, answer: str) -> None:
    made = delivery(state=D.FAILED, detail=answer)
    AttemptFactory(delivery=made, answer=answer)
    page = shown(support, made)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_lost_sender_leaves_its_evidence(support: Client) -> None:
    made = delivery(
        state=D.UNKNOWN, reason=Reason.SENDER_LOST, fence=3, dispatch_started_at=AT, ended_at=AT + timedelta(seconds=30)
    )
    page = shown(support, made)
    assert "Taken out of the queue to be sent" in page
    assert "22 Nov 2026 at 14:03:41" in page


def test_a_decision_stands_among_the_events_with_its_person(support: Client) -> None:
    made = delivery(state=D.UNKNOWN)
    anne = person(SUPPORT)
    doubts.treat_as_sent(delivery=made, actor=anne, now=timezone.now())
    assert f"{anne.username} decided to treat it as sent" in shown(support, made)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"origin": Origin.API}, "Queued through the API"),
        ({"origin": Origin.TEST}, "Queued as a test by somebody who has left"),
    ],
)
def test_the_first_event_says_where_it_comes_from(support: Client, fields: dict[str, Any], said: str) -> None:
    assert said in shown(support, delivery(**fields))


def test_a_test_says_who_sent_it(support: Client) -> None:
    made = delivery(origin=Origin.TEST, requested_by=UserFactory(username="anne"))
    assert "Queued as a test by anne" in shown(support, made)


# --- The message ----------------------------------------------------------------------------------------------


def test_the_message_is_shown_as_it_was_sent_and_to_the_letter(support: Client) -> None:
    body = '{"text":"Voilà: 4.95 <b>"}'
    page = shown(support, delivery(content=ContentFactory(body=body)))
    assert escape("Voilà: 4.95 <b>") in page
    assert f'<pre class="ledger-pre" id="raw-body">{escape(body)}</pre>' in page


def test_a_body_that_makes_no_sense_breaks_nothing(support: Client) -> None:
    assert shown(support, delivery(content=ContentFactory(body='{"attachment": 7}')))


def test_the_page_leads_to_customer_campaign_and_the_customer_s_other_deliveries(support: Client) -> None:
    made = delivery(campaign=CampaignFactory(name="Autumn", running=True))
    page = shown(support, made)
    assert f'href="{reverse("admin:optins_optin_change", args=[made.optin_id])}"' in page
    assert f'href="{reverse("admin:notifications_campaign_change", args=[made.campaign_id])}"' in page
    assert f'href="/admin/notifications/delivery/?optin__id__exact={made.optin_id}"' in page


def test_many_tries_cost_no_more_questions_than_one(support: Client, django_assert_max_num_queries: Any) -> None:
    made = delivery()
    for number in range(1, 7):
        AttemptFactory(delivery=made, number=number)
    with django_assert_max_num_queries(25):
        shown(support, made)


# --- For scripts ----------------------------------------------------------------------------------------------


def state(client: Client, of: Delivery) -> Any:
    return client.get(reverse("admin:notifications_delivery_state", args=[of.pk]))


def test_the_state_is_told_in_words_with_its_reason(support: Client) -> None:
    told = state(support, delivery(state=D.FAILED, reason=Reason.NOT_FOUND, detail="No such visitor")).json()
    assert told == {
        "state": "failed",
        "label": "Failed",
        "reason": "The gateway does not know this customer on this page.",
        "detail": "No such visitor",
        "final": True,
    }


@pytest.mark.parametrize(
    ("now_it_is", "final"),
    [(D.QUEUED, False), (D.DISPATCHING, False), (D.SENT, True), (D.UNKNOWN, True), (D.SKIPPED, True)],
)
def test_final_is_what_moves_no_more_by_itself(support: Client, now_it_is: DeliveryState, final: bool) -> None:
    made = delivery(state=now_it_is, fence=1, dispatch_started_at=AT)
    assert state(support, made).json()["final"] is final


def test_a_page_that_still_moves_asks_for_its_state(support: Client) -> None:
    assert "data-state-url" in shown(support, delivery())
    assert "data-state-url" not in shown(support, delivery(state=D.SENT, sent_at=AT))


def test_the_state_is_for_who_may_see_the_history() -> None:
    made = delivery()
    assert state(client_as(MARKETING), made).status_code == 200
    assert state(client_as(STRANGER), made).status_code == 403
    assert state(client_as(SUPPORT), Delivery(pk=999)).status_code == 404


def test_the_state_is_json(support: Client) -> None:
    assert json.loads(state(support, delivery()).content)["state"] == "queued"
