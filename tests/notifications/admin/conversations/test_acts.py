"""Taking, giving, closing and reading, and what the script asks for meanwhile."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING, SUPPORT
from pages.models import Thread
from tests.notifications.admin.conversations.now import got, url, wrote
from tests.notifications.admin.conversations.test_thread import answered
from tests.pages.conversations.events import Person
from tests.people import client_as
from tests.people import person as somebody

URL = "/admin/pages/thread/"


def act(client: Client, thread: Thread, **values: object) -> Thread:
    assert client.post(url(thread, "act"), values).status_code == 302
    thread.refresh_from_db()
    return thread


def news(client: Client, **asked: str | int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{URL}news/", asked).json()
    return found


def test_it_is_taken_given_and_given_back(support: Client, thread: Thread) -> None:
    me, other = User.objects.get(), somebody(SUPPORT)
    assert act(support, thread, act="take").assigned_to == me
    assert act(support, thread, act="assign", to=other.pk).assigned_to == other
    assert act(support, thread, act="assign", to="").assigned_to is None


@pytest.mark.parametrize("to", ["marketing", "0", "x", "99999999999999999999"])
def test_it_is_given_to_nobody_who_can_t_answer(support: Client, thread: Thread, to: str) -> None:
    chosen = somebody(MARKETING).pk if to == "marketing" else to
    assert act(support, thread, act="assign", to=chosen).assigned_to is None


def test_it_is_closed_and_opened_again(support: Client, thread: Thread) -> None:
    assert act(support, thread, act="close").closed_at is not None
    assert act(support, thread, act="reopen").closed_at is None


def test_what_the_screen_showed_is_read_and_nothing_else(support: Client, thread: Thread, person: Person) -> None:
    seen = support.get(url(thread)).context["one"].stretch.newest
    wrote(person, "Encore", hours_ago=0)

    assert act(support, thread, act="read", until=seen).unread == 1
    assert act(support, thread, act="read", until="x").unread == 1
    assert act(support, thread, act="nothing that is known").unread == 1


def test_it_can_be_marked_to_come_back_to(support: Client, thread: Thread) -> None:
    Thread.objects.update(unread=0)
    assert act(support, thread, act="unread").unread == 1


def test_looking_alone_reads_nothing(support: Client, thread: Thread) -> None:
    support.get(url(thread))
    thread.refresh_from_db()
    assert thread.unread == 1


def test_there_is_no_news_while_nothing_changes(support: Client, thread: Thread) -> None:
    page = support.get(url(thread)).context
    asked = {"list": page["list_version"], "open": thread.pk, "thread": page["thread_version"]}

    assert news(support, **asked) == {}


def test_a_new_message_comes_with_the_list_and_the_conversation(
    support: Client, thread: Thread, person: Person
) -> None:
    page = support.get(url(thread)).context
    got(person, "Je regarde", hours_ago=0)

    told = news(support, list=page["list_version"], open=thread.pk, thread=page["thread_version"])
    assert "Je regarde" in told["list"]["rows"]
    assert "Je regarde" in told["thread"]["entries"]
    assert set(told["thread"]) == {"version", "entries", "head", "window", "panel"}


@pytest.mark.parametrize("change", ["reply", "assign", "block", "receipt"])
def test_whatever_changes_is_news(support: Client, thread: Thread, change: str) -> None:
    page = support.get(url(thread)).context
    match change:
        case "reply":
            answered(thread)
        case "assign":
            Thread.objects.update(assigned_to=User.objects.get())
        case "block":
            Thread.objects.update(blocked_at=thread.last_at)
        case "receipt":
            answered(thread, state="sent", sent_at=thread.last_at)

    assert "thread" in news(support, open=thread.pk, thread=page["thread_version"])


def test_the_unread_are_counted_beside_the_entry(support: Client, thread: Thread) -> None:
    groups = support.get(reverse("admin:index")).context["sidebar_navigation"]
    items = {str(item["title"]): item for group in groups for item in group["items"]}
    assert items["Conversations"]["badge"] == "1"


def test_support_alone_is_offered_as_whoever_looks_after_it(support: Client, thread: Thread) -> None:
    somebody(MARKETING)
    agents = support.get(url(thread)).context["agents"]
    assert [agent.pk for agent in agents] == [User.objects.filter(groups__name=SUPPORT).get().pk]


def test_a_preview_is_the_bubble(support: Client) -> None:
    from tests.factories import NotificationFactory

    notification = NotificationFactory(body={"text": "Bonjour {{ first_name|vous }}"})
    text = support.get(f"{URL}preview/", {"notification": notification.pk}).content.decode()
    assert "msgr-bubble" in text
    assert "vous" in text
    assert "msgr" not in support.get(f"{URL}preview/", {"notification": "x"}).content.decode()


def test_nobody_else_asks_for_news(thread: Thread) -> None:
    client = client_as(MARKETING)
    for door in ("news", "rows", "preview"):
        assert client.get(f"{URL}{door}/").status_code == 403
