"""`manage.py erase_person`: says what would go, asks, erases once, and does no harm twice."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import DeliveryState
from optins.models import OptIn, Suppression
from optins.states import OptInState
from pages.models import AuditEntry, Erased
from tests.factories import OptInFactory
from tests.support.known import ID, PSID
from tests.support.person import WORDS, columns_with, everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    return everywhere()


def run(optin: OptIn, *options: str) -> str:
    out = io.StringIO()
    call_command("erase_person", "--page", optin.page.page_id, *options, stdout=out)
    return out.getvalue()


def answering(monkeypatch: Any, said: str) -> None:
    monkeypatch.setattr("builtins.input", lambda: said)


def test_it_says_what_would_go_before_it_asks(optin: OptIn, monkeypatch: Any) -> None:
    answering(monkeypatch, "no")
    out = io.StringIO()

    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", "--page", optin.page.page_id, "--psid", PSID, stdout=out)

    said = out.getvalue()
    for words in (ID, PSID, "6  Deliveries", "1  Messages of the conversation", "nobody can erase it from here"):
        assert words in said
    assert OptIn.objects.get(pk=optin.pk).state == OptInState.ACTIVE


def test_without_a_terminal_nobody_said_yes(optin: OptIn, monkeypatch: Any) -> None:
    def nobody() -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="Nothing was erased"):
        run(optin, "--psid", PSID)


@pytest.mark.parametrize("whom", [("--psid", PSID), ("--customer-id", ID)])
def test_after_a_yes_nothing_knows_the_person(optin: OptIn, monkeypatch: Any, whom: tuple[str, str]) -> None:
    answering(monkeypatch, " YES ")

    assert "Erased." in run(optin, *whom)

    from optins.models import Refusal

    Refusal.objects.filter(customer_id=f"{ID}7").delete()
    assert columns_with(WORDS) == set()


@pytest.mark.parametrize("whom", [("--psid", PSID), ("--customer-id", ID)])
def test_a_second_time_finds_nothing_and_does_no_harm(optin: OptIn, whom: tuple[str, str]) -> None:
    run(optin, *whom, "--yes")
    before = (Suppression.objects.count(), Erased.objects.count())

    again = run(optin, *whom, "--yes")

    assert "Nothing was known" in again
    assert (Suppression.objects.count(), Erased.objects.count()) == before


def test_by_a_customer_id_the_other_ids_of_the_same_person_stay(optin: OptIn) -> None:
    second = OptInFactory(page=optin.page, customer_id="order-7", recipient=optin.recipient)

    said = run(optin, "--customer-id", ID, "--yes")

    assert "PSID" not in said
    assert "Messages of the conversation" not in said
    second.refresh_from_db()
    assert second.state == OptInState.ACTIVE


def test_it_is_written_down(optin: OptIn) -> None:
    run(optin, "--psid", PSID, "--yes")

    assert AuditEntry.objects.get(action="person.erased").actor is None


def test_while_a_message_is_leaving_it_says_what_to_do(optin: OptIn) -> None:
    row = Delivery.objects.get(thread__psid=PSID)
    leaving = {"state": DeliveryState.DISPATCHING, "fence": 1, "dispatch_started_at": timezone.now()}
    Delivery.objects.filter(pk=row.pk).update(**leaving)

    with pytest.raises(CommandError, match="ask again in some seconds"):
        run(optin, "--psid", PSID, "--yes")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--psid", "Marguerite"), "A PSID is a number"),
        (("--psid", ""), "A PSID is a number"),
        (("--customer-id", " "), "Give a customer_id"),
        (("--customer-id", "x" * 256), "255 characters"),
        ((), "one of the arguments"),
        (("--psid", "1", "--customer-id", "2"), "not allowed with"),
    ],
)
def test_what_was_mistyped_is_said(optin: OptIn, options: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(optin, *options, "--yes")


def test_a_page_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="no page with the id 1"):
        call_command("erase_person", "--page", "1", "--psid", "2", "--yes")
