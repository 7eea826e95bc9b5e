"""One conversation as it is read: who said what, how far it came, what is on its way."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from notifications.gateway.meta import metadata
from notifications.models import Content, Delivery, Installation, Receipt
from notifications.reasons import Reason
from notifications.services.installation import THE_ONE
from notifications.states import DeliveryState, Kind, Origin, Route
from pages.events import Reacted, Referral, Referred, WasRead
from pages.models import Thread
from tests.factories import CampaignFactory, DeliveryFactory, OptInFactory, RecipientFactory, UserFactory
from tests.notifications.admin.conversations.now import got, url, wrote
from tests.pages.conversations.events import PAGE_INBOX, Person

CAROUSEL = {"type": "template", "payload": {"template_type": "generic", "elements": [{"title": "Sac en cuir"}]}}
FILE = {"type": "file", "payload": {"url": "https://cdn.example.com/facture%20871.pdf?x=1"}}


def entries(client: Client, thread: Thread) -> list[Any]:
    return [entry for entry in client.get(url(thread)).context["one"].stretch.entries if entry.kind != "day"]


def answered(thread: Thread, text: str = "Il part demain.", **changes: Any) -> Delivery:
    body = json.dumps({"text": text})
    content, _ = Content.objects.get_or_create(sha256=Content.digest(body), defaults={"kind": Kind.TEXT, "body": body})
    now = timezone.now()
    values = {
        "content": content,
        "page": thread.page,
        "thread": thread,
        "origin": Origin.REPLY,
        "created_at": now,
        "due_at": now,
    }
    delivery: Delivery = Delivery.objects.create(**{**values, **changes})
    return delivery


def mark(delivery: Delivery, part: int = 0) -> dict[str, Any]:
    ours = Installation.objects.get_or_create(pk=THE_ONE)[0].uuid
    return {"app_id": settings.FACEBOOK_APP_ID, "metadata": metadata.write(ours, delivery.pk, part)}


def test_each_message_says_whose_it_is(support: Client, thread: Thread, person: Person) -> None:
    got(person, "Je regarde", app_id=PAGE_INBOX)
    got(person, "Automate", app_id="999")

    assert [entry.by for entry in entries(support, thread)] == [
        "",
        "Staff, in Facebook's page inbox",
        "Another application",
    ]


def test_what_was_attached_is_shown_or_linked(support: Client, thread: Thread, person: Person) -> None:
    picture = {"type": "image", "payload": {"url": "https://cdn.example.com/1.jpg"}}
    bad = {"type": "image", "payload": {"url": "javascript:alert(1)"}}
    wrote(person, "", attachments=(picture, FILE, bad))
    got(person, "", attachments=(CAROUSEL,))

    text = support.get(url(thread)).content.decode()
    assert 'src="https://cdn.example.com/1.jpg"' in text
    assert 'href="https://cdn.example.com/facture%20871.pdf?x=1"' in text
    assert "facture 871.pdf" in text
    assert "javascript:alert" not in text
    assert "Sac en cuir" in text


def test_words_are_words(support: Client, person: Person) -> None:
    thread = wrote(person, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in support.get(url(thread)).content.decode()


def test_arrivals_reactions_and_quotations_are_told(support: Client, thread: Thread, person: Person) -> None:
    now = timezone.now()
    got(person, "Je regarde", mid="m_q")
    wrote(person, "Merci", reply_to="m_q", hours_ago=0.01)
    common: dict[str, Any] = {"page_id": person.page.page_id, "psid": person.psid, "at": now}
    person.tell(Reacted(**common, mid="m_q", emoji="❤"), Referred(**common, referral=Referral(ref="t_1")), now=now)

    found = entries(support, thread)
    assert [entry.reaction for entry in found] == ["", "❤", "", ""]
    assert found[2].quoted == "Je regarde"
    assert (found[3].kind, found[3].words) == ("happened", "Came by a link")


def test_an_answer_is_shown_from_the_ledger_until_its_echo_comes(
    support: Client, thread: Thread, person: Person
) -> None:
    delivery = answered(thread, requested_by=UserFactory(username="zoe"))
    waiting = entries(support, thread)[-1]
    assert (waiting.key, waiting.state, waiting.by) == (f"d{delivery.pk}", "queued", "zoe")

    got(person, "Il part demain.", **mark(delivery), hours_ago=0)
    Receipt.objects.create(delivery=delivery, parts_seen=1, whole=True)

    found = entries(support, thread)
    assert [entry.key[0] for entry in found] == ["m", "m"]
    assert (found[-1].by, found[-1].delivery) == ("zoe", delivery.pk)


def test_of_a_message_in_two_parts_only_what_no_echo_showed_is_added(
    support: Client, thread: Thread, person: Person
) -> None:
    body = json.dumps({"text": "Voici", "attachment": CAROUSEL})
    content = Content.objects.create(sha256=Content.digest(body), kind=Kind.CAROUSEL, body=body)
    delivery = answered(
        thread, content=content, state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=timezone.now()
    )
    got(person, "Voici", **mark(delivery), hours_ago=0)
    Receipt.objects.create(delivery=delivery, parts_seen=1, seen_at=timezone.now())

    *_others, echoed, left = entries(support, thread)
    assert echoed.faces[0].body == {"text": "Voici"}
    assert left.faces[0].body == {"attachment": CAROUSEL}


def test_a_campaigns_message_names_its_campaign(support: Client, thread: Thread, person: Person) -> None:
    optin = OptInFactory(page=thread.page, recipient=RecipientFactory(page=thread.page, psid=thread.psid))
    campaign = CampaignFactory(page=thread.page, running=True, name="Automne")
    delivery = DeliveryFactory(
        optin=optin, campaign=campaign, state=DeliveryState.SENT, sent_at=timezone.now(), thread=thread
    )
    assert entries(support, thread)[-1].by == "Automne"

    got(person, "Your order has been placed.", **mark(delivery), hours_ago=0)
    Receipt.objects.create(delivery=delivery, parts_seen=1, whole=True)
    assert [entry.by for entry in entries(support, thread)] == ["", "Automne"]


def test_what_waits_for_another_day_is_not_in_the_conversation(support: Client, thread: Thread) -> None:
    optin = OptInFactory(page=thread.page, recipient=RecipientFactory(page=thread.page, psid=thread.psid))
    DeliveryFactory(optin=optin, state=DeliveryState.QUEUED)

    assert len(entries(support, thread)) == 1


def test_another_installations_mark_is_not_ours(support: Client, thread: Thread, person: Person) -> None:
    delivery = answered(thread, "Secret d’une autre", state=DeliveryState.SENT, sent_at=timezone.now())
    Receipt.objects.create(delivery=delivery, parts_seen=1, whole=True)
    got(person, "Bonsoir", app_id=settings.FACEBOOK_APP_ID, metadata=f"ma1:{'a' * 32}:{delivery.pk}:0")

    assert entries(support, thread)[-1].faces[0].body == {"text": "Bonsoir"}


def test_receipts_show_how_far_each_came(support: Client, thread: Thread, person: Person) -> None:
    now = timezone.now()
    got(person, "Un", hours_ago=0.05)
    got(person, "Deux", hours_ago=0.01)
    when = thread.messages.get(text="Un").at
    person.tell(WasRead(page_id=person.page.page_id, psid=person.psid, at=now, watermark=when), now=now)

    assert [entry.state for entry in entries(support, thread)] == ["", "read", "sent"]


def test_what_did_not_go_out_says_why_and_may_be_sent_again(support: Client, thread: Thread) -> None:
    delivery = answered(
        thread, state=DeliveryState.FAILED, reason=Reason.RECIPIENT_UNAVAILABLE, ended_at=timezone.now()
    )

    text = support.get(url(thread)).content.decode()
    assert "not sent" in text
    assert f'name="again" value="{delivery.pk}"' in text


def test_the_disclosure_is_told_as_what_it_is(support: Client, thread: Thread, person: Person) -> None:
    delivery = answered(thread, state=DeliveryState.SENT, sent_at=timezone.now())
    got(person, "Ce message est automatique.", **mark(delivery, part=1_000))

    disclosed = next(entry for entry in entries(support, thread) if entry.notes)
    assert disclosed.notes == ("said once, before the first automated message",)
    assert disclosed.faces[0].body == {"text": "Ce message est automatique."}


def test_a_utility_template_is_shown_as_facebook_echoes_it(support: Client, thread: Thread, person: Person) -> None:
    delivery = answered(thread, route=Route.UTILITY, state=DeliveryState.SENT, sent_at=timezone.now())
    assert entries(support, thread)[-1].faces[0].label == "Utility template"

    got(person, "Bonjour Claire, votre commande part.", **mark(delivery))
    Receipt.objects.create(delivery=delivery, parts_seen=1, whole=True)
    assert entries(support, thread)[-1].faces[0].body == {"text": "Bonjour Claire, votre commande part."}


def test_older_messages_follow_without_gap(support: Client, person: Person) -> None:
    for number in range(90):
        thread = wrote(person, f"n{number}", hours_ago=9 - number / 10)
    stretch = support.get(url(thread)).context["one"].stretch
    seen: list[str] = []
    while True:
        said = [entry.faces[0].body["text"] for entry in stretch.entries if entry.kind == "said"]
        seen = said + seen
        if not stretch.older:
            break
        stretch = support.get(url(thread, "older"), {"before": stretch.older}).context["stretch"]

    assert seen == [f"n{number}" for number in range(90)]


def test_the_person_is_known_by_each_customer_id_and_what_was_sent(support: Client, thread: Thread) -> None:
    recipient = RecipientFactory(page=thread.page, psid=thread.psid)
    OptInFactory(page=thread.page, recipient=recipient, customer_id="FR-012345")
    optin = OptInFactory(page=thread.page, recipient=recipient, customer_id="order-871")
    OptInFactory(page=thread.page, customer_id="somebody-else")
    delivery = DeliveryFactory(optin=optin)

    panel = support.get(url(thread)).context["one"].panel
    assert {each.customer_id for each in panel.agreements} == {"FR-012345", "order-871"}
    assert [each.url for each in panel.deliveries] == [f"/admin/notifications/delivery/{delivery.pk}/change/"]


@pytest.mark.parametrize("number", ["0", "99999", "99999999999999999999", "x"])
def test_a_conversation_that_is_not_there_leads_back(support: Client, number: str, thread: Thread) -> None:
    assert support.get(f"/admin/pages/thread/{number}/change/").status_code in (302, 404)


def test_the_echo_of_an_answer_is_its_agents(support: Client, thread: Thread, person: Person) -> None:
    from pages.events import Echoed
    from pages.models.thread import Writer
    from pages.signals import facebook_event

    zoe = UserFactory(username="zoe")
    delivery = answered(thread, requested_by=zoe, state=DeliveryState.SENT, sent_at=timezone.now())
    got(person, "Il part demain.", mid="m_zoe", **mark(delivery))
    event = Echoed(page_id=thread.page.page_id, psid=thread.psid, at=timezone.now(), mid="m_zoe", **mark(delivery))
    facebook_event.send(sender=type(thread.page), page=thread.page, thread=thread, event=event, now=timezone.now())

    message = thread.messages.get(mid="m_zoe")
    assert (message.writer, message.author) == (Writer.AGENT, zoe)
    assert len(entries(support, thread)) == 2
