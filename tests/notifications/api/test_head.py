"""HEAD: what GET would answer, without the body."""

import pytest

from optins.models import OptIn
from tests.factories import DeliveryFactory, OptInFactory
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory()
    return optin


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page))


def test_it_answers_as_get_does_without_the_body(optin: OptIn, caller: Caller) -> None:
    row = DeliveryFactory(optin=optin)
    for path in (f"/v1/messages/{row.pk}", messages_of(optin.page, optin.customer_id), "/v1/messages/0"):
        head, get = caller.call("HEAD", path), caller.get(path)

        assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
        assert (head.content, int(head["Content-Length"])) == (b"", len(get.content))


def test_it_asks_for_a_token_like_get(optin: OptIn) -> None:
    assert Caller("").call("HEAD", messages_of(optin.page, optin.customer_id)).status_code == 401


def test_an_address_without_get_has_no_head(caller: Caller) -> None:
    answer = caller.call("HEAD", "/v1/batches")

    assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST", b"")
