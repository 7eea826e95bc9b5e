"""Whoever agrees, stops, is erased or works at the same instant as a slice. PostgreSQL: real connections."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind, Import, OptIn, Recipient
from optins.services import Agreement, agree, importing, revoke
from optins.services.erasing_people import erase_customer, erase_person
from optins.services.importing import slices, working, writing
from optins.services.occasions import Occasion
from optins.services.withdrawing import stop
from optins.signals import optins_agreed
from optins.states import ImportState, OptInState, Source
from pages.models import Page
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory
from tests.optins.services.importing.files import checked, counts, csv_of, refusals, work
from tests.support.racing import aside, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROWS = ("c-1,2026-03-04T09:30:00Z,7001,", "c-9,2026-03-04T09:30:00Z,7009,")


@pytest.fixture
def page() -> Page:
    return LinkedPageFactory()


@pytest.fixture
def slicing() -> Iterator[threading.Event]:
    """Set once a slice has written its opt-ins; then it dawdles, so that others come in between if they can."""
    begun = threading.Event()

    def dawdle(**_kwargs: Any) -> None:
        begun.set()
        time.sleep(0.7)

    optins_agreed.connect(dawdle, dispatch_uid="dawdle")
    yield begun
    optins_agreed.disconnect(dispatch_uid="dawdle")


def confirmed(page: Page, *rows: str) -> Import:
    of = checked(page, csv_of(*(rows or ROWS)))
    importing.confirm(of=of, actor=None, now=timezone.now())
    return of


def says_stop(page: Page, psid: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        stop(Occasion(page=page, psid=psid, about="stop", at=now, now=now), thread=None, words="STOP")


def meanwhile(slicing: threading.Event, of: Import, act: Callable[[], object]) -> None:
    """`act` begins while a slice has written and not committed."""

    def wait_and_act() -> object:
        slicing.wait(20)
        return act()

    for result in race(lambda: work(of), wait_and_act):
        if isinstance(result, Exception):
            raise result


def before(of: Import, act: Callable[[], object], *, holds_for: float) -> None:
    """`act` is done and not committed when the slice begins, and for longer than that waits for a lock."""
    done = threading.Event()

    def act_and_dawdle() -> None:
        with transaction.atomic():
            act()
            done.set()
            time.sleep(holds_for)

    thread = aside(act_and_dawdle)
    done.wait(20)
    work(of)
    thread.join()


@pytest.mark.parametrize("known", [False, True])
def test_a_stop_that_comes_while_a_slice_is_written_ends_what_it_brought(
    page: Page, known: bool, slicing: threading.Event
) -> None:
    if known:
        RecipientFactory(page=page, psid="7001")
    meanwhile(slicing, confirmed(page), lambda: says_stop(page, "7001"))

    assert list(OptIn.objects.order_by("customer_id").values_list("state", flat=True)) == ["revoked", "active"]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("holds_for", [0.2, 1.5])
def test_a_stop_that_came_a_moment_before_is_heeded(page: Page, known: bool, holds_for: float) -> None:
    if known:
        RecipientFactory(page=page, psid="7001")
    of = confirmed(page)
    before(of, lambda: says_stop(page, "7001"), holds_for=holds_for)

    assert (refusals(of), counts(of)) == ([(2, "stopped")], {"fresh": 1, "refused": 1})


def test_a_withdrawal_of_this_instant_is_heeded(page: Page) -> None:
    optin = OptInFactory(page=page, customer_id="c-1", agreed_at="2026-01-01T00:00:00Z")
    of = confirmed(page, "c-1,2026-03-04T09:30:00Z,,")
    before(of, lambda: revoke(optin=optin, actor=None, now=timezone.now()), holds_for=0.2)

    optin.refresh_from_db()
    assert (refusals(of), optin.state) == ([(2, "taken_back")], OptInState.REVOKED)


def by_the_button(page: Page, customer_id: str, psid: str) -> None:
    recipient, _is_new = Recipient.objects.get_or_create(page=page, psid=psid)
    own = Agreement(source=Source.BUTTON, recipient=recipient)
    agree(page=page, customer_id=customer_id, agreement=own, now=timezone.now())


def test_another_person_who_took_the_id_a_moment_before_keeps_it(page: Page) -> None:
    of = confirmed(page)
    before(of, lambda: by_the_button(page, "c-1", "7777"), holds_for=0.3)

    assert refusals(of) == [(2, "held")]
    optin = OptIn.objects.get(customer_id="c-1")
    assert optin.recipient is not None
    assert optin.recipient.psid == "7777"
    assert ConsentEvent.objects.filter(optin=optin, kind=ConsentKind.CONFLICT).count() == 1


def test_who_holds_two_rows_the_other_way_round_comes_first(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two in each other's way it is the import that gives way, and never the person's own click that fails."""
    OptInFactory(page=page, customer_id="c-1", agreed_at="2026-01-01T00:00:00Z")
    of, locked = confirmed(page), threading.Event()
    real = writing.write

    def write_late(**kwargs: Any) -> None:
        if not locked.is_set():
            locked.set()
            time.sleep(0.3)
        real(**kwargs)

    monkeypatch.setattr(slices, "write", write_late)

    def takes_both() -> None:
        locked.wait(20)
        with transaction.atomic():
            by_the_button(page, "c-9", "7009")
            # The slice has this one, and will want the other before PostgreSQL looks for a deadlock here.
            by_the_button(page, "c-1", "7001")

    assert race(lambda: work(of), takes_both) == [of, None]
    assert counts(of) == {"known": 2}
    assert ConsentEvent.objects.filter(evidence__source="import").count() == 0


