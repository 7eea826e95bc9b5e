"""The list: what it shows, how it is narrowed, and that a thousand cost no more than one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from pages.models import Site, Thread
from tests.factories import ConnectedPageFactory, LinkedPageFactory, OptInFactory, RecipientFactory
from tests.notifications.admin.conversations.now import got, url, wrote
from tests.pages.conversations.events import Person
from tests.people import STRANGER, client_as

URL = "/admin/pages/thread/"


def listed(client: Client, **query: str | int) -> list[str]:
    return [row.name for row in client.get(URL, query).context["listed"].rows]


def named(person: Person, name: str, text: str = "Bonjour", **more: object) -> Thread:
    thread = wrote(person, text, **more)  # type: ignore[arg-type]
    Thread.objects.filter(pk=thread.pk).update(name=name)
    return thread


def test_a_row_says_who_what_when_and_how_long_there_is(support: Client, thread: Thread) -> None:
    text = support.get(URL).content.decode()

    for words in ("Claire Martin", "CM", "Où est mon colis ?", "data-until=", 'aria-label="1 unread"'):
        assert words in text


def test_a_name_that_nobody_told_is_the_end_of_the_psid(support: Client, person: Person) -> None:
    wrote(person)
    assert listed(support) == ["Customer …1234"]


@pytest.mark.parametrize(("role", "status"), [(ADMINISTRATORS, 200), (MARKETING, 403), (STRANGER, 403)])
def test_private_messages_are_for_support_and_administrators(role: str, status: int, thread: Thread) -> None:
    assert client_as(role).get(URL).status_code == status
    assert client_as(role).get(url(thread)).status_code == status


@pytest.mark.parametrize("asked", ["is=nowhere", "page=x", "page=99999999999999999999", "before=x", "q=%00", "at=x"])
def test_an_address_that_nobody_could_have_chosen_shows_what_is_open(
    support: Client, thread: Thread, asked: str
) -> None:
    assert support.get(f"{URL}?{asked}").status_code == 200
    assert support.get(f"{url(thread)}?{asked}").status_code == 200


def test_tabs_have_their_own(support: Client, thread: Thread, person: Person) -> None:
    Thread.objects.filter(pk=thread.pk).update(closed_at=timezone.now(), unread=0)
    named(Person(person.page, "7099"), "Zoé")

    assert listed(support) == listed(support, **{"is": "nobodys"}) == listed(support, **{"is": "unread"}) == ["Zoé"]
    assert listed(support, **{"is": "closed"}) == ["Claire Martin"]
    assert listed(support, **{"is": "mine"}) == []


def test_a_page_has_its_own(support: Client, thread: Thread) -> None:
    other = ConnectedPageFactory(name="Maison")
    named(Person(other, "7099"), "Zoé")

    assert listed(support, page=other.pk) == ["Zoé"]
    assert set(listed(support)) == {"Zoé", "Claire Martin"}


@pytest.mark.parametrize("asked", ["claire", "MARTIN", "colis", "FR-0123", "FR-012345", "7012345678901234"])
def test_somebody_is_found_by_name_words_customer_id_and_psid(
    support: Client, thread: Thread, person: Person, asked: str
) -> None:
    recipient = RecipientFactory(page=person.page, psid=person.psid)
    OptInFactory(page=person.page, recipient=recipient, customer_id="FR-012345")
    named(Person(person.page, "7099"), "Zoé")

    assert listed(support, q=asked) == ["Claire Martin"]


def test_a_search_leads_to_the_very_message(support: Client, thread: Thread, person: Person) -> None:
    wanted = thread.messages.get()
    for number in range(60):
        wrote(person, f"Et encore {number}", hours_ago=0.09)

    (row,) = support.get(URL, {"q": "colis"}).context["listed"].rows
    assert (row.found, row.excerpt) == (wanted.pk, "Où est mon colis ?")
    page = support.get(url(thread), {"at": row.found})
    assert "Où est mon colis ?" in page.content.decode()
    assert page.context["one"].is_old


def test_a_match_of_none_says_so(support: Client, thread: Thread) -> None:
    assert "Nobody matches" in support.get(URL, {"q": "inconnu"}).content.decode()


def test_it_says_what_is_missing_before_there_is_anything(support: Client) -> None:
    assert "No page is linked through Facebook" in support.get(URL).content.decode()
    LinkedPageFactory()
    assert "No page is linked through Facebook" in support.get(URL).content.decode()
    ConnectedPageFactory()
    assert "Nobody has written yet" in support.get(URL).content.decode()


def test_pages_are_told_apart_by_their_site(support: Client, thread: Thread) -> None:
    ConnectedPageFactory(name="Maison")
    labels = [label for _pk, label in support.get(URL).context["pages"]]
    first, second = Site.objects.order_by("pk")
    assert labels == [f"Boutique Exemple · {first.name}", f"Maison · {second.name}"]


def test_the_list_goes_on_where_it_ended(support: Client, person: Person) -> None:
    for number in range(35):
        named(Person(person.page, f"70{number:04}"), f"P{number:02}", hours_ago=number / 10)

    first = support.get(URL).context["listed"]
    rest = support.get(f"{URL}rows/", {"before": first.older})
    assert [row.name for row in first.rows] == [f"P{number:02}" for number in range(30)]
    assert [row.name for row in rest.context["listed"].rows] == [f"P{number:02}" for number in range(30, 35)]
    assert not rest.context["listed"].older


def test_neither_many_conversations_nor_long_ones_cost_more_queries(support: Client, person: Person) -> None:
    def cost(thread: Thread) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert support.get(url(thread)).status_code == 200
        return len(queries)

    few = wrote(person)
    got(person)
    support.get(url(few))
    before = cost(few)
    for number in range(12):
        page = person.page if number % 2 else ConnectedPageFactory()
        named(Person(page, f"70{number:04}"), f"P{number:02}")
    for number in range(50):
        wrote(person, reply_to="m_now_1") if number % 2 else got(person, metadata=f"ma1:{'0' * 32}:{number}:0")

    assert cost(few) <= before + 3
