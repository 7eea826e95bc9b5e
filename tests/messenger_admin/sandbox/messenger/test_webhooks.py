"""Webhooks to a real little server: signed, verified, retried, given up, batched, shuffled, sent twice."""

import hashlib
import hmac
import json
from pathlib import Path

from pytest_django import Settings

from messenger_admin.sandbox.facebook import subscriptions
from messenger_admin.sandbox.messenger import acts, callback, outbox
from tests.support.graph_sandbox import Graph
from tests.support.messenger_sandbox import EVERYTHING, PAGE_ID, App, Messenger, messenger, wait_until
from tests.support.sandbox import far_end


def test_what_a_person_writes_is_posted_as_facebook_does(page: Messenger, listening: App) -> None:
    page.subscribe()
    claire = page.person()

    page.write(claire, "Où est ma commande ?")

    (event,) = listening.wait(1)
    assert event["sender"] == {"id": claire.psid}
    assert event["recipient"] == {"id": PAGE_ID}
    assert event["message"]["text"] == "Où est ma commande ?"
    assert event["message"]["mid"].startswith("m_")
    (post,) = listening.posts
    assert (post["object"], post["entry"][0]["id"]) == ("page", PAGE_ID)


def test_the_signature_is_over_the_escaped_bytes(page: Messenger, listening: App, settings: Settings) -> None:
    page.subscribe()

    page.write(page.person(), "é 山")

    listening.wait(1)
    assert b"\\u00e9 \\u5c71" in listening.bodies[0]
    known = hmac.new(settings.FACEBOOK_APP_SECRET.encode(), listening.bodies[0], hashlib.sha256).hexdigest()
    assert listening.headers[0]["x-hub-signature-256"] == f"sha256={known}"
    assert listening.headers[0]["content-type"] == "application/json"


def test_a_page_tells_only_what_it_is_subscribed_to(page: Messenger) -> None:
    claire = page.person()
    page.write(claire)
    page.subscribe("message_reads")
    page.write(claire)

    assert page.outbox() == []


def test_a_message_is_echoed_and_delivered(page: Messenger, listening: App, settings: Settings) -> None:
    page.subscribe()
    claire = page.person()

    mid = page.send(claire.psid, {"text": "Bonjour", "metadata": "ma1:a:7:0"}).json["message_id"]

    echo, delivery = listening.wait(2)
    assert (echo["sender"], echo["recipient"]) == ({"id": PAGE_ID}, {"id": claire.psid})
    assert echo["message"] == {
        "mid": mid,
        "is_echo": True,
        "app_id": int(settings.FACEBOOK_APP_ID),
        "text": "Bonjour",
        "metadata": "ma1:a:7:0",
    }
    assert delivery["delivery"] == {"mids": [mid], "watermark": echo["timestamp"]}
    assert "timestamp" not in delivery


def test_attachments_are_echoed_as_such(page: Messenger, listening: App) -> None:
    page.subscribe("message_echoes")
    picture = {"type": "image", "payload": {"url": "https://cdn.shop.example/1.jpg", "is_reusable": False}}

    page.send(page.person().psid, {"attachment": picture})

    (echo,) = listening.wait(1)
    assert echo["message"]["attachments"] == [{"type": "image", "payload": {"url": "https://cdn.shop.example/1.jpg"}}]


def test_reading_is_told_by_a_watermark_and_once(page: Messenger, listening: App) -> None:
    page.subscribe("message_reads")
    claire = page.person()
    page.send(claire.psid)
    page.send(claire.psid)

    assert page.do(acts.read, claire)
    assert not page.do(acts.read, claire)

    (event,) = listening.wait(1)
    newest = page.far_end.received(page_id=PAGE_ID)[-1]
    assert event["read"] == {"watermark": int(newest.received_at * 1000)}


def test_a_failed_post_is_tried_again_with_growing_pauses(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(retry=0.3)
    listening.statuses = [500, 503, 302]

    page.write(page.person())

    wait_until(lambda: len(listening.bodies) == 4, "the fourth try")
    pauses = [later - earlier for earlier, later in zip(listening.at, listening.at[1:], strict=False)]
    assert pauses[0] >= 0.3
    assert pauses[1] >= 0.6
    assert pauses[2] >= 1.2
    wait_until(lambda: page.outbox()[0].state == "done", "the end of it")
    assert (page.outbox()[0].tries, page.outbox()[0].status) == (4, 200)
    assert {json.dumps(post["entry"][0]["messaging"]) for post in listening.posts} == {
        json.dumps([page.outbox()[0].json])
    }


def test_an_answer_that_takes_too_long_counts_for_nothing(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(patience=0.2, retry=0.2)
    listening.seconds = 0.6

    page.write(page.person())

    wait_until(lambda: page.outbox()[0].tries >= 1, "the first try")
    assert (page.outbox()[0].status, page.outbox()[0].error) == (None, "TimeoutError")
    listening.seconds = 0
    wait_until(lambda: page.outbox()[0].state == "done", "the retry")


def test_a_page_that_fails_for_too_long_is_unsubscribed(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(retry=0.1, give_up=0.5)
    listening.statuses = [500] * 100

    page.write(page.person())

    wait_until(lambda: page.outbox()[0].state == "given_up", "the end of patience")
    with page.store() as store:
        (hook,) = outbox.hooks(store)
        assert hook.disabled_at is not None
        assert subscriptions.fields_of(store, PAGE_ID) == []
    page.write(page.person())
    assert len(page.outbox()) == 1


def test_subscribing_again_enables_a_page_that_was_given_up(page: Messenger, listening: App) -> None:
    with page.store() as store:
        store.execute("INSERT INTO hooks (page_id, disabled_at) VALUES (?, 1.0)", (PAGE_ID,))

    fields = ",".join(EVERYTHING)
    assert (
        Graph(page.far_end.url).post(f"{PAGE_ID}/subscribed_apps", page.token, subscribed_fields=fields).status == 200
    )

    with page.store() as store:
        assert outbox.hooks(store) == []
    page.write(page.person())
    listening.wait(1)


def test_the_address_proves_itself_before_it_is_told_anything(page: Messenger, listening: App) -> None:
    known, listening.verify_token = listening.verify_token, "another"
    Graph(page.far_end.url).post(f"{PAGE_ID}/subscribed_apps", page.token, subscribed_fields="messages")
    page.write(page.person())

    wait_until(lambda: len(listening.challenges) >= 2, "a second question")
    assert listening.bodies == []
    with page.store() as store:
        found = callback.load(store)
    assert found
    assert (found.verified_at, found.error) == (None, "HTTP 403: no")

    listening.verify_token = known
    listening.wait(1)
    assert listening.challenges[-1]["hub.mode"] == "subscribe"


def test_changes_of_a_template_stand_apart_from_messages(page: Messenger, listening: App) -> None:
    page.subscribe()
    with page.store() as store:
        outbox.announce(store, PAGE_ID, {"field": "message_template_status_update", "value": {"event": "APPROVED"}})

    listening.wait(1)

    assert listening.posts[0]["entry"][0]["changes"] == [
        {"field": "message_template_status_update", "value": {"event": "APPROVED"}}
    ]


def test_what_waits_outlives_the_sandbox(tmp_path: Path, listening: App) -> None:
    listening.statuses = [500]
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        page = messenger(running)
        page.subscribe("messages")
        page.write(page.person(), "still there?")
        wait_until(lambda: page.outbox()[0].tries == 1, "the first try")

    with far_end(tmp_path / "sandbox.sqlite3"):
        wait_until(lambda: len(listening.bodies) == 2, "the second try")

    assert listening.events[1]["message"]["text"] == "still there?"
