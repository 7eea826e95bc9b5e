"""How webhooks are told to come: in batches, shuffled, twice, late, without mids or times, in standby."""

import pytest

from messenger_admin.sandbox.messenger import acts, manners
from messenger_admin.sandbox.messenger.manners import Read
from tests.support.messenger_sandbox import PAGE_ID, App, Messenger


def test_reading_can_be_at_once_or_never(page: Messenger) -> None:
    page.subscribe("message_reads")
    claire = page.person()
    page.manner(read=Read.NEVER)
    page.send(claire.psid)
    assert not page.do(acts.read, claire)
    assert page.outbox() == []

    page.manner(read=Read.AT_ONCE)
    page.send(claire.psid)
    assert [entry.field for entry in page.outbox()] == ["message_reads"]


def test_receipts_can_lack_mids_events_their_time_and_deliveries_themselves(page: Messenger) -> None:
    page.subscribe("message_deliveries", "messages")
    claire = page.person()
    page.manner(mids=False, timestamps=False)
    page.send(claire.psid)
    page.write(claire)
    page.manner(receipts=False)
    page.send(claire.psid)

    delivery, message = [entry.json for entry in page.outbox()]
    assert list(delivery["delivery"]) == ["watermark"]
    assert "timestamp" not in message


def test_another_app_may_have_the_thread(page: Messenger, listening: App) -> None:
    page.subscribe()
    page.manner(standby=True)
    claire = page.person()

    page.write(claire)
    page.do(acts.tap, claire, title="Oui", payload="YES")

    listening.wait(2)
    entries = [entry for post in listening.posts for entry in post["entry"]]
    assert all("messaging" not in entry for entry in entries)
    assert "payload" not in listening.events[1]["postback"]


def test_many_events_come_in_one_post_up_to_the_batch(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(batch=1_000, wait=1.0)
    claire = page.person()
    with page.store() as store:
        for number in range(1_200):
            acts.write(store, claire, text=str(number), now=1_790_000_000.0 + number)
        store.execute("UPDATE outbox SET due_at = at")

    listening.wait(1_200)

    assert [len(post["entry"][0]["messaging"]) for post in listening.posts] == [1_000, 200]
    assert [event["message"]["text"] for event in listening.events] == [str(number) for number in range(1_200)]


def test_each_event_can_have_a_post_of_its_own(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(batch=1)
    claire = page.person()
    for text in "abc":
        page.write(claire, text)

    listening.wait(3)

    assert len(listening.posts) == 3
    assert [event["message"]["text"] for event in listening.events] == ["a", "b", "c"]


@pytest.mark.parametrize(("shuffle", "at_once"), [(False, 1), (True, 4)])
def test_only_what_is_shuffled_is_posted_side_by_side(
    page: Messenger, listening: App, shuffle: bool, at_once: int
) -> None:
    page.subscribe("messages")
    page.manner(shuffle=shuffle, batch=1)
    listening.seconds = 0.2
    claire = page.person()
    with page.store() as store:
        for _event in range(8):
            acts.write(store, claire, text="x", now=1_790_000_000.0)

    listening.wait(8)

    assert listening.most_at_once == at_once


def test_events_can_come_in_any_order(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(shuffle=True, batch=3)
    claire = page.person()
    texts = [str(number) for number in range(30)]
    with page.store() as store:
        for text in texts:
            acts.write(store, claire, text=text, now=1_790_000_000.0)

    came = [event["message"]["text"] for event in listening.wait(30)]

    assert sorted(came, key=int) == texts
    assert came != texts


def test_events_can_come_twice_and_late(page: Messenger, listening: App) -> None:
    page.subscribe("messages")
    page.manner(copies=2, wait=0.5)

    act = page.write(page.person())

    first, second = listening.wait(2)
    assert first == second
    assert min(listening.at) - act.at >= 0.5


def test_the_manner_of_one_page_is_not_that_of_another(page: Messenger) -> None:
    page.subscribe("messages")
    with page.store() as store:
        manners.tell(store, PAGE_ID, copies=3)
        manners.tell(store, copies=2)

    page.write(page.person())

    assert len(page.outbox()) == 3
