"""Somebody opts a person in at the instant of the erasure."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from optins.models import OptIn
from optins.services import Agreement, Suppressed, agree, erase
from optins.signals import optin_erasing
from optins.states import OptInState, Source
from tests.factories import OptInFactory, RecipientFactory
from tests.support.racing import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = timezone.now()


@pytest.fixture(autouse=True)
def erasing() -> Iterator[threading.Event]:
    """Set once it has the row; then it dawdles, so that others come in between if they can."""
    begun = threading.Event()

    def dawdle(**_kwargs: Any) -> bool:
        begun.set()
        time.sleep(0.5)
        return False

    optin_erasing.connect(dawdle, dispatch_uid="dawdle")
    yield begun
    optin_erasing.disconnect(dispatch_uid="dawdle")


def test_a_system_that_opts_the_person_in_meanwhile_is_refused(erasing: threading.Event) -> None:
    optin = OptInFactory(customer_id="FR-1")

    def opt_in() -> OptIn:
        erasing.wait(20)
        return agree(page=optin.page, customer_id="FR-1", agreement=Agreement(source=Source.STAFF), now=NOW)

    erased, refused = race(lambda: erase(optin=optin, actor=None, now=NOW), opt_in)

    assert (erased, type(refused)) == (None, Suppressed)
    assert OptIn.objects.get().state == OptInState.ERASED


def test_a_person_who_agrees_meanwhile_has_agreed(erasing: threading.Event) -> None:
    optin = OptInFactory(customer_id="FR-1")
    own = Agreement(source=Source.BUTTON, recipient=RecipientFactory(page=optin.page))

    def agree_oneself() -> OptIn:
        erasing.wait(20)
        return agree(page=optin.page, customer_id="FR-1", agreement=own, now=NOW)

    erased, agreed = race(lambda: erase(optin=optin, actor=None, now=NOW), agree_oneself)

    assert erased is None
    assert isinstance(agreed, OptIn)
    assert OptIn.objects.get(customer_id="FR-1", state=OptInState.ACTIVE).pk != optin.pk
