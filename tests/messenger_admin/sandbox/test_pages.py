"""The sandbox in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from messenger_admin.sandbox.behaviours import Kind
from messenger_admin.sandbox.messages import Query, oldest
from messenger_admin.sandbox.rules import load
from messenger_admin.sandbox.store import opened
from tests.factories import LinkFactory, PageFactory
from tests.support.sandbox import PAGE

Receive = Callable[..., None]
pytestmark = pytest.mark.django_db
PHONE = {"page_id": PAGE, "customer_id": "FR-1"}


def content(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def live(client: Client, after: int = 0) -> Any:
    return client.get("/sandbox/api/thread", PHONE | {"after": str(after)}).json()


def test_an_empty_sandbox_says_how_to_fill_it(client: Client, store: Path) -> None:
    page = content(client.get("/sandbox/"))

    assert "No message has arrived yet" in page
    assert "Send a test" in page
    assert "Clear all" not in page


def test_customers_are_listed_with_the_last_one_written_to_first(client: Client, receive: Receive) -> None:
    for customer_id in ("FR-1", "FR-2", "FR-1"):
        receive(customer_id=customer_id)

    answer = client.get("/sandbox/")
    threads = [row["thread"] for row in answer.context["rows"]]
    assert [(thread.customer_id, thread.messages) for thread in threads] == [("FR-1", 2), ("FR-2", 1)]


def test_a_page_that_somebody_entered_is_named(client: Client, receive: Receive) -> None:
    PageFactory(page_id=PAGE, name="Peter's Apparel")
    receive()

    assert "Peter&#x27;s Apparel" in content(client.get("/sandbox/"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ab123"}, ["instock-AB123-x"]),
        ({"q": "%"}, ["50%_off"]),
        ({"q": "FR"}, ["FR-1"]),
        ({"page_id": "7"}, ["50%_off"]),
        ({"q": "nobody"}, []),
    ],
)
def test_customers_are_found_by_a_part_of_their_id(
    client: Client, receive: Receive, asked: dict[str, str], found: list[str]
) -> None:
    receive(customer_id="FR-1")
    receive(customer_id="instock-AB123-x")
    receive(customer_id="50%_off", page_id="7")

    answer = client.get("/sandbox/", asked)
    assert [row["thread"].customer_id for row in answer.context["rows"]] == found
    assert ("Nobody like that" in content(answer)) == (not found)


def test_a_long_list_is_turned_page_by_page(client: Client, receive: Receive) -> None:
    for number in range(120):
        receive(customer_id=f"FR-{number:03}")

    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        context = client.get("/sandbox/", {"start": start}).context
        seen += [row["thread"].customer_id for row in context["rows"]]
        start = context["older"]

    assert seen == [f"FR-{number:03}" for number in reversed(range(120))]


def test_a_nonsensical_address_shows_the_first_page(client: Client, receive: Receive) -> None:
    receive()

    assert "FR-1" in content(client.get("/sandbox/", {"start": "-3", "what": "ever"}))


def test_the_phone_shows_what_was_delivered_through_the_bubble(client: Client, receive: Receive) -> None:
    PageFactory(page_id=PAGE, name="Peter's Apparel")
    receive(body=b'{"text":"It is back in stock"}')

    page = content(client.get("/sandbox/phone/", PHONE))
    phone = page.partition('class="beside"')[0]
    assert 'class="msgr-bubble msgr-text"' in phone
    assert "It is back in stock" in phone
    assert "Peter&#x27;s Apparel" in phone


def test_the_phone_hides_what_was_refused_and_the_log_shows_it(client: Client, receive: Receive) -> None:
    receive(body=b'{"text":"too much"}', status=429, delivered=False, behaviour="answer 429")

    phone, _, beside = content(client.get("/sandbox/phone/", PHONE)).partition('class="beside"')
    assert "too much" not in phone
    assert all(words in beside for words in ("too much", "429", "not on the phone"))


def test_an_empty_phone_says_that_it_waits(client: Client, store: Path) -> None:
    assert "No message yet." in content(client.get("/sandbox/phone/", PHONE))


def test_a_phone_without_a_customer_leads_to_the_list(client: Client, store: Path) -> None:
    answer = client.get("/sandbox/phone/", {"page_id": PAGE}, follow=True)

    assert answer.redirect_chain == [("/sandbox/", 302)]
    assert "Choose a customer here." in content(answer)


def test_the_time_stands_above_a_message_after_a_pause(client: Client, receive: Receive) -> None:
    for minute in (0, 1, 15, 31):
        receive(received_at=1_790_000_000 + minute * 60)

    rows = client.get("/sandbox/phone/", PHONE).context["rows"]
    assert [row.opens for row in rows] == [True, False, False, True]


def test_times_are_those_of_the_pages_site(client: Client, receive: Receive) -> None:
    LinkFactory(page=PageFactory(page_id=PAGE), site__timezone="America/New_York")
    receive(received_at=1_790_000_000)

    assert "10:13:20" in content(client.get("/sandbox/phone/", PHONE))


def test_a_long_thread_shows_its_end_and_leads_to_its_beginning(client: Client, receive: Receive) -> None:
    for number in range(60):
        receive(request_id=str(number))

    answer = client.get("/sandbox/phone/", PHONE)
    assert [row.message.request_id for row in answer.context["rows"]] == [str(n) for n in range(10, 60)]
    assert "show=200" in content(answer)
    assert len(client.get("/sandbox/phone/", PHONE | {"show": "200"}).context["rows"]) == 60


def test_nothing_new_is_answered_briefly(client: Client, receive: Receive) -> None:
    receive()

    assert live(client, after=1) == {"reset": False, "after": None, "phone": "", "log": ""}


def test_what_came_since_is_answered_ready_to_show(client: Client, receive: Receive) -> None:
    receive(body=b'{"text":"first"}')
    receive(body=b'{"text":"second"}', received_at=1_790_000_060)

    answer = live(client, after=1)
    assert (answer["after"], answer["reset"]) == (2, False)
    assert "second" in answer["phone"]
    assert "first" not in answer["phone"] + answer["log"]
    assert 'class="time"' not in answer["phone"]


def test_a_message_of_another_customer_is_not_shown(client: Client, receive: Receive) -> None:
    receive(customer_id="FR-2")

    assert live(client)["after"] is None


def test_a_cleared_thread_tells_the_phone_to_forget(client: Client, receive: Receive) -> None:
    receive()
    client.post("/sandbox/clear/", PHONE)
    assert live(client, after=1) == {"reset": True, "after": None, "phone": "", "log": ""}

    receive(body=b'{"text":"afresh"}')
    answer = live(client, after=1)
    assert (answer["reset"], answer["after"]) == (True, 2)
    assert "afresh" in answer["phone"]


def test_markup_in_a_message_stays_text(client: Client, receive: Receive) -> None:
    receive(body=b'{"text":"<script>alert(1)</script>"}', customer_id="<script>", behaviour="<script>")

    address = {"page_id": PAGE, "customer_id": "<script>"}
    fragments = client.get("/sandbox/api/thread", address).json()
    shown = fragments["phone"] + fragments["log"]
    pages = content(client.get("/sandbox/phone/", address)) + content(client.get("/sandbox/"))
    assert "<script>" not in shown + pages.replace("<script src", "")


@pytest.mark.parametrize("asked", [{}, {"page_id": "1"}, {"page_id": "1", "customer_id": "c", "after": "x"}])
def test_a_question_without_its_thread_is_refused(client: Client, store: Path, asked: dict[str, str]) -> None:
    assert client.get("/sandbox/api/thread", asked).status_code == 400


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({"page_id": PAGE, "customer_id": "FR-1"}, ["FR-2", "FR-1"]),
        ({"page_id": PAGE}, ["FR-1"]),
        ({}, []),
        ({"customerid": "FR-1"}, ["FR-1", "FR-2", "FR-1"]),
    ],
)
def test_clearing_forgets_those_that_are_named(
    client: Client, receive: Receive, store: Path, named: dict[str, str], left: list[str]
) -> None:
    receive(customer_id="FR-1")
    receive(customer_id="FR-2")
    receive(customer_id="FR-1", page_id="7")

    client.post("/sandbox/clear/", named)

    with opened(store) as connection:
        assert [message.customer_id for message in oldest(connection, Query(), 9)] == left


def test_a_telling_holds_and_is_listed_in_words(client: Client, store: Path) -> None:
    form = {"kind": "answer", "status": "503", "retry_after": "30", "customer_prefix": "instock-", "remaining": "2"}

    page = content(client.post("/sandbox/behaviour/", form, follow=True))

    assert "Answers 503, Retry-After 30" in page
    assert "instock-…" in page
    assert "2 requests left" in page
    with opened(store) as connection:
        assert [told.kind for told in load(connection)] == [Kind.ANSWER]


def test_a_telling_that_lacks_something_comes_back_complete(client: Client, store: Path) -> None:
    page = content(client.post("/sandbox/behaviour/", {"kind": "answer", "customer_prefix": "FR-"}))

    assert "Say which status it answers." in page
    assert 'value="FR-"' in page


@pytest.mark.parametrize(("named", "left"), [({"id": "1"}, 1), ({}, 0)])
def test_a_telling_is_taken_back(client: Client, store: Path, named: dict[str, str], left: int) -> None:
    for kind in ("drop", "half"):
        client.post("/sandbox/behaviour/", {"kind": kind})

    client.post("/sandbox/behaviour/remove/", named)

    with opened(store) as connection:
        assert len(load(connection)) == left


@pytest.mark.parametrize("address", ["/sandbox/clear/", "/sandbox/behaviour/remove/"])
def test_what_changes_something_is_never_a_mere_address(client: Client, store: Path, address: str) -> None:
    assert client.get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403


def test_no_page_holds_a_script_of_its_own(client: Client, receive: Receive) -> None:
    receive()

    for address in ("/sandbox/", "/sandbox/behaviour/", f"/sandbox/phone/?page_id={PAGE}&customer_id=FR-1"):
        page = content(client.get(address))
        assert page.count("<script") == page.count("<script src=")
        assert " onclick" not in page


def test_the_pages_speak_french(client: Client, receive: Receive) -> None:
    receive()

    assert '<html lang="fr">' in content(client.get("/sandbox/", headers={"accept-language": "fr"}))
