"""An agreement that ended long ago: its proof goes, whoever left stays away, and the ledger's counts stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.services.retention import enforcing
from notifications.services.retention.kinds import KINDS
from notifications.states import DeliveryState
from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient, Suppression
from optins.services import Agreement, Suppressed, agree
from optins.services.retention import agreements
from optins.states import OptInState, Source
from pages.retention.kind import Turn
from tests.factories import DeliveryFactory, OptInFactory, RecipientFactory
from tests.support.known import found_by_the_audit

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=2_000)
AGREEMENTS = next(kind for kind in KINDS if kind.name == "agreements")


def ended(state: OptInState, **values: object) -> OptIn:
    recipient = RecipientFactory()
    optin: OptIn = OptInFactory(
        page=recipient.page, recipient=recipient, state=state, agreed_at=LONG_AGO, ended_at=LONG_AGO,
        attributes={"first_name": "Claire"}, **values,
    )  # fmt: skip
    ConsentEvent.objects.create(optin=optin, kind=ConsentKind.GRANTED, at=LONG_AGO, recipient=recipient)
    return optin


def enforce() -> None:
    assert enforcing.enforce(AGREEMENTS, now=NOW)


@pytest.mark.parametrize("state", agreements.ENDED)
def test_proof_and_row_go_where_nothing_was_sent(state: OptInState) -> None:
    ended(state)

    enforce()

    assert not OptIn.objects.exists()
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize("state", agreements.ENDED)
def test_a_row_that_something_was_sent_to_names_nobody_and_is_counted(state: OptInState) -> None:
    optin = ended(state)
    DeliveryFactory(optin=optin, state=DeliveryState.SKIPPED, reason="opted_out", ended_at=LONG_AGO)

    enforce()

    optin.refresh_from_db()
    assert (optin.state, optin.recipient, optin.attributes) == (OptInState.ERASED, None, {})
    assert optin.customer_id.startswith("erased-")
    assert Delivery.objects.get().optin == optin
    assert not ConsentEvent.objects.exists()
    assert found_by_the_audit() == []


def test_no_system_brings_back_whoever_took_it_back() -> None:
    optin = ended(OptInState.REVOKED)

    enforce()

    told = Agreement(source=Source.API)
    with pytest.raises(Suppressed):
        agree(page=optin.page, customer_id=optin.customer_id, agreement=told, now=NOW)


def test_what_ran_out_may_be_agreed_to_again() -> None:
    optin = ended(OptInState.EXPIRED)

    enforce()

    assert not Suppression.objects.exists()
    agree(page=optin.page, customer_id=optin.customer_id, agreement=Agreement(source=Source.API), now=NOW)


def test_an_agreement_in_force_keeps_all_its_proof() -> None:
    optin = ended(OptInState.ACTIVE)

    enforce()

    assert OptIn.objects.get() == optin
    assert ConsentEvent.objects.count() == 1


def test_it_looks_through_all_that_ended_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreements, "CHUNK", 2)
    for state in agreements.ENDED:
        OptInFactory.create_batch(2, state=state, ended_at=NOW)
        ended(state)

    turn = Turn(now=NOW, before=NOW - timedelta(days=1_826))
    after, steps = "", 0
    while after is not None:
        done = agreements.end(Turn(now=NOW, before=turn.before, after=after))
        after, steps = done.after, steps + 1  # type: ignore[assignment]

    assert OptIn.objects.count() == 4
    assert steps == 4


def test_whoever_agrees_anew_at_this_instant_stays() -> None:
    optin = ended(OptInState.EXPIRED)
    OptIn.objects.filter(pk=optin.pk).update(state=OptInState.ACTIVE)

    assert agreements._forget([optin.pk], OptInState.EXPIRED, Turn(now=NOW, before=NOW)) == 0

    assert OptIn.objects.get().customer_id == optin.customer_id


def test_the_facebook_id_goes_with_the_last_agreement() -> None:
    ended(OptInState.EXPIRED)
    Recipient.objects.update(created_at=LONG_AGO)
    recipients = next(kind for kind in KINDS if kind.name == "recipients")
    enforcing.enforce(recipients, now=NOW)
    assert Recipient.objects.exists()

    enforce()
    enforcing.enforce(recipients, now=NOW)

    assert not Recipient.objects.exists()


def test_whoever_said_stop_is_known_as_long_as_agreements_are() -> None:
    heard, forgotten = RecipientFactory(), RecipientFactory()
    Recipient.objects.update(created_at=LONG_AGO)
    Recipient.objects.filter(pk=heard.pk).update(stopped_at=NOW - timedelta(days=400))
    Recipient.objects.filter(pk=forgotten.pk).update(stopped_at=LONG_AGO)

    enforcing.enforce(next(kind for kind in KINDS if kind.name == "recipients"), now=NOW)

    assert list(Recipient.objects.all()) == [heard]
