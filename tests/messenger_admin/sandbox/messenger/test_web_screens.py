"""Messenger's screens in the sandbox: phones, links, people, webhooks."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from messenger_admin.sandbox.facebook import profiles, subscriptions
from messenger_admin.sandbox.facebook.cast import play
from messenger_admin.sandbox.messenger import acts, callback, manners, outbox, people, renderings
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import opened
from tests.support.messenger_sandbox import EVERYTHING, PAGE_ID

pytestmark = pytest.mark.django_db
Receive = Callable[..., None]


@pytest.fixture
def claire(store: Path) -> Contact:
    with opened(store) as connection:
        play(connection)
        subscriptions.subscribe(connection, PAGE_ID, EVERYTHING)
        return people.met(connection, "claire", PAGE_ID, now=time.time())


def do(store: Path, act: Callable[..., Any], contact: Contact, **options: Any) -> Any:
    with opened(store) as connection:
        known = people.contact(connection, contact.psid)
        return act(connection, known, now=options.pop("now", time.time()), **options)


def where(contact: Contact, **more: str) -> dict[str, str]:
    return {"page_id": contact.page_id, "customer_id": contact.psid} | more


def phone(client: Client, contact: Contact, **more: str) -> str:
    return client.get("/sandbox/phone/", where(contact, **more)).content.decode()


def live(client: Client, contact: Contact, after: str = "0.0") -> Any:
    return client.get("/sandbox/api/thread", where(contact, after=after)).json()


def sent(contact: Contact, **message: Any) -> bytes:
    return json.dumps({"recipient": {"id": contact.psid}, "message": message}).encode()


def test_the_phone_shows_both_sides_in_the_order_of_time(
    client: Client, store: Path, claire: Contact, receive: Receive
) -> None:
    do(store, acts.write, claire, text="FIRST", now=1_790_000_000.0)
    to = {"page_id": PAGE_ID, "customer_id": claire.psid}
    receive(**to, body=sent(claire, text="SECOND"), received_at=1_790_000_010.0)
    do(store, acts.tap, claire, title="THIRD", payload="x", now=1_790_000_020.0)

    html = phone(client, claire)

    places = [html.index(f">{word}<") for word in ("FIRST", "SECOND", "THIRD")]
    assert places == sorted(places)
    assert html.count('class="message mine"') == 2
    assert "Claire Martin" in html


def test_a_message_is_shown_as_what_it_is_and_its_buttons_can_be_tapped(
    client: Client, claire: Contact, receive: Receive
) -> None:
    buttons = [{"type": "postback", "title": "Oui", "payload": "YES"}]
    attachment = {"type": "template", "payload": {"template_type": "button", "text": "Encore ?", "buttons": buttons}}
    receive(page_id=PAGE_ID, customer_id=claire.psid, body=sent(claire, attachment=attachment))

    assert 'data-payload="YES">Oui</button>' in phone(client, claire)


def test_a_utility_message_shows_what_the_person_saw(
    client: Client, store: Path, claire: Contact, receive: Receive
) -> None:
    with opened(store) as connection:
        renderings.keep(connection, "m_u", {"header": "Parti", "body": "La commande 871 est partie."})
    template = {"name": "parti", "language": {"code": "fr"}}
    receive(page_id=PAGE_ID, customer_id=claire.psid, message_id="m_u", body=sent(claire, template=template))

    assert "La commande 871 est partie." in phone(client, claire)


def test_what_is_new_comes_with_the_next_question(
    client: Client, store: Path, claire: Contact, receive: Receive
) -> None:
    first = live(client, claire)
    assert (first["after"], first["phone"]) == (None, "")

    do(store, acts.write, claire, text="Bonjour")
    receive(page_id=PAGE_ID, customer_id=claire.psid, body=sent(claire, text="Oui ?"))
    second = live(client, claire)
    third = live(client, claire, second["after"])

    assert "Bonjour" in second["phone"]
    assert "Oui ?" in second["phone"]
    assert second["state"] == {"begun": True, "get_started": False, "blocked": False, "muted": False, "reads": True}
    assert (third["after"], third["phone"], third["reset"]) == (None, "", False)


def test_a_thread_that_was_cleared_is_forgotten_on_the_phone(
    client: Client, store: Path, claire: Contact, receive: Receive
) -> None:
    do(store, acts.write, claire, text="gone")
    receive(page_id=PAGE_ID, customer_id=claire.psid, body=sent(claire, text="gone too"))
    after = live(client, claire)["after"]

    client.post("/sandbox/clear/", {"page_id": PAGE_ID, "customer_id": claire.psid})

    assert live(client, claire, after)["reset"] is True
    assert "gone" not in phone(client, claire)


@pytest.mark.parametrize("after", ["", "x", "1", "-1.2", "1.2.3", "9" * 30 + ".1", "0.0"])
def test_any_cursor_is_answered(client: Client, claire: Contact, after: str) -> None:
    assert client.get("/sandbox/api/thread", where(claire, after=after)).status_code == 200


def test_reactions_stand_on_their_messages(client: Client, store: Path, claire: Contact, receive: Receive) -> None:
    receive(page_id=PAGE_ID, customer_id=claire.psid, message_id="m_1", body=sent(claire, text="Voilà"))
    do(store, acts.react, claire, mid="m_1", emoji="😆")
    assert '<span class="reaction" data-reaction >😆</span>' in phone(client, claire)

    do(store, acts.react, claire, mid="m_1", emoji="")
    assert live(client, claire)["reactions"] == {}


def test_get_started_stands_in_place_of_the_composer_until_it_is_tapped(
    client: Client, store: Path, claire: Contact
) -> None:
    with opened(store) as connection:
        profiles.write(connection, PAGE_ID, {"get_started": {"payload": "GO"}})
    assert live(client, claire)["state"]["get_started"] is True

    do(store, acts.get_started, claire)

    assert live(client, claire)["state"]["get_started"] is False


def test_a_customer_id_keeps_its_own_phone(client: Client, receive: Receive) -> None:
    receive(customer_id="FR-1")

    html = phone_of(client, "FR-1")

    assert "data-psid" not in html
    assert client.get("/sandbox/api/thread", {"page_id": PAGE_ID, "customer_id": "FR-1"}).json()["reset"] is False


def phone_of(client: Client, customer_id: str) -> str:
    return client.get("/sandbox/phone/", {"page_id": PAGE_ID, "customer_id": customer_id}).content.decode()


def test_a_psid_of_another_page_is_a_customer_id_like_any_other(client: Client, claire: Contact) -> None:
    html = client.get("/sandbox/phone/", {"page_id": "411", "customer_id": claire.psid}).content.decode()

    assert "data-psid" not in html


def test_the_lists_name_people_and_customers(client: Client, claire: Contact, receive: Receive) -> None:
    receive(page_id=PAGE_ID, customer_id=claire.psid)
    receive(page_id=PAGE_ID, customer_id="FR-77")

    customers = client.get("/sandbox/").content.decode()
    assert "Claire Martin" in customers
    assert "FR-77" in customers
    found = client.get("/sandbox/", {"q": "claire"}).content.decode()
    assert claire.psid in found
    assert "FR-77" not in found


def test_people_are_listed_with_how_they_stand(client: Client, store: Path, claire: Contact) -> None:
    assert "not begun" in client.get("/sandbox/people/").content.decode()

    do(store, acts.write, claire, text="x")
    assert "window open" in client.get("/sandbox/people/").content.decode()
    do(store, acts.block, claire, blocked=True)
    assert "blocked the page" in client.get("/sandbox/people/").content.decode()
    assert "No page knows anybody like that" in client.get("/sandbox/people/", {"q": "zzz"}).content.decode()


@pytest.mark.usefixtures("store")
def test_nobody_yet_is_explained(client: Client) -> None:
    html = client.get("/sandbox/people/").content.decode()

    assert "Nobody has written to a page yet" in html
    assert "There is no page to write to." in html


def test_a_link_asks_who_opens_it_and_remembers(client: Client, claire: Contact) -> None:
    html = client.get(f"/sandbox/m.me/{PAGE_ID}?ref=t_1").content.decode()
    assert "Atelier Martin" in html
    assert "Who opens this link?" in html

    answer = client.post(f"/sandbox/m.me/{PAGE_ID}?ref=t_1&text=Bonjour", {"person": "claire"})

    assert answer.status_code == 302
    assert answer["Location"] == f"/sandbox/phone/?page_id={PAGE_ID}&customer_id={claire.psid}&text=Bonjour"
    assert "Continue as Claire Martin" in client.get(f"/sandbox/m.me/{PAGE_ID}").content.decode()
    landed = client.get(answer["Location"]).content.decode()
    assert "t_1" in landed
    assert ">Bonjour</textarea>" in landed


def test_who_blocked_a_page_still_lands(client: Client, store: Path, claire: Contact) -> None:
    do(store, acts.write, claire, text="x")
    do(store, acts.block, claire, blocked=True)

    assert client.post(f"/sandbox/m.me/{PAGE_ID}?ref=t_1", {"person": "claire"}).status_code == 302


@pytest.mark.usefixtures("claire")
def test_a_link_that_leads_nowhere_says_so(client: Client) -> None:
    assert client.get("/sandbox/m.me/411").status_code == 404
    assert "letters, digits" in client.get(f"/sandbox/m.me/{PAGE_ID}?ref=a%20b").content.decode()
    assert client.post(f"/sandbox/m.me/{PAGE_ID}", {"person": "nobody"}).status_code == 200
    assert client.post(f"/sandbox/m.me/{PAGE_ID}?ref=a%20b", {"person": "claire"}).status_code == 200


def test_webhooks_are_shown_with_what_became_of_them(client: Client, store: Path, claire: Contact) -> None:
    do(store, acts.write, claire, text="Où est-ce ?")
    html = client.get("/sandbox/webhooks/").content.decode()
    assert "Waiting · 1" in html
    assert "Atelier Martin" in html

    with opened(store) as connection:
        (entry,) = outbox.newest(connection)
        outbox.failed(connection, [entry], status=500, error="oh no", now=time.time())
    html = client.get("/sandbox/webhooks/").content.decode()
    assert "oh no" in html
    assert "fail at the moment" in html

    with opened(store) as connection:
        outbox.disable(connection, PAGE_ID, now=time.time())
        callback.verify(connection, now=time.time())
    html = client.get("/sandbox/webhooks/", {"state": "given_up"}).content.decode()
    assert "Webhooks disabled" in html
    assert "given up" in html
    assert "The address has not proved itself." in html


def test_the_manner_is_told_by_form_and_taken_back(client: Client, store: Path) -> None:
    answer = client.post("/sandbox/webhooks/", {"page_id": "", "shuffle": "true", "batch": "7"}, follow=True)
    assert "In no order <b>Yes</b>" in answer.content.decode()

    client.post("/sandbox/webhooks/usual/", {"page_id": ""})

    with opened(store) as connection:
        assert manners.told(connection) == {}
    assert client.post("/sandbox/webhooks/", {"batch": "0"}).status_code == 200


def test_webhooks_are_cleared(client: Client, store: Path, claire: Contact) -> None:
    do(store, acts.write, claire, text="x")

    client.post("/sandbox/webhooks/clear/")

    assert "Nothing was told yet" in client.get("/sandbox/webhooks/").content.decode()


def test_a_name_with_markup_is_only_a_name(client: Client, store: Path, claire: Contact) -> None:
    with opened(store) as connection:
        connection.execute("UPDATE persons SET name = '<b>x</b>' WHERE id = 'claire'")

    for path in ("/sandbox/people/", f"/sandbox/m.me/{PAGE_ID}"):
        assert "<b>x</b>" not in client.get(path).content.decode()
    assert "<b>x</b>" not in phone(client, claire)
