"""Opt-ins through the API: told by a system, and who may do what with them."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient
from optins.services import Agreement, agree, revoke
from optins.states import Lifetime, OptInState, Source
from pages.models import Page
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory
from tests.support.api import Caller, secret_for

pytestmark = pytest.mark.django_db

EVIDENCE = {"form": "https://shop.example/account", "wording": "Tell me on Messenger"}


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory()
    return page


@pytest.fixture
def caller(page: Page) -> Caller:
    return Caller(secret_for(page))


def optins_of(page: Page, customer_id: str | None = None, act: str = "") -> str:
    own = "" if customer_id is None else f"/{quote(customer_id, safe='')}"
    return f"/v1/pages/{page.page_id}/optins{own}{act}"


def tell(caller: Caller, page: Page, customer_id: str = "FR-1", **facts: Any) -> Any:
    return caller.post(optins_of(page), json.dumps({"customer_id": customer_id, "evidence": EVIDENCE, **facts}))


def kinds(optin: OptIn) -> list[str]:
    return list(ConsentEvent.objects.filter(optin=optin).order_by("pk").values_list("kind", flat=True))


# --- Telling of an agreement ----------------------------------------------------------------------------------


def test_an_agreement_that_is_told_becomes_an_opt_in_with_its_proof(caller: Caller, page: Page) -> None:
    answer = tell(caller, page, " FR-1 ", attributes={"first_name": "Marie", "points": 12, "rate": 4.5})

    assert answer.status_code == 201, answer.content
    optin = OptIn.objects.get()
    assert (optin.customer_id, optin.source, optin.state) == ("FR-1", Source.API, OptInState.ACTIVE)
    assert optin.attributes == {"first_name": "Marie", "points": 12, "rate": 4.5}
    assert ConsentEvent.objects.get().evidence == {"source": "api", "api_token": "shop", **EVIDENCE}
    assert answer["Location"] == answer.json()["data"]["_link"] == optins_of(page, "FR-1")


def test_evidence_may_be_a_text(caller: Caller, page: Page) -> None:
    assert tell(caller, page, evidence="By phone, on Monday").status_code == 201
    assert ConsentEvent.objects.get().evidence["note"] == "By phone, on Monday"


def test_what_is_told_twice_was_agreed_once(caller: Caller, page: Page) -> None:
    tell(caller, page)
    before = OptIn.objects.values().get()

    answer = tell(caller, page)

    assert answer.status_code == 200
    assert OptIn.objects.values().get() == before
    assert kinds(OptIn.objects.get()) == [ConsentKind.GRANTED]


def test_another_proof_renews_the_agreement(caller: Caller, page: Page) -> None:
    tell(caller, page)

    assert tell(caller, page, evidence="Agreed once more").status_code == 200
    assert kinds(OptIn.objects.get()) == [ConsentKind.GRANTED, ConsentKind.RENEWED]


def test_attributes_are_added_to_those_that_are_known(caller: Caller, page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1", attributes={"first_name": "Marie", "town": "Lyon"})

    answer = tell(caller, page, attributes={"town": "Lille"})

    assert answer.json()["data"]["attributes"] == {"first_name": "Marie", "town": "Lille"}


@pytest.mark.parametrize("customer_id", ["a/b", "Ünïcode ☂", "50%", "a?b#c", "x/revoke", "revoke"])
def test_an_id_may_hold_anything(caller: Caller, page: Page, customer_id: str) -> None:
    link = tell(caller, page, customer_id).json()["data"]["_link"]

    answer = caller.get(link)

    assert (answer.status_code, answer.json()["data"]["customer_id"]) == (200, customer_id)
    assert caller.post(link + "/revoke", "").json()["data"]["state"] == "revoked"
    assert caller.call("PATCH", link, '{"attributes": {"town": "Lyon"}}').status_code == 200
    assert caller.call("DELETE", link).status_code == 204


@pytest.mark.parametrize(("customer_id", "facts", "lifetime"), [
    ("FR-1", {}, Lifetime.DURABLE),
    ("instock-AB123-k4", {}, Lifetime.TEMPORARY),
    ("order-7", {"lifetime": "temporary"}, Lifetime.TEMPORARY),
])  # fmt: skip
def test_the_lifetime_is_told_or_follows_from_the_id(
    caller: Caller, page: Page, customer_id: str, facts: dict[str, str], lifetime: Lifetime
) -> None:
    tell(caller, page, customer_id, **facts)

    assert OptIn.objects.get().lifetime == lifetime


def test_a_temporary_agreement_may_end(caller: Caller, page: Page) -> None:
    answer = tell(caller, page, lifetime="temporary", expires_at="2126-11-27T18:00:00+01:00")

    assert answer.json()["data"]["expires_at"] == "2126-11-27T17:00:00+00:00"


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"customer_id": "  "}, "customer_id", "empty"),
    ({"customer_id": "x" * 300}, "customer_id", "too_long"),
    ({"customer_id": 7}, "customer_id", "not_text"),
    ({"evidence": " "}, "evidence", "bad_evidence"),
    ({"evidence": {}}, "evidence", "bad_evidence"),
    ({"evidence": ["yes"]}, "evidence", "bad_evidence"),
    ({"evidence": True}, "evidence", "bad_evidence"),
    ({"evidence": {"source": "button"}}, "evidence", "bad_evidence"),
    ({"evidence": {"form": ""}}, "evidence.form", "bad_evidence"),
    ({"evidence": "x" * 2001}, "evidence", "bad_evidence"),
    ({"lifetime": "for ever"}, "lifetime", "unknown_choice"),
    ({"lifetime": "temporary", "expires_at": "tomorrow"}, "expires_at", "no_instant"),
    ({"lifetime": "temporary", "expires_at": "2126-11-27T18:00:00"}, "expires_at", "no_instant"),
    ({"lifetime": "temporary", "expires_at": "2126-13-27T18:00:00Z"}, "expires_at", "no_instant"),
    ({"lifetime": "temporary", "expires_at": "2020-11-27T18:00:00Z"}, "expires_at", "time_passed"),
    ({"expires_at": "2126-11-27T18:00:00Z"}, "expires_at", "durable"),
    ({"attributes": {"First": "Marie"}}, "attributes.First", "name"),
    ({"attributes": {"first_name": ["Marie"]}}, "attributes.first_name", "value"),
    ({"attributes": {f"n{n}": "x" for n in range(60)}}, "attributes", "too_many"),
    ({"psid": "abc"}, "psid", "not_accepted"),
    ({"surname": "Dupont"}, "surname", "unknown_key"),
]


@pytest.mark.parametrize(("facts", "field", "code"), REFUSED)
def test_what_is_wrong_is_named_with_its_place(
    caller: Caller, page: Page, facts: dict[str, Any], field: str, code: str
) -> None:
    answer = tell(caller, page, **{"customer_id": "FR-1", **facts})

    assert answer.status_code == 422, answer.content
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


def test_evidence_is_required(caller: Caller, page: Page) -> None:
    answer = caller.post(optins_of(page), '{"customer_id": "FR-1"}')

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "evidence")
    assert not OptIn.objects.exists()


def test_an_id_of_another_person_is_refused_and_the_conflict_kept(caller: Caller, page: Page) -> None:
    person = RecipientFactory(page=page)
    held = agree(
        page=page,
        customer_id="FR-1",
        agreement=Agreement(source=Source.BUTTON, recipient=person),
        now=timezone.now(),
    )

    answer = tell(caller, page, psid="12345")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "held_by_another")
    assert kinds(held) == [ConsentKind.GRANTED, ConsentKind.CONFLICT]
    assert tell(caller, page, psid=person.psid).status_code == 200


def test_no_system_takes_a_withdrawal_back(caller: Caller, page: Page) -> None:
    optin = OptInFactory(page=page, customer_id="FR-1")
    revoke(optin=optin, actor=None, now=timezone.now(), evidence={"keyword": "STOP"})

    answer = tell(caller, page, psid="12345")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "opted_out")
    optin.refresh_from_db()
    assert optin.state == OptInState.REVOKED
    assert not Recipient.objects.exists()


def test_an_agreement_that_is_over_may_be_given_anew(caller: Caller, page: Page) -> None:
    optin = OptInFactory(page=page, customer_id="order-7", state=OptInState.EXPIRED, ended_at=timezone.now())

    assert tell(caller, page, "order-7").json()["data"]["state"] == "active"
    assert kinds(optin) == [ConsentKind.RENEWED]


# --- Who may ------------------------------------------------------------------------------------------------

CALLS = [
    ("GET", "", "optins:write"),
    ("POST", "", "optins:read"),
    ("GET", "/FR-1", "optins:write"),
    ("PATCH", "/FR-1", "optins:read"),
    ("DELETE", "/FR-1", "optins:read"),
    ("POST", "/FR-1/revoke", "optins:read"),
    ("GET", "/FR-1/revoke", "optins:write"),
    ("PATCH", "/FR-1/revoke", "optins:read"),
    ("DELETE", "/FR-1/revoke", "optins:read"),
]
BODY = json.dumps({"customer_id": "FR-1", "evidence": "By phone"})


@pytest.mark.parametrize(("method", "path", "other_scope"), CALLS)
def test_each_call_needs_its_scope_and_its_page(method: str, path: str, other_scope: str) -> None:
    optin = OptInFactory(customer_id="FR-1")
    other = LinkedPageFactory()
    address = optins_of(optin.page) + path
    body = BODY if method == "POST" and not path else ""

    def status(secret: str, at: str = address) -> int:
        return int(Caller(secret).call(method, at, body).status_code)

    assert status("") == 401
    assert status(secret_for(optin.page, scopes=(other_scope,))) == 403
    assert status(secret_for(other)) == 403
    assert status(secret_for(optin.page), "/v1/pages/99999999/optins" + path) == 404


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/revoke")])
def test_an_id_that_nobody_holds_is_not_found(caller: Caller, page: Page, method: str, path: str) -> None:
    OptInFactory(customer_id="FR-1")

    answer = caller.call(method, optins_of(page, "FR-1", path), "{}" if method == "PATCH" else "")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "customer_unknown")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/revoke")])
def test_an_address_without_a_possible_id_is_malformed(caller: Caller, page: Page, method: str, path: str) -> None:
    answer = caller.call(method, optins_of(page, "a\tb", path), "{}")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unprintable")


def test_a_refusal_is_told_in_the_callers_language(caller: Caller, page: Page) -> None:
    answer = caller.get(optins_of(page, "FR-1"), **{"Accept-Language": "fr"})

    assert answer.json()["meta"]["message"].startswith("Personne")
