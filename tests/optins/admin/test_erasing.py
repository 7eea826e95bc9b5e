"""Erasing a customer in the admin: who may, what is asked first, and what is left."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.states import DeliveryState
from optins.models import OptIn
from optins.services import Agreement, agree
from optins.states import OptInState, Source
from pages.models import AuditEntry
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    agreement = Agreement(source=Source.BUTTON, evidence={"url": "https://shop.example/cart"})
    return agree(page=LinkedPageFactory(), customer_id="Zoé/42", agreement=agreement, now=timezone.now())


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def url(name: str, optin: OptIn) -> str:
    return reverse(f"admin:optins_optin_{name}", args=[optin.pk])


def erase(client: Client, optin: OptIn, typed: str, *, follow: bool = True) -> str:
    return client.post(url("erase", optin), {"typed": typed}, follow=follow).content.decode()


@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_those_who_may_erase_after_typing_the_customer_id(optin: OptIn, role: str) -> None:
    text = erase(client_as(role), optin, "Zoé/42")

    optin.refresh_from_db()
    assert (optin.state, optin.events.count()) == (OptInState.ERASED, 0)
    assert "Zoé" not in optin.customer_id
    assert "names nobody" in text


def test_marketing_may_not_and_is_not_offered_it(optin: OptIn) -> None:
    marketing = client_as(MARKETING)

    assert marketing.post(url("erase", optin), {"typed": "Zoé/42"}).status_code == 403
    assert url("erase", optin) not in marketing.get(url("change", optin)).content.decode()
    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE


def test_the_question_names_what_is_forgotten_and_that_it_cannot_be_undone(support: Client, optin: OptIn) -> None:
    text = support.get(url("erase", optin)).content.decode()

    for words in ("Zoé/42", "the attributes, and the proof of the agreement", "its conversation", "be undone"):
        assert words in text
    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Type the customer_id to confirm."), ("zoé/42", "another customer_id"), ("yes", "another customer_id")],
)
def test_nothing_is_erased_before_the_id_is_typed_to_the_letter(
    support: Client, optin: OptIn, typed: str, words: str
) -> None:
    assert words in erase(support, optin, typed)

    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE


def test_the_id_may_be_typed_in_another_composition(support: Client, optin: OptIn) -> None:
    erase(support, optin, " Zoe\u0301/42 ")

    optin.refresh_from_db()
    assert optin.state == OptInState.ERASED


def test_the_audit_says_who_erased_and_not_whom(support: Client, optin: OptIn) -> None:
    erase(support, optin, "Zoé/42")

    entry = AuditEntry.objects.get(action="optin.erased")
    assert entry.actor == support.get(url("change", optin)).wsgi_request.user
    assert entry.subject == f"optins.optin:{optin.pk}"
    assert "Zoé" not in str(entry.detail)


def test_while_a_message_is_leaving_it_is_said_to_ask_again(support: Client, optin: OptIn) -> None:
    DeliveryFactory(optin=optin, state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=timezone.now())

    assert "A message is leaving this instant" in erase(support, optin, "Zoé/42")

    optin.refresh_from_db()
    assert optin.state == OptInState.REVOKED


def test_an_erased_customer_is_offered_nothing_more(support: Client, optin: OptIn) -> None:
    erase(support, optin, "Zoé/42")

    text = support.get(url("change", optin)).content.decode()
    assert [name for name in ("erase", "revoke", "agree_again", "describe") if url(name, optin) in text] == []
    assert "erased already" in erase(support, optin, "Zoé/42")


def test_an_erased_customer_has_a_page_that_says_so(support: Client) -> None:
    optin = OptInFactory(state=OptInState.ERASED, customer_id="erased-0123")

    text = support.get(url("change", optin)).content.decode()

    assert "was erased" in text
    assert "ma-state-erased" in text
