"""The API against its own description: whatever is asked of it, it answers as documentation/definition.json says.

`SEED=n` draws other requests; the seed of a run that fails is in its output.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, seed, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from tests.factories import CampaignFactory, DeliveryFactory, LinkedPageFactory, NotificationFactory, OptInFactory
from tests.support.api import secret_for

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("SEED", "20261122"))
PAGE_ID = "322837607840703"  # the documentation's own examples
CUSTOMER_ID = "order-1234"
EXAMPLES = 10  # of each call, beside those that cover every keyword of its schema

REFUSED = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
CONFIG = {
    "seed": SEED,
    "generation": {"database": "none"},
    # What no schema says of a message (amounts that add up, placeholders that have values) is told by 409 and 422.
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404, 409, 422]},
        # A field beyond its length may make the whole body too large.
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
    "operations": [
        # An id may hold slashes: what is no call to revoke may be a call about the customer `…/revoke`.
        {"include-operation-id": "revoke_optin", "checks": {"allow_header_conformance": {"enabled": False}}},
        # A message of a batch that is wrong is answered for itself, with 200 for the call.
        {"include-operation-id": "send_batch", "checks": {"negative_data_rejection": {"enabled": False}}},
    ],
}
# What is there, by the parameters that name it; the fixture says which rows.
THERE = {"page_id": PAGE_ID}


@dataclass(frozen=True)
class Shop:
    """One page with customers, and a token that opens it."""

    secret: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


@schemathesis.hook
def before_load_schema(_context: object, document: dict[str, Any]) -> None:
    """What an attachment may be is tried with single messages; in a batch, which judges them alike, it would double."""
    for name in ("attachment", "utility"):
        document["components"]["schemas"]["MessageTo"]["properties"].pop(name)


described = schemathesis.openapi.from_wsgi(
    "/documentation/definition.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(CONFIG)
)


@described.hook
def map_path_parameters(_context: object, parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Most of the pages, messages and campaigns that could be are the one that is."""
    drawn = parameters or {}
    there = {name: THERE[name] for name in drawn.keys() & THERE if _could_be(name, str(drawn[name]))}
    return {**drawn, **there} if parameters else parameters


def _could_be(name: str, drawn: str) -> bool:
    is_page = drawn.isascii() and drawn.isdigit() and len(drawn) <= 32
    return (name != "page_id" or is_page) and crc32(drawn.encode("utf-8", "surrogatepass")) % 4 > 0


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server closes what it finds in a transaction at the begin of each request; here that is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def shop(one_connection: None) -> Shop:
    print("SEED", SEED)  # noqa: T201  (shown with a failure)
    page = LinkedPageFactory(page_id=PAGE_ID)
    for customer_id in (CUSTOMER_ID, "a/b", "0"):
        OptInFactory(page=page, customer_id=customer_id)
    message = DeliveryFactory(optin=OptInFactory(page=page, customer_id="order-1235"))
    campaign = CampaignFactory(page=page, notification=NotificationFactory(name="order-confirmed"))
    THERE.update(message_id=str(message.pk), campaign_id=str(campaign.pk))
    return Shop(secret_for(page, requests_per_second=1_000))


@described.parametrize()
@seed(SEED)
@settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_it_is_described(case: Case[Any], shop: Shop) -> None:
    case.call_and_validate(headers=shop.headers)
