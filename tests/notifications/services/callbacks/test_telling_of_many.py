"""Whoever brings many opt-ins at once has all of them told, by as many statements as for one."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from notifications.models import CallbackEvent
from optins.models import OptIn
from optins.services import Agreement, agree
from optins.signals import optins_agreed
from optins.states import Source
from tests.factories import OptInFactory
from tests.support.callbacks import listened_to

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def tell(optins: list[OptIn]) -> None:
    optins_agreed.send(sender=OptIn, optins=optins, now=NOW)


def test_each_is_told_as_one_alone_would_be() -> None:
    page, _callback = listened_to(types=["optin.granted"])
    agree(page=page, customer_id="c-1", agreement=Agreement(source=Source.IMPORT), now=NOW)
    alone = CallbackEvent.objects.get()
    tell([OptInFactory(page=page, customer_id="c-2", agreed_at=NOW), OptInFactory()])

    told = CallbackEvent.objects.latest("pk")
    assert CallbackEvent.objects.count() == 2
    assert (told.type, told.at, told.callback_id) == (alone.type, alone.at, alone.callback_id)
    assert told.data == {**alone.data, "customer_id": "c-2"}
    assert told.optin_id == OptIn.objects.get(customer_id="c-2").pk


def test_nobody_is_told_what_the_site_did_not_ask_for() -> None:
    page, _callback = listened_to(types=["optin.revoked"])

    tell([OptInFactory(page=page)])

    assert not CallbackEvent.objects.exists()


def test_hundreds_cost_no_more_than_one(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    page, _callback = listened_to(types=["optin.granted"])
    optins = OptInFactory.create_batch(300, page=page)

    with django_assert_max_num_queries(10):
        tell(optins)

    assert CallbackEvent.objects.count() == 300
