"""Opt-ins in the admin: found to the letter, ended with a question, taken up again only with evidence."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import MARKETING, SUPPORT
from optins.admin.forms import StaffOptInForm
from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.services import Agreement, HeldByAnother, agree, erase
from optins.states import Lifetime, OptInState, Source
from pages.models import Page
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:optins_optin_changelist")
ADD = reverse("admin:optins_optin_add")


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def url(name: str, optin: OptIn) -> str:
    return reverse(f"admin:optins_optin_{name}", args=[optin.pk])


def found(client: Client, query: Mapping[str, str]) -> set[str]:
    return {optin.customer_id for optin in client.get(LIST, query).context["cl"].result_list}


def entry(page: Page, **changes: object) -> Mapping[str, object]:
    return {
        "page": page.pk,
        "customer_id": "FR-012345",
        "lifetime": "",
        "expires_at": "",
        "note": "Asked for it on the phone, ticket 77.",
        **changes,
    }


def errors(response: object) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]  # a rendered admin form


IDS = ["FR-012345", "FR-0123456", "fr-012345", "instock-AB123-k45332j9i54", "100%", "100_", "a/b?c#d", "Zoé"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("FR-012345", {"FR-012345", "FR-0123456"}),
        ("fr-", {"fr-012345"}),
        ("instock-AB123-", {"instock-AB123-k45332j9i54"}),
        ("100%", {"100%"}),
        ("100_", {"100_"}),
        ("a/b?", {"a/b?c#d"}),
        ("  Zo\u0065\u0301 ", {"Zoé"}),
        ("012345", set()),
        ("a b", set()),
    ],
)
def test_search_finds_the_whole_id_or_its_beginning(support: Client, term: str, expected: set[str]) -> None:
    page = LinkedPageFactory()
    for customer_id in IDS:
        OptInFactory(page=page, customer_id=customer_id)
    assert found(support, {"q": term}) == expected


def test_the_list_narrows_by_page_state_lifetime_and_source(support: Client) -> None:
    active = OptInFactory()
    revoked = OptInFactory(state=OptInState.REVOKED, lifetime=Lifetime.TEMPORARY, source=Source.API)
    assert found(support, {"state__exact": "revoked"}) == {revoked.customer_id}
    assert found(support, {"lifetime__exact": "durable"}) == {active.customer_id}
    assert found(support, {"source__exact": "api"}) == {revoked.customer_id}
    assert found(support, {"page__id__exact": str(active.page.pk)}) == {active.customer_id}


def test_the_list_narrows_to_ids_that_a_second_person_claimed(support: Client) -> None:
    OptInFactory()
    claimed = OptInFactory(recipient=RecipientFactory())
    another = Agreement(source=Source.BUTTON, recipient=RecipientFactory(page=claimed.page))
    with pytest.raises(HeldByAnother):
        agree(page=claimed.page, customer_id=claimed.customer_id, agreement=another, now=timezone.now())
    assert found(support, {"conflict": "yes"}) == {claimed.customer_id}


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three_and_counts_nothing(support: Client) -> None:
    page = LinkedPageFactory()
    OptInFactory.create_batch(3, page=page, recipient=RecipientFactory(page=page))
    support.get(LIST)
    with CaptureQueriesContext(connection) as few:
        support.get(LIST)
    OptInFactory.create_batch(27, page=page)
    with CaptureQueriesContext(connection) as many:
        support.get(LIST)
    assert len(many) == len(few)
    assert not [query["sql"] for query in many if "COUNT(" in query["sql"] and "optins_optin" in query["sql"]]


def test_an_expiry_that_has_passed_is_said_before_the_sweep_writes_it_down(support: Client) -> None:
    optin = OptInFactory(lifetime=Lifetime.TEMPORARY, expires_at=timezone.now() - timedelta(minutes=1))
    assert "Expired" in support.get(url("change", optin)).content.decode()


def test_the_detail_tells_the_agreements_history_with_its_proof(support: Client) -> None:
    optin = agree(
        page=LinkedPageFactory(),
        customer_id="FR-1",
        agreement=Agreement(source=Source.BUTTON, evidence={"url": "https://shop.example/cart"}),
        now=timezone.now(),
    )
    text = support.get(url("change", optin)).content.decode()
    assert "https://shop.example/cart" in text
    assert "Agreed" in text


def test_evidence_is_shown_as_text(support: Client) -> None:
    optin = agree(
        page=LinkedPageFactory(),
        customer_id="<b>FR</b>",
        agreement=Agreement(source=Source.API, evidence={"note": "<script>alert(1)</script>"}),
        now=timezone.now(),
    )
    text = support.get(url("change", optin)).content.decode()
    assert "<script>alert" not in text
    assert "<b>FR" not in text


def test_the_detail_names_the_other_ids_of_the_same_person(support: Client) -> None:
    recipient = RecipientFactory()
    one = OptInFactory(page=recipient.page, recipient=recipient)
    other = OptInFactory(page=recipient.page, recipient=recipient, customer_id="order/77")
    stranger = OptInFactory(page=recipient.page, customer_id="somebody-else")
    text = support.get(url("change", one)).content.decode()
    assert other.customer_id in text
    assert stranger.customer_id not in text


def test_an_id_is_shown_to_the_letter(support: Client) -> None:
    text = support.get(url("change", OptInFactory(customer_id="instock-AB123-x"))).content.decode()
    assert "Instock-AB123-x" not in text


def test_what_was_sent_is_one_link_away_whatever_the_id(support: Client) -> None:
    text = support.get(url("change", OptInFactory(customer_id="a/b?c&d=é"))).content.decode()
    assert "?q=a%2Fb%3Fc%26d%3D%C3%A9" in text


def test_revoking_asks_first(support: Client) -> None:
    optin = OptInFactory(customer_id="FR-7")
    response = support.get(url("revoke", optin))
    assert "Revoke the opt-in of “FR-7”" in response.content.decode()
    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE


def test_revoking_ends_it_at_once_and_says_who_did(support: Client) -> None:
    optin = OptInFactory()
    support.post(url("revoke", optin))
    optin.refresh_from_db()
    assert optin.state == OptInState.REVOKED
    event = ConsentEvent.objects.get(optin=optin)
    assert (event.kind, event.actor_id) == (ConsentKind.REVOKED, int(support.session["_auth_user_id"]))


def test_revoking_twice_says_so_and_writes_nothing(support: Client) -> None:
    optin = OptInFactory(state=OptInState.REVOKED)
    response = support.post(url("revoke", optin), follow=True)
    assert "It was revoked already." in response.content.decode()
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    ("state", "offered", "hidden"),
    [
        (OptInState.ACTIVE, "/revoke/", "/agree-again/"),
        (OptInState.REVOKED, "/agree-again/", "/revoke/"),
    ],
)
def test_only_what_can_be_done_is_offered(support: Client, state: OptInState, offered: str, hidden: str) -> None:
    text = support.get(url("change", OptInFactory(state=state))).content.decode()
    assert offered in text
    assert hidden not in text


def test_a_revoked_customer_agrees_again_only_with_evidence(support: Client) -> None:
    optin = OptInFactory(state=OptInState.REVOKED)
    response = support.post(url("agree_again", optin), {"note": ""})
    assert response.context["form"].errors["note"]
    optin.refresh_from_db()
    assert optin.state == OptInState.REVOKED


def test_the_evidence_of_a_new_agreement_is_kept(support: Client) -> None:
    recipient = RecipientFactory()
    optin = OptInFactory(state=OptInState.REVOKED, page=recipient.page, recipient=recipient)
    support.post(url("agree_again", optin), {"note": "Letter of 3 May"})
    optin.refresh_from_db()
    assert (optin.state, optin.recipient) == (OptInState.ACTIVE, recipient)
    event = ConsentEvent.objects.get(optin=optin)
    assert (event.kind, event.evidence["note"]) == (ConsentKind.RENEWED, "Letter of 3 May")
    assert event.actor_id == int(support.session["_auth_user_id"])


def test_staff_add_an_agreement_with_its_evidence(support: Client) -> None:
    page = LinkedPageFactory()
    support.post(ADD, entry(page))
    optin = OptIn.objects.get()
    assert (optin.customer_id, optin.source, optin.lifetime) == ("FR-012345", Source.STAFF, Lifetime.DURABLE)
    assert ConsentEvent.objects.get().evidence["note"] == "Asked for it on the phone, ticket 77."


def test_a_stock_alert_is_temporary_unless_it_is_said(support: Client) -> None:
    support.post(ADD, entry(LinkedPageFactory(), customer_id="instock-AB123-k45332j9i54"))
    assert OptIn.objects.get().lifetime == Lifetime.TEMPORARY


def test_adding_without_evidence_is_refused(support: Client) -> None:
    assert errors(support.post(ADD, entry(LinkedPageFactory(), note=" ")))["note"]
    assert not OptIn.objects.exists()


@pytest.mark.parametrize(
    ("customer_id", "word"), [("", "required"), ("  ", "empty"), ("x" * 256, "255"), ("a\u200bb", "invisible")]
)
def test_an_id_that_breaks_the_rules_is_refused_at_its_field(support: Client, customer_id: str, word: str) -> None:
    response = support.post(ADD, entry(LinkedPageFactory(), customer_id=customer_id))
    assert word in errors(response)["customer_id"][0]


@pytest.mark.parametrize(("state", "word"), [(OptInState.ACTIVE, "already"), (OptInState.REVOKED, "Agreed again")])
def test_an_id_that_is_known_on_the_page_is_refused_at_its_field(support: Client, state: OptInState, word: str) -> None:
    known = OptInFactory(customer_id="FR-012345", state=state)
    assert word in errors(support.post(ADD, entry(known.page)))["customer_id"][0]
    known.refresh_from_db()
    assert known.state == state


def test_staff_opt_in_nobody_who_was_erased(support: Client) -> None:
    optin = OptInFactory(customer_id="FR-1")
    erase(optin=optin, actor=None, now=timezone.now())

    response = support.post(ADD, entry(optin.page, customer_id="FR-1"))

    assert "was erased" in errors(response)["customer_id"][0]
    assert OptIn.objects.get().state == OptInState.ERASED


def test_nothing_is_done_to_what_is_left_of_who_was_erased(support: Client) -> None:
    optin = OptInFactory(customer_id="FR-1")
    erase(optin=optin, actor=None, now=timezone.now())

    page = support.get(url("change", optin)).content.decode()
    support.post(url("agree_again", optin), {"note": "Letter of 3 May"})

    assert not any(act in page for act in ("/revoke/", "/agree-again/", "/attributes/"))
    assert "FR-1" not in page
    assert OptIn.objects.get().state == OptInState.ERASED
    assert not ConsentEvent.objects.exists()


def test_the_same_id_may_agree_on_another_page(support: Client) -> None:
    OptInFactory(customer_id="FR-012345")
    support.post(ADD, entry(LinkedPageFactory()))
    assert OptIn.objects.filter(customer_id="FR-012345").count() == 2


def test_a_conflict_that_appears_while_saving_is_shown_at_the_field(
    support: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = LinkedPageFactory()
    readings: list[StaffOptInForm] = []

    def overtaken(**_facts: object) -> OptIn:
        raise HeldByAnother(OptIn(customer_id="FR-012345"))

    def meanwhile(form: StaffOptInForm, *_args: object) -> None:
        """At the first reading nobody holds the id; at the second, somebody does."""
        readings.append(form)
        if len(readings) > 1:
            form.add_error("customer_id", "Held.")

    monkeypatch.setattr("optins.admin.optin.agree", overtaken)
    monkeypatch.setattr(StaffOptInForm, "_refuse_known", meanwhile)
    assert errors(support.post(ADD, entry(page)))["customer_id"] == ["Held."]


def test_a_durable_agreement_has_no_end(support: Client) -> None:
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = support.post(ADD, entry(LinkedPageFactory(), lifetime="durable", expires_at=tomorrow))
    assert "durable" in errors(response)["expires_at"][0]


def test_a_temporary_agreement_ends_in_the_future(support: Client) -> None:
    page = LinkedPageFactory()
    assert errors(support.post(ADD, entry(page, lifetime="temporary", expires_at="2020-01-01T10:00")))["expires_at"]
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    support.post(ADD, entry(page, lifetime="temporary", expires_at=tomorrow))
    expires_at = OptIn.objects.get().expires_at
    assert expires_at is not None
    assert expires_at > timezone.now()


def test_marketing_looks_and_changes_nothing() -> None:
    marketing, optin = client_as(MARKETING), OptInFactory()
    assert marketing.get(url("change", optin)).status_code == 200
    assert marketing.post(url("revoke", optin)).status_code == 403
    assert marketing.post(url("agree_again", optin), {"note": "x"}).status_code == 403
    assert marketing.post(ADD, entry(optin.page)).status_code == 403
