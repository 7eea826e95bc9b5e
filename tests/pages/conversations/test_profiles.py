"""Names and pictures come from Facebook by themselves; where they don't, nothing else suffers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import hints, sweeping
from pages.conversations import profiles
from pages.models import Thread
from pages.states import GatewayKind
from tests.pages.conversations.events import Person
from tests.support.graph_api import graph, refuses, says

CLAIRE = {"name": "Claire Martin", "profile_pic": "https://cdn.example.com/claire.jpg"}


@pytest.fixture
def thread(person: Person) -> Thread:
    found = person.tell(person.wrote())
    assert found is not None
    return found


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_whoever_wrote_gets_a_name_and_a_picture(thread: Thread) -> None:
    with graph(says(CLAIRE)) as facebook:
        assert profiles.fetch_due() == 1
        assert profiles.fetch_due() == 0

    thread.refresh_from_db()
    assert (thread.name, thread.picture_url) == ("Claire Martin", "https://cdn.example.com/claire.jpg")
    assert [asked.path for asked in facebook.asked] == [f"/v26.0/{thread.psid}"]


def test_a_refusal_is_kept_and_asked_again_after_a_while(thread: Thread) -> None:
    with graph(refuses(100, subcode=33)):
        profiles.fetch_due()

    thread.refresh_from_db()
    assert (thread.name, thread.profile_error) == ("", "100/33")
    now = timezone.now()
    assert not profiles.is_stale(thread, now)
    assert profiles.is_stale(thread, now + timedelta(hours=2))


def test_silence_is_kept_too(thread: Thread) -> None:
    with graph(says(CLAIRE), GRAPH_URL="http://127.0.0.1:9"):
        profiles.fetch_due()

    thread.refresh_from_db()
    assert thread.profile_error == "ConnectionError"


def test_what_is_stale_is_renewed_once_the_person_writes(person: Person, thread: Thread) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    Thread.objects.update(profile_at=long_ago, name="Claire")

    person.tell(person.wrote("Encore", minutes=5), now=timezone.now())

    assert profiles.due().get() == thread


def test_a_page_that_is_not_linked_directly_asks_nobody(person: Person, thread: Thread) -> None:
    person.page.gateway = GatewayKind.IADVIZE
    person.page.save()
    with graph(says(CLAIRE)) as facebook:
        profiles.fetch_due()

    assert facebook.asked == []
    assert not profiles.due().exists()


def test_the_sweep_finds_whose_hint_was_lost(thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    monkeypatch.setattr(hints, "kick_profiles", lambda: said.append(1))

    sweeping.kick_profiles(timezone.now())
    Thread.objects.update(profile_at=timezone.now())
    sweeping.kick_profiles(timezone.now())

    assert said == [1]
