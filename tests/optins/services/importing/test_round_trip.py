"""What an export writes an import reads: the same agreements on an empty page, and nothing new on their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from optins import attributes, customer_ids
from optins.models import OptIn
from optins.services import Agreement, agree, revoke
from optins.services.exporting import Chosen, export
from optins.states import ImportState, Lifetime, OptInState, Purpose, Source
from pages.models import Page
from tests.factories import LinkedPageFactory, RecipientFactory
from tests.optins.services.importing.files import counts, done, refusals

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 1, 12, 34, 56, 789_012, tzinfo=UTC)
LATER = timezone.now() + timedelta(days=3_000)
COMPARED = ("customer_id", "recipient__psid", "agreed_at", "expires_at", "purpose", "lifetime", "used_up", "attributes")


def file_of(page: Page, delimiter: str = ",") -> bytes:
    chosen = Chosen(rows=OptIn.objects.all(), delimiter=delimiter)
    return "".join(export(page=page, chosen=chosen, actor=None, now=timezone.now())).encode()


def agreements(page: Page) -> list[dict[str, Any]]:
    rows = OptIn.objects.filter(page=page, state=OptInState.ACTIVE)
    return list(rows.order_by("customer_id").values(*COMPARED))


def give(page: Page, customer_id: str, known: dict[str, object] | None = None, **facts: Any) -> OptIn:
    given = {"source": Source.API, "evidence": {"note": "by phone, “yes”;\nthen again"}, **facts}
    optin = agree(page=page, customer_id=customer_id, agreement=Agreement(**given), now=NOW)
    OptIn.objects.filter(pk=optin.pk).update(attributes=known or {})
    return optin


@pytest.fixture
def page() -> Page:
    found: Page = LinkedPageFactory()
    give(found, "FR-1", known={"first_name": "Zoé", "points": "3"})
    give(found, "=1+1", known={"first_name": "'@SUM(A1)", "note": "-1"})
    give(found, "'+33 6", known={"note": 'a;b,"c"\nd\n'})
    give(found, "order-1", purpose=Purpose.TRANSACTIONAL, lifetime=Lifetime.TEMPORARY, expires_at=LATER)
    give(found, "instock-AB123-k4", purpose=Purpose.ALERT, lifetime=Lifetime.TEMPORARY, used_up=True)
    give(found, "known", recipient=RecipientFactory(page=found, psid="7001"))
    return found


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_another_page_gets_the_same_agreements(page: Page, delimiter: str) -> None:
    other: Page = LinkedPageFactory()
    of = done(other, file_of(page, delimiter), proof="")
    assert (of.state, counts(of), refusals(of)) == (ImportState.DONE, {"fresh": 6}, [])
    assert agreements(other) == agreements(page)


def test_the_proof_goes_with_them(page: Page) -> None:
    other: Page = LinkedPageFactory()
    done(other, file_of(page), proof="")
    evidence = OptIn.objects.get(page=other, customer_id="FR-1").events.get().evidence
    assert evidence["proof"] == {"source": "api", "note": "by phone, “yes”;\nthen again"}


def test_on_their_own_page_nothing_changes(page: Page) -> None:
    before = agreements(page), list(OptIn.objects.order_by("pk").values("pk", "source", "state"))
    of = done(page, file_of(page), proof="")
    assert counts(of) == {"known": 6}
    assert (agreements(page), list(OptIn.objects.order_by("pk").values("pk", "source", "state"))) == before
    assert {optin.events.count() for optin in OptIn.objects.all()} == {1}


def test_agreements_that_are_over_do_not_come_back_on_another_page(page: Page) -> None:
    revoke(optin=OptIn.objects.get(customer_id="FR-1"), actor=None, now=timezone.now(), evidence={})
    other: Page = LinkedPageFactory()
    of = done(other, file_of(page), proof="")
    assert counts(of) == {"fresh": 5, "refused": 1}
    assert refusals(of) == [(2, "not_active")]
    assert not OptIn.objects.filter(page=other, customer_id="FR-1").exists()


def ids() -> st.SearchStrategy[str]:
    cells = st.text(alphabet=st.sampled_from("'=+-@;,\"a é\t"), min_size=1, max_size=6) | st.text(max_size=20)
    return cells.filter(is_id).map(customer_ids.parse)


def is_id(said: str) -> bool:
    try:
        return bool(customer_ids.parse(said))
    except customer_ids.CustomerIdError:
        return False


def values() -> st.SearchStrategy[str]:
    cells = st.text(alphabet=st.sampled_from("'=+-@;,\"a é\n"), max_size=6) | st.text(max_size=20)
    return cells.filter(is_value)


def is_value(said: str) -> bool:
    try:
        attributes.check({"x": said})
    except attributes.AttributeProblem:
        return False
    return True


@pytest.fixture
def pages() -> list[Page]:
    return [LinkedPageFactory() for _ in range(2)]


@given(rows=st.dictionaries(ids(), values(), min_size=1, max_size=3), delimiter=st.sampled_from(",;\t"))
@example(rows={"'=1": "''-1"}, delimiter=";")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_ids_and_values_are(pages: list[Page], rows: dict[str, str], delimiter: str) -> None:
    OptIn.objects.all().delete()
    one, other = pages
    for customer_id, value in rows.items():
        give(one, customer_id, known={"x": value})
    of = done(other, file_of(one, delimiter), proof="")
    assert refusals(of) == []
    assert agreements(other) == agreements(one)
