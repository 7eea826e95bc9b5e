"""Answers: once, by right, with a reason where nothing is sent, and never at the price of what was typed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS
from notifications.models import Delivery, TemplateStatus, UtilityTemplate
from notifications.reasons import Reason
from notifications.states import DeliveryState, Origin, Route
from pages.models import AuditEntry, Thread
from pages.services.links import unlink_page
from tests.factories import NotificationFactory, OptInFactory, RecipientFactory
from tests.notifications.admin.conversations.now import url, wrote
from tests.notifications.admin.conversations.test_thread import answered
from tests.pages.conversations.events import Person
from tests.people import client_as

SCRIPT = {"Accept": "application/json"}


def send(client: Client, thread: Thread, **values: object) -> Any:
    return client.post(url(thread, "reply"), {"form": "f1", **values}, headers=SCRIPT)


def refused(response: Any) -> str:
    assert response.status_code == 409
    assert not Delivery.objects.exclude(state=DeliveryState.FAILED).exists()
    return str(response.json()["why"])


def test_an_answer_waits_in_the_ledger_ahead_of_everything(support: Client, thread: Thread) -> None:
    assert send(support, thread, text=" Il part\r\ndemain. ").json() == {"sent": True}

    delivery = Delivery.objects.get()
    assert (delivery.origin, delivery.thread, delivery.optin) == (Origin.REPLY, thread, None)
    assert (delivery.state, delivery.route) == (DeliveryState.QUEUED, Route.RESPONSE)
    assert delivery.content.as_dict() == {"text": "Il part\ndemain."}
    assert AuditEntry.objects.get().action == "conversation.answered"


def test_whoever_answers_has_it_and_has_read_it(support: Client, thread: Thread) -> None:
    Thread.objects.update(closed_at=timezone.now())
    send(support, thread, text="Bonjour")

    thread.refresh_from_db()
    assert (thread.assigned_to, thread.unread, thread.closed_at) == (User.objects.get(), 0, None)


def test_whoever_had_it_keeps_it(support: Client, thread: Thread) -> None:
    other = User.objects.create(username="zoe")
    Thread.objects.update(assigned_to=other)
    send(support, thread, text="Bonjour")

    thread.refresh_from_db()
    assert thread.assigned_to == other


def test_a_form_that_comes_twice_sends_once(support: Client, thread: Thread) -> None:
    for form in ("f1", "f1", "f2"):
        assert send(support, thread, text="Bonjour", form=form).status_code == 200

    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": "  \n "}, "Write something first."),
        ({}, "Write something first."),
        ({"text": "a" * 2001}, "Shorten this to 2000 characters: it has 2001."),
        ({"notification": ""}, "Choose a notification."),
        ({"notification": "99"}, "Choose a notification."),
        ({"again": "99"}, "That answer is on its way after all, or went out."),
    ],
)
def test_what_can_t_be_sent_is_refused_in_words(
    support: Client, thread: Thread, values: dict[str, str], why: str
) -> None:
    assert refused(send(support, thread, **values)) == why


def test_without_a_script_the_typed_text_stands_in_the_form_again(support: Client, thread: Thread) -> None:
    typed = "Je vous réponds longuement. " * 80
    response = support.post(url(thread, "reply"), {"text": typed})

    assert response.status_code == 409
    assert typed.strip() in response.content.decode()
    assert "Shorten this" in response.content.decode()


def test_without_a_script_an_answer_leads_back_to_the_same_list(support: Client, thread: Thread) -> None:
    response = support.post(f"{url(thread, 'reply')}?is=unread", {"text": "Bonjour"})
    assert response.headers["Location"] == f"{url(thread)}?is=unread"


def test_a_notification_is_filled_with_what_is_known_of_the_person(support: Client, thread: Thread) -> None:
    recipient = RecipientFactory(page=thread.page, psid=thread.psid)
    OptInFactory(page=thread.page, recipient=recipient, attributes={"first_name": "Claire"})
    notification = NotificationFactory(body={"text": "Bonjour {{ first_name }}"})

    assert send(support, thread, notification=notification.pk).status_code == 200
    assert Delivery.objects.get().personal == {"first_name": "Claire"}


def test_a_notification_that_can_t_be_filled_says_for_what(support: Client, thread: Thread) -> None:
    notification = NotificationFactory(body={"text": "Bonjour {{ first_name }}"})
    assert "first_name" in refused(send(support, thread, notification=notification.pk))


def test_a_closed_window_says_why_and_what_is_possible(support: Client, person: Person) -> None:
    thread = wrote(person, hours_ago=25)

    text = support.get(url(thread)).content.decode()
    assert "window is closed" in text
    assert "“Human Agent” feature" in text
    assert refused(send(support, thread, text="Bonjour"))


def test_a_typed_answer_goes_out_for_a_week_where_facebook_granted_it(support: Client, person: Person) -> None:
    person.page.human_agent = True
    person.page.save()
    thread = wrote(person, hours_ago=25)

    assert "Only what an agent types" in support.get(url(thread)).content.decode()
    assert send(support, thread, text="Bonjour").status_code == 200
    assert Delivery.objects.get().route == Route.HUMAN_AGENT


def test_a_composed_one_does_not_pass_for_typed(support: Client, person: Person) -> None:
    person.page.human_agent = True
    person.page.save()
    thread = wrote(person, hours_ago=25)
    lost = answered(thread, state=DeliveryState.FAILED, ended_at=timezone.now(), route=Route.RESPONSE)

    assert refused(send(support, thread, notification=NotificationFactory().pk))
    assert refused(send(support, thread, again=lost.pk)) == "Only what an agent types is taken now: write it again."


def test_an_approved_utility_template_goes_out_at_any_time(support: Client, person: Person) -> None:
    thread, now = wrote(person, hours_ago=500), timezone.now()
    body = [{"type": "BODY", "text": "Votre commande {{numero}} part."}]
    template = UtilityTemplate.objects.create(
        page=person.page, name="partie", language="fr", components=body, created_at=now, synced_at=now
    )
    choice = {"name": "partie", "language": "fr", "parameters": {"numero": "871"}}
    notification = NotificationFactory(utility=choice)
    plain = NotificationFactory()

    assert refused(send(support, thread, notification=notification.pk))
    UtilityTemplate.objects.filter(pk=template.pk).update(status=TemplateStatus.APPROVED)
    assert refused(send(support, thread, notification=plain.pk))
    offered = support.get(url(thread)).context["notifications"]
    assert list(offered) == [notification]
    assert send(support, thread, notification=notification.pk).status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.route, delivery.content.utility != "") == (Route.UTILITY, True)


def test_what_did_not_go_out_is_sent_again_as_a_new_answer(support: Client, thread: Thread) -> None:
    lost = answered(thread, "Il part.", state=DeliveryState.FAILED, ended_at=timezone.now(), route=Route.RESPONSE)

    assert send(support, thread, again=lost.pk).status_code == 200

    again = Delivery.objects.exclude(pk=lost.pk).get()
    assert (again.state, again.content.as_dict()) == (DeliveryState.QUEUED, {"text": "Il part."})


def test_what_went_out_is_not_sent_again(support: Client, thread: Thread) -> None:
    sent = answered(thread, state=DeliveryState.SENT, sent_at=timezone.now())
    response = send(support, thread, again=sent.pk)
    assert (response.status_code, Delivery.objects.count()) == (409, 1)


def test_a_blocked_person_and_an_unlinked_page_take_nothing(support: Client, thread: Thread) -> None:
    Thread.objects.update(blocked_at=timezone.now())
    assert "takes no messages" in support.get(url(thread)).content.decode()
    assert refused(send(support, thread, text="Bonjour"))

    Thread.objects.update(blocked_at=None)
    unlink_page(page=thread.page, actor=None, now=timezone.now())
    page = support.get(url(thread)).content.decode()
    assert "can be read, and not answered" in page
    assert "<textarea" not in page
    assert "Où est mon colis ?" in page
    assert refused(send(support, thread, text="Bonjour"))


def test_administrators_read_and_do_not_answer(thread: Thread) -> None:
    client = client_as(ADMINISTRATORS)

    assert "answering is for support" in client.get(url(thread)).content.decode()
    assert send(client, thread, text="Bonjour").status_code == 403
    assert client.post(url(thread, "act"), {"act": "close"}).status_code == 403
    assert not Delivery.objects.exists()


def test_the_reason_is_facebooks_where_it_refused(support: Client, thread: Thread) -> None:
    answered(thread, state=DeliveryState.SKIPPED, reason=Reason.WINDOW_CLOSED, ended_at=timezone.now())
    assert "talk-reason" in support.get(url(thread)).content.decode()
