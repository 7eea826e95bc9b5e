"""Somebody opts a person in at the instant of the erasure."""

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
def _a_slow_erasure() -> Iterator[None]:
    """It has the row and dawdles, so that others come in between if they can."""

    def dawdle(**_kwargs: Any) -> bool:
        time.sleep(0.5)
        return False

    optin_erasing.connect(dawdle, dispatch_uid="dawdle")
    yield
    optin_erasing.disconnect(dispatch_uid="dawdle")


def test_a_system_that_opts_the_person_in_meanwhile_is_refused() -> None:
    optin = OptInFactory(customer_id="FR-1")

    def opt_in() -> OptIn:
        time.sleep(0.2)
        return agree(page=optin.page, customer_id="FR-1", agreement=Agreement(source=Source.STAFF), now=NOW)

    erased, refused = race(lambda: erase(optin=optin, actor=None, now=NOW), opt_in)

    assert (erased, type(refused)) == (None, Suppressed)
    assert OptIn.objects.get().state == OptInState.ERASED


def test_a_person_who_agrees_meanwhile_has_agreed() -> None:
    optin = OptInFactory(customer_id="FR-1")
    own = Agreement(source=Source.BUTTON, recipient=RecipientFactory(page=optin.page))

    def agree_oneself() -> OptIn:
        time.sleep(0.2)
        return agree(page=optin.page, customer_id="FR-1", agreement=own, now=NOW)

    erased, agreed = race(lambda: erase(optin=optin, actor=None, now=NOW), agree_oneself)

    assert erased is None
    assert isinstance(agreed, OptIn)
    assert OptIn.objects.get(customer_id="FR-1", state=OptInState.ACTIVE).pk != optin.pk
