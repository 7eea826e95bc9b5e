"""What people do: arrive, begin, write, tap, react, block; and which of it opens the window."""

import time

import pytest

from messenger_admin.sandbox.facebook import profiles
from messenger_admin.sandbox.messenger import acts, people
from messenger_admin.sandbox.messenger.acts import CannotAct
from tests.support.messenger_sandbox import PAGE_ID, Messenger


@pytest.fixture
def greeting(page: Messenger) -> None:
    with page.store() as store:
        profiles.write(store, PAGE_ID, {"get_started": {"payload": "GET_STARTED"}})


def test_a_person_has_another_psid_on_each_page(page: Messenger) -> None:
    with page.store() as store:
        here, there = (people.met(store, "claire", page_id, now=1.0) for page_id in (PAGE_ID, "411"))
        again = people.met(store, "claire", PAGE_ID, now=2.0)

    assert here.psid != there.psid
    assert again == here


def test_nobody_is_not_met(page: Messenger) -> None:
    with page.store() as store, pytest.raises(LookupError):
        people.met(store, "nobody", PAGE_ID, now=1.0)


@pytest.mark.usefixtures("greeting")
def test_a_newcomers_ref_comes_with_get_started(page: Messenger) -> None:
    page.subscribe()
    claire = page.person(ago=None)

    page.do(acts.arrive, claire, ref="t_5kd93")
    assert page.outbox() == []
    page.do(acts.get_started, claire)

    (entry,) = page.outbox()
    assert entry.field == "messaging_postbacks"
    assert entry.json["postback"]["payload"] == "GET_STARTED"
    assert entry.json["postback"]["title"] == "Démarrer"
    assert entry.json["postback"]["referral"] == {"ref": "t_5kd93", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    assert page.send(claire.psid).status == 200


@pytest.mark.usefixtures("greeting")
def test_get_started_is_there_once(page: Messenger) -> None:
    claire = page.person(ago=None)
    page.do(acts.get_started, claire)

    with pytest.raises(CannotAct):
        page.do(acts.get_started, claire)


def test_a_page_that_set_no_get_started_shows_none(page: Messenger) -> None:
    with pytest.raises(CannotAct):
        page.do(acts.get_started, page.person(ago=None))


def test_a_newcomer_who_writes_brings_the_ref_with_the_message(page: Messenger) -> None:
    page.subscribe()
    claire = page.person(ago=None)
    page.do(acts.arrive, claire, ref="t_1")

    page.write(claire, "Bonjour")
    page.write(claire, "encore")

    first, second = [entry.json["message"] for entry in page.outbox()]
    assert first["referral"]["ref"] == "t_1"
    assert "referral" not in second


def test_who_has_a_thread_is_referred_at_once(page: Messenger) -> None:
    page.subscribe()
    claire = page.person(ago=90_000)

    page.do(acts.arrive, claire, ref="t_2")

    (entry,) = page.outbox()
    assert (entry.field, entry.json["referral"]["ref"]) == ("messaging_referrals", "t_2")
    assert page.send(claire.psid).status == 200


def test_a_tapped_button_a_quick_reply_and_a_reaction_open_the_window(page: Messenger) -> None:
    page.subscribe()
    for act, options, field in (
        (acts.tap, {"title": "Oui", "payload": "YES"}, "messaging_postbacks"),
        (acts.write, {"text": "Oui", "quick_reply": "YES"}, "messages"),
        (acts.react, {"mid": "m_1", "emoji": "❤"}, "message_reactions"),
    ):
        claire = page.person(ago=100_000)
        assert page.send(claire.psid).error == (10, 2018278)
        page.do(act, claire, **options)
        assert page.outbox()[-1].field == field
        assert page.contact(claire.psid).acted_at != claire.acted_at


def test_reading_and_muting_open_nothing(page: Messenger) -> None:
    claire = page.person(ago=100_000)

    page.do(acts.mute, claire, muted=True)
    page.do(acts.mute, claire, muted=False)
    page.do(acts.read, claire)

    assert page.contact(claire.psid).acted_at == claire.acted_at


def test_facebook_does_not_tell_of_a_block_and_who_blocks_cannot_write(page: Messenger) -> None:
    page.subscribe()
    claire = page.person()

    page.do(acts.block, claire, blocked=True)

    assert page.outbox() == []
    with pytest.raises(CannotAct):
        page.write(claire)


def test_read_receipts_can_be_off_on_a_phone(page: Messenger) -> None:
    page.subscribe()
    claire = page.person()
    page.send(claire.psid)
    with page.store() as store:
        people.let_read(store, claire.psid, reads=False)

    assert not page.do(acts.read, claire)


def test_a_crowd_can_be_written_to(page: Messenger) -> None:
    with page.store() as store:
        psids = people.crowd(store, PAGE_ID, 50, now=time.time())
        assert people.crowd(store, PAGE_ID, 50, now=time.time()) == psids

    assert len(set(psids)) == 50
    assert page.send(psids[-1]).status == 200


def test_what_people_did_is_on_record_in_its_order(page: Messenger) -> None:
    claire = page.person()
    page.write(claire, "a")
    page.do(acts.block, claire, blocked=True)
    page.do(acts.block, claire, blocked=False)

    with page.store() as store:
        assert [act.kind for act in acts.since(store, claire.psid)] == ["wrote", "blocked", "unblocked"]
        assert [act.kind for act in acts.newest(store, claire.psid, limit=2)] == ["blocked", "unblocked"]