def test_an_id_that_is_erased_while_a_slice_brings_it_is_erased(page: Page, slicing: threading.Event) -> None:
    meanwhile(
        slicing,
        confirmed(page),
        lambda: erase_customer(page=page, customer_id="c-1", actor=None, now=timezone.now()),
    )

    assert not OptIn.objects.filter(customer_id="c-1").exists()
    assert list(Recipient.objects.values_list("psid", flat=True)) == ["7009"]


def test_a_person_who_is_erased_while_a_slice_brings_her_is_erased(page: Page, slicing: threading.Event) -> None:
    meanwhile(slicing, confirmed(page), lambda: erase_person(page=page, psid="7001", actor=None, now=timezone.now()))

    assert not OptIn.objects.filter(customer_id="c-1").exists()
    assert list(Recipient.objects.values_list("psid", flat=True)) == ["7009"]


def test_of_many_workers_at_once_each_row_is_taken_by_one(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS", 10)
    monkeypatch.setattr(working, "TURN", 0.05)
    of = confirmed(page, *(f"c-{n},2026-03-04T09:30:00Z,," for n in range(300)))

    def works() -> None:
        while Import.objects.get(pk=of.pk).state == ImportState.RUNNING:
            importing.work(import_pk=of.pk, now=timezone.now())
            time.sleep(0.01)

    assert race(*[works] * 4) == [None] * 4

    of.refresh_from_db()
    assert (of.state, counts(of)) == (ImportState.DONE, {"fresh": 300})
    assert (OptIn.objects.count(), ConsentEvent.objects.count()) == (300, 300)


def test_a_worker_that_froze_in_the_middle_of_a_slice_holds_up_no_other(page: Page) -> None:
    of = confirmed(page)

    def freezes() -> None:
        with transaction.atomic():
            Import.objects.filter(pk=of.pk).update(leased_until=timezone.now())
            frozen.set()
            thawed.wait(20)

    frozen, thawed = threading.Event(), threading.Event()
    thread = aside(freezes)
    frozen.wait(20)
    began = time.monotonic()
    importing.work(import_pk=of.pk, now=timezone.now())
    took = time.monotonic() - began
    thawed.set()
    thread.join()

    assert took < 5
    assert not OptIn.objects.exists()
