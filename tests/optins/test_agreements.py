"""Giving an agreement and taking it back."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.querysets import OptInQuerySet
from optins.services import Agreement, HeldByAnother, TakenBack, agree, ending, expire_due, revoke
from optins.states import Lifetime, OptInState, Source
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def kinds(optin: OptIn) -> list[str]:
    return list(ConsentEvent.objects.filter(optin=optin).order_by("pk").values_list("kind", flat=True))


def test_agreeing_makes_an_active_opt_in_with_its_proof() -> None:
    page = LinkedPageFactory()
    agreement = Agreement(source=Source.BUTTON, evidence={"url": "https://shop.example/p/1"})

    optin = agree(page=page, customer_id=" FR-1 ", agreement=agreement, now=NOW)

    assert (optin.customer_id, optin.state, optin.lifetime) == ("FR-1", OptInState.ACTIVE, Lifetime.DURABLE)
    assert ConsentEvent.objects.get().evidence == {"source": "button", "url": "https://shop.example/p/1"}


def test_a_stock_alert_is_temporary() -> None:
    agreement = Agreement(source=Source.API)

    optin = agree(page=LinkedPageFactory(), customer_id="instock-AB123-k4", agreement=agreement, now=NOW)

    assert optin.lifetime == Lifetime.TEMPORARY


def test_one_person_may_hold_several_ids() -> None:
    person = RecipientFactory()
    agreement = Agreement(source=Source.BUTTON, recipient=person)

    for customer_id in ("FR-1", "order-7"):
        agree(page=person.page, customer_id=customer_id, agreement=agreement, now=NOW)

    assert person.optins.count() == 2


def test_the_same_person_again_is_harmless() -> None:
    person = RecipientFactory()
    agreement = Agreement(source=Source.BUTTON, recipient=person)

    first = agree(page=person.page, customer_id="FR-1", agreement=agreement, now=NOW)
    again = agree(page=person.page, customer_id="FR-1", agreement=agreement, now=NOW)

    assert first == again
    assert kinds(first) == [ConsentKind.GRANTED, ConsentKind.RENEWED]


def test_another_person_is_refused_and_the_conflict_is_kept() -> None:
    person = RecipientFactory()
    held = agree(
        page=person.page, customer_id="FR-1", agreement=Agreement(source=Source.BUTTON, recipient=person), now=NOW
    )
    intruder = RecipientFactory(page=person.page)

    with pytest.raises(HeldByAnother):
        agree(
            page=person.page,
            customer_id="FR-1",
            agreement=Agreement(source=Source.BUTTON, recipient=intruder),
            now=NOW,
        )

    held.refresh_from_db()
    assert held.recipient == person
    assert kinds(held) == [ConsentKind.GRANTED, ConsentKind.CONFLICT]


def test_the_first_known_person_claims_an_id_that_came_without_one() -> None:
    imported = OptInFactory(customer_id="FR-1")
    person = RecipientFactory(page=imported.page)

    agree(page=imported.page, customer_id="FR-1", agreement=Agreement(source=Source.BUTTON, recipient=person), now=NOW)

    imported.refresh_from_db()
    assert imported.recipient == person


def test_revoking_ends_the_agreement_once() -> None:
    optin = OptInFactory()

    assert revoke(optin=optin, actor=None, now=NOW)
    assert not revoke(optin=optin, actor=None, now=NOW)

    optin.refresh_from_db()
    assert (optin.state, optin.ended_at) == (OptInState.REVOKED, NOW)


def test_only_a_new_agreement_makes_a_revoked_one_active_again() -> None:
    optin = OptInFactory()
    revoke(optin=optin, actor=None, now=NOW)

    agree(page=optin.page, customer_id=optin.customer_id, agreement=Agreement(source=Source.BUTTON), now=NOW)

    optin.refresh_from_db()
    assert (optin.state, optin.ended_at) == (OptInState.ACTIVE, None)
    assert kinds(optin) == [ConsentKind.REVOKED, ConsentKind.RENEWED]


@pytest.mark.parametrize("source", [Source.API, Source.IMPORT])
def test_no_system_makes_a_revoked_one_active_again(source: Source) -> None:
    optin = OptInFactory()
    revoke(optin=optin, actor=None, now=NOW)

    with pytest.raises(TakenBack):
        agree(page=optin.page, customer_id=optin.customer_id, agreement=Agreement(source=source), now=NOW)

    assert kinds(optin) == [ConsentKind.REVOKED]


@pytest.mark.parametrize(("source", "events"), [(Source.API, 1), (Source.IMPORT, 1), (Source.BUTTON, 2)])
def test_what_a_system_tells_twice_was_agreed_once(source: Source, events: int) -> None:
    page, agreement = LinkedPageFactory(), Agreement(source=source, evidence={"form": "account"})

    first = agree(page=page, customer_id="FR-1", agreement=agreement, now=NOW)
    again = agree(page=page, customer_id="FR-1", agreement=agreement, now=NOW + timedelta(days=1))

    assert len(kinds(first)) == events
    assert (again.agreed_at == NOW) == (events == 1)


@pytest.mark.parametrize("swept", [True, False])
def test_the_same_proof_does_not_give_anew_what_is_over(*, swept: bool) -> None:
    page, week = LinkedPageFactory(), timedelta(days=7)
    told = Agreement(source=Source.API, evidence={"form": "account"}, expires_at=NOW + week)
    optin = agree(page=page, customer_id="order-7", agreement=told, now=NOW)
    if swept:
        expire_due(now=NOW + week)

    repeated = replace(told, expires_at=NOW + 3 * week)
    again = agree(page=page, customer_id="order-7", agreement=repeated, now=NOW + 2 * week)

    assert again.expires_at == NOW + week
    assert not OptIn.objects.active(NOW + 2 * week).exists()
    newly = replace(repeated, evidence={"form": "account", "at": "2026-12-04"})
    agree(page=page, customer_id="order-7", agreement=newly, now=NOW + 2 * week)
    assert OptIn.objects.active(NOW + 2 * week).get() == optin


def test_an_agreement_whose_time_is_over_expires() -> None:
    over = OptInFactory(expires_at=NOW - timedelta(seconds=1))
    going_on = OptInFactory(expires_at=NOW + timedelta(hours=1))

    assert expire_due(now=NOW) == 1

    over.refresh_from_db()
    going_on.refresh_from_db()
    assert (over.state, going_on.state) == (OptInState.EXPIRED, OptInState.ACTIVE)


def test_an_agreement_that_is_renewed_at_the_instant_of_its_end_goes_on() -> None:
    over = OptInFactory(expires_at=NOW - timedelta(seconds=1))
    agree(page=over.page, customer_id=over.customer_id, agreement=Agreement(source=Source.BUTTON), now=NOW)

    assert not ending._expire(over, NOW)

    over.refresh_from_db()
    assert over.state == OptInState.ACTIVE


def test_an_expiry_that_passed_counts_before_it_is_swept() -> None:
    OptInFactory(expires_at=NOW - timedelta(seconds=1))

    assert not OptIn.objects.active(NOW).exists()


def test_a_prefix_is_meant_to_the_letter() -> None:
    page = LinkedPageFactory()
    for customer_id in ("instock-AB123-1", "INSTOCK-AB123-2", "instock-AB1%3-3", "instock_AB123-4"):
        OptInFactory(page=page, customer_id=customer_id)

    assert [o.customer_id for o in OptIn.objects.with_prefix("instock-AB123")] == ["instock-AB123-1"]
    assert [o.customer_id for o in OptIn.objects.with_prefix("instock-AB1%")] == ["instock-AB1%3-3"]


def test_the_consent_log_cannot_be_changed() -> None:
    optin = OptInFactory()
    revoke(optin=optin, actor=None, now=NOW)
    event = ConsentEvent.objects.get()
    event.kind = ConsentKind.GRANTED

    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_persons_that_present_one_id_at_once_exactly_one_gets_it() -> None:
    page = LinkedPageFactory()
    people = RecipientFactory.create_batch(4, page=page)

    results = race(
        *(
            lambda p=person: agree(
                page=page, customer_id="FR-1", agreement=Agreement(source=Source.BUTTON, recipient=p), now=NOW
            )
            for person in people
        )
    )

    assert sorted(type(result).__name__ for result in results) == ["HeldByAnother"] * 3 + ["OptIn"]
    assert OptIn.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_consent_log_ends_with_what_holds_when_one_agrees_and_revokes_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Agreeing dawdles in the middle, so that taking back comes in between if it can."""
    optin, move, agreeing = OptInFactory(), OptInQuerySet.move, threading.Event()

    def dawdle(rows: OptInQuerySet, to: str, **changes: Any) -> int:
        moved = move(rows, to, **changes)
        if to == OptInState.ACTIVE:
            agreeing.set()
            time.sleep(0.4)
        return moved

    monkeypatch.setattr(OptInQuerySet, "move", dawdle)

    def agree_again() -> None:
        agree(page=optin.page, customer_id=optin.customer_id, agreement=Agreement(source=Source.API), now=NOW)

    def take_back() -> None:
        agreeing.wait(20)
        revoke(optin=optin, actor=None, now=NOW)

    assert race(agree_again, take_back) == [None, None]

    optin.refresh_from_db()
    assert optin.state == OptInState.REVOKED
    assert kinds(optin) == [ConsentKind.RENEWED, ConsentKind.REVOKED]
