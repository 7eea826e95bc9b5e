"""Finding deliveries: by number, by customer_id, by its beginning; to the letter."""

import pytest
from django.test import Client

from messenger_admin.roles import SUPPORT
from notifications.admin.deliveries.search import search
from notifications.models import Delivery
from tests.factories import DeliveryFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db
TEN_DIGITS = 10**10


def to(customer_id: str) -> Delivery:
    delivery: Delivery = DeliveryFactory(optin__customer_id=customer_id)
    return delivery


def found(term: str) -> list[str]:
    rows = search(Delivery.objects.all(), term).rows
    return sorted(rows.values_list("optin__customer_id", flat=True))


@pytest.mark.parametrize(
    "customer_id",
    [
        "FR-012345",
        "a/b",
        "100%",
        "under_score",
        "é-à",
        "with space",
        "quote'\"",
        "#tag",
        "star*",
        "<b>",
        "?x=1&y",
        "東京",
    ],
)
def test_a_whole_customer_id_finds_its_deliveries_and_no_others(customer_id: str) -> None:
    to(customer_id)
    to(customer_id + "-longer")
    to("somebody else")
    assert found(customer_id) == [customer_id]


@pytest.mark.parametrize(
    ("term", "ids", "hits"),
    [
        ("FR-*", ["FR-1", "FR-2", "fr-3"], ["FR-1", "FR-2"]),
        ("100%*", ["100%-a", "1000"], ["100%-a"]),
        ("a_b*", ["a_b1", "aXb2"], ["a_b1"]),
        ("é*", ["école", "ecole"], ["école"]),
        ("a/*", ["a/b", "a-b"], ["a/b"]),
        ("instock-AB123", ["instock-AB123-1", "instock-AB124-1"], ["instock-AB123-1"]),
        ("fr-1", ["FR-1"], []),
    ],
)
def test_a_beginning_finds_all_that_begin_with_it_to_the_letter(term: str, ids: list[str], hits: list[str]) -> None:
    for customer_id in ids:
        to(customer_id)
    assert found(term) == hits


def test_accents_typed_in_two_parts_find_the_same_customer() -> None:
    to("caf\u00e9")
    assert found("cafe\u0301") == ["caf\u00e9"]


def test_a_number_finds_the_delivery_with_or_without_its_sign() -> None:
    delivery = DeliveryFactory(pk=TEN_DIGITS)
    for term in (f"#{delivery.pk}", str(delivery.pk), f"  #{delivery.pk} "):
        assert list(search(Delivery.objects.all(), term).rows) == [delivery]


def test_a_number_that_is_also_a_customer_id_finds_both() -> None:
    delivery, customer = DeliveryFactory(pk=TEN_DIGITS), to(str(TEN_DIGITS))
    assert set(search(Delivery.objects.all(), str(TEN_DIGITS)).rows) == {delivery, customer}


@pytest.mark.parametrize("term", ["9" * 30, "#" + "9" * 30, "²", "x" * 300, "a\x00b", "*"])
def test_a_term_that_names_nothing_finds_no_number_and_breaks_nothing(term: str) -> None:
    to("somebody")
    assert term == "*" or found(term) == []


def test_the_search_is_widened_only_when_nobody_has_the_whole_id() -> None:
    to("FR-1")
    assert search(Delivery.objects.all(), "FR-1").prefix == ""
    assert search(Delivery.objects.all(), "FR-*").prefix == ""
    assert search(Delivery.objects.all(), "FR-").prefix == "FR-"
    assert search(Delivery.objects.all(), "DE-").prefix == ""


def test_a_beginning_of_too_many_is_followed_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.admin.deliveries.search.MOST_CUSTOMERS", 2)
    for number in range(3):
        to(f"FR-{number}")
    followed = search(Delivery.objects.all(), "FR-*")
    assert followed.partial
    assert followed.rows.count() == 2


# --- On the screen --------------------------------------------------------------------------------------------


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def listed(client: Client, **query: str) -> str:
    return client.get("/admin/notifications/delivery/", query).content.decode()


def test_a_widened_search_says_so(support: Client) -> None:
    to("FR-012345")
    shown = listed(support, q="FR-01")
    assert "Nobody has exactly this customer_id" in shown
    assert "FR-012345" in shown


def test_a_search_that_had_to_stop_says_so(support: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.admin.deliveries.search.MOST_CUSTOMERS", 1)
    to("FR-1")
    to("FR-2")
    assert "Type more of it" in listed(support, q="FR-*")


def test_an_empty_answer_says_what_to_try(support: Client) -> None:
    to("FR-012345")
    assert "End it with * to find all that begin with it" in listed(support, q="nobody")


def test_an_empty_ledger_says_what_will_be_here(support: Client) -> None:
    assert "Nothing has been sent yet" in listed(support)


def test_a_term_is_shown_as_text(support: Client) -> None:
    assert "<script>alert" not in listed(support, q="<script>alert(1)</script>")
