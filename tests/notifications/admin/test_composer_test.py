""" "Send a test": what stands in the form now goes out at once, or the field says why not."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Delivery
from notifications.states import Origin
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page
from pages.states import PageState
from tests.factories import LinkedPageFactory, OptInFactory, PageFactory
from tests.people import NOBODY, STRANGER, client_as
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db

TEST = reverse("admin:notifications_notification_test")
CUSTOMERS = reverse("admin:notifications_notification_customers")


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory(customer_id="instock-AB123-k45332j9i54")
    return optin


def send(client: Client, page: Page, customer_id: str, **fields: Any) -> Any:
    sent = {"text": "Back in stock", "test-page": page.pk, "test-customer_id": customer_id, **fields}
    return client.post(f"{TEST}?kind=text", sent)


def test_it_sends_what_stands_in_the_form(marketing: Client, optin: OptIn) -> None:
    assert send(marketing, optin.page, optin.customer_id).status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.optin, delivery.origin, delivery.content.as_dict()) == (
        optin,
        Origin.TEST,
        {"text": "Back in stock"},
    )


def test_the_panel_leads_to_the_delivery_and_follows_its_state(marketing: Client, optin: OptIn) -> None:
    html = send(marketing, optin.page, optin.customer_id).content.decode()
    delivery = Delivery.objects.get()
    assert reverse("admin:notifications_delivery_change", args=[delivery.pk]) in html
    state = marketing.get(reverse("admin:notifications_delivery_state", args=[delivery.pk]))
    assert reverse("admin:notifications_delivery_state", args=[delivery.pk]) in html
    assert (state.json()["state"], state.json()["final"]) == ("queued", False)


def test_a_message_that_is_not_ready_is_not_sent(marketing: Client, optin: OptIn) -> None:
    answer = send(marketing, optin.page, optin.customer_id, text="")
    assert (answer.status_code, "Nothing was sent" in answer.content.decode()) == (422, True)
    assert not Delivery.objects.exists()


def refuse(optin: OptIn, why: str) -> str:
    """Brings about one reason for a refusal; returns the customer_id to ask for."""
    page = Page.objects.filter(pk=optin.page_id)
    match why:
        case "on hold":
            page.update(state=PageState.ON_HOLD)
        case "no token":
            page.update(token="")
        case "revoked":
            OptIn.objects.filter(pk=optin.pk).update(state=OptInState.REVOKED, ended_at=timezone.now())
        case _:
            return why
    return optin.customer_id


@pytest.mark.parametrize(
    ("why", "field", "words"),
    [
        ("on hold", "id_test-page", "is on hold"),
        ("no token", "id_test-page", "has no token"),
        ("revoked", "id_test-customer_id", "active opt-in"),
        ("somebody else", "id_test-customer_id", "active opt-in"),
        ("", "id_test-customer_id", "required"),
        ("x" * 256, "id_test-customer_id", "255"),
        ("bad\u202eid", "id_test-customer_id", "invisible"),
    ],
)
def test_a_refusal_stands_at_its_field(marketing: Client, optin: OptIn, why: str, field: str, words: str) -> None:
    answer = send(marketing, optin.page, refuse(optin, why))
    assert words in read_errors(answer.content.decode()).get(field, "")
    assert (answer.status_code, Delivery.objects.count()) == (422, 0)


def test_a_page_without_a_site_is_not_offered(marketing: Client, optin: OptIn) -> None:
    answer = send(marketing, PageFactory(), optin.customer_id)
    assert "id_test-page" in read_errors(answer.content.decode())


@pytest.mark.parametrize(
    ("role", "status"), [(MARKETING, 200), (SUPPORT, 403), (ADMINISTRATORS, 403), (STRANGER, 403), (NOBODY, 302)]
)
def test_marketing_alone_sends_tests(optin: OptIn, role: str, status: int) -> None:
    assert send(client_as(role), optin.page, optin.customer_id).status_code == status
    assert Delivery.objects.exists() is (status == 200)


def test_customer_ids_of_the_page_are_suggested_by_their_beginning(marketing: Client) -> None:
    page = LinkedPageFactory()
    for customer_id in ("FR-1", "FR-2", "fr-3", "DE-1"):
        OptInFactory(page=page, customer_id=customer_id)
    OptInFactory(page=page, customer_id="FR-gone", state=OptInState.REVOKED)
    OptInFactory(customer_id="FR-elsewhere")
    answer = marketing.get(CUSTOMERS, {"page": page.pk, "q": "FR-"})
    assert answer.json() == {"customers": ["FR-1", "FR-2"]}


def test_without_a_beginning_the_last_eight_are_suggested(marketing: Client) -> None:
    page = LinkedPageFactory()
    for number in range(10):
        OptInFactory(page=page, customer_id=f"FR-{number}")
    customers = marketing.get(CUSTOMERS, {"page": page.pk}).json()["customers"]
    assert customers == [f"FR-{number}" for number in range(2, 10)]


@pytest.mark.parametrize("page", ["", "x", "-1", "9" * 30, "²"])
def test_no_page_suggests_nobody(marketing: Client, page: str) -> None:
    assert marketing.get(CUSTOMERS, {"page": page}).json() == {"customers": []}


def test_those_who_may_not_send_are_told_no_customer_ids() -> None:
    assert client_as(SUPPORT).get(CUSTOMERS, {"page": "1"}).status_code == 403


def test_a_page_that_can_send_comes_first_and_the_others_say_why_not(marketing: Client) -> None:
    LinkedPageFactory(name="Atelier", state=PageState.ON_HOLD)
    LinkedPageFactory(name="Maison")
    html = marketing.get(reverse("admin:notifications_notification_add"), {"kind": "text"}).text
    offered = re.findall(r"<option value=.*?>\s*(\w+ \(\d+\)[^<]*?)\s*</option>", html)
    assert [name.split(" (")[0] for name in offered] == ["Maison", "Atelier"]
    assert offered[1].endswith(" – On hold")
