"""Many messages in one call: each answered for itself, in the order of the call."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Content, Delivery, KeptAnswer
from optins.models import OptIn
from optins.states import OptInState
from pages.models import ApiToken, Page
from tests.factories import LinkedPageFactory, NotificationFactory, OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory()
    return page


@pytest.fixture
def caller(page: Page) -> Caller:
    return Caller(secret_for(page))


def entry(optin: OptIn, **message: Any) -> dict[str, Any]:
    return {"page_id": optin.page.page_id, "customer_id": optin.customer_id, **(message or {"text": "Hello"})}


def send(caller: Caller, *entries: Any, **headers: str) -> Any:
    answer = caller.post("/v1/batches", json.dumps({"messages": entries}), **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def statuses(told: Any) -> list[int]:
    return [one["status"] for one in told["data"]]


def test_each_message_has_its_row_and_its_link(page: Page, caller: Caller) -> None:
    optins = [OptInFactory(page=page) for _ in guide.NAMES]

    told = send(caller, *(entry(optin, **guide.body(name)) for optin, name in zip(optins, guide.NAMES, strict=True)))

    assert statuses(told) == [202] * 4
    assert (told["accepted"], told["refused"]) == (4, 0)
    for optin, name, one in zip(optins, guide.NAMES, told["data"], strict=True):
        row = Delivery.objects.get(pk=one["data"]["id"])
        assert (row.optin, row.content.as_dict(), row.state) == (optin, guide.body(name), "queued")
        assert one["data"]["_link"] == f"/v1/messages/{row.pk}"


def test_messages_to_one_customer_keep_their_order_and_their_links(page: Page, caller: Caller) -> None:
    optin, other = OptInFactory(page=page), OptInFactory(page=page)
    texts = [f"{number} of {number % 3}" for number in range(30)]

    told = send(caller, *(entry((optin, other)[number % 2], text=text) for number, text in enumerate(texts)))

    ids = [one["data"]["id"] for one in told["data"]]
    assert ids == sorted(ids)
    assert [Delivery.objects.get(pk=pk).content.as_dict()["text"] for pk in ids] == texts


def test_one_that_is_refused_spoils_no_other(page: Page, caller: Caller) -> None:
    agreed, revoked = OptInFactory(page=page), OptInFactory(page=page, state=OptInState.REVOKED)
    elsewhere, unlinked = OptInFactory(), {"page_id": "99999", "customer_id": "a", "text": "a"}

    told = send(
        caller,
        *(
            entry(agreed),
            entry(revoked, text="Never sent"),
            entry(elsewhere),
            unlinked,
            {**entry(agreed), "customer_id": "nobody"},
        ),
        *(entry(agreed, text=""), {**entry(agreed), "page_id": "x"}, {**entry(agreed), "customer_id": "\u202e"}),
        *("no object", {"customer_id": "a", "text": "a"}, {"page_id": 1, "customer_id": "a", "text": "a"}),
        *(entry(agreed, notification="none"), entry(agreed, text="{{ name }}"), entry(agreed)),
    )

    assert statuses(told) == [202, 409, 403, 404, 404, 422, 404, 400, 422, 422, 422, 422, 422, 202]
    assert (told["accepted"], told["refused"]) == (2, 12)
    assert told["data"][1]["errors"][0]["code"] == "opted_out"
    assert told["data"][5]["errors"][0]["field"] == "text"
    assert Delivery.objects.count() == 2
    assert Content.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "status"), [(r"\ud800", 400), (r"\u0000", 400), ("a" * 2001, 422)], ids=["surrogate", "null", "long"]
)
def test_what_could_not_be_stored_spoils_no_other(page: Page, caller: Caller, text: str, status: int) -> None:
    good = entry(OptInFactory(page=page))
    bad = json.dumps({**good, "idempotency_key": "k", "text": "?"}).replace("?", text)
    none = json.dumps({**good, "text": None})

    answer = caller.post("/v1/batches", f'{{"messages": [{bad}, {none}, {json.dumps(good)}]}}')

    assert statuses(answer.json()) == [status, 422, 202]


def test_pages_may_be_mixed() -> None:
    one, two = OptInFactory(), OptInFactory()

    told = send(Caller(secret_for(one.page, two.page)), entry(one), entry(two), entry(one))

    assert statuses(told) == [202] * 3
    assert Delivery.objects.filter(optin=one).count() == 2


def test_notifications_by_name_are_filled(page: Page, caller: Caller) -> None:
    NotificationFactory(name="order", body={"text": "Hello {{ name }}, {{ number }}"})
    optins = [OptInFactory(page=page, attributes={"name": name}) for name in ("Ada", "Bob")]
    wanted = [entry(one, notification="order", variables={"number": at}) for at, one in enumerate(optins)]

    told = send(caller, *wanted, entry(optins[0], notification="order"))

    assert statuses(told) == [202, 202, 422]
    assert told["data"][2]["errors"][0]["field"] == "variables.number"
    assert [row.personal for row in Delivery.objects.order_by("pk")] == [{"number": "0"}, {"number": "1"}]


def test_few_statements_however_many_messages(page: Page, caller: Caller) -> None:
    NotificationFactory(name="order", body={"text": "Hello {{ name }}"})
    counted = []
    for size in (1, 100):
        optins = [OptInFactory(page=page, attributes={"name": "Ada"}) for _ in range(size)]
        wanted = [entry(one, notification="order", idempotency_key=f"{size}-{one.pk}") for one in optins]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert statuses(send(caller, *wanted)) == [202] * size
        counted.append(len(queries))

    assert counted[1] <= counted[0] <= 25


def test_a_message_with_its_key_is_taken_once(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page)
    keyed = entry(optin, text="a", idempotency_key="k")

    first = send(caller, keyed, entry(optin, text="a"))
    again = send(caller, entry(optin, text="b"), keyed)

    assert again["data"][1] == {**first["data"][0], "replayed": True}
    assert (first["data"][0]["replayed"], again["data"][0]["replayed"]) == (False, False)
    assert Delivery.objects.count() == 3


def test_a_key_twice_in_a_batch(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page)

    told = send(
        caller,
        entry(optin, text="a", idempotency_key="k"),
        entry(optin, text="a", idempotency_key="k"),
        entry(optin, text="b", idempotency_key="k"),
    )

    assert statuses(told) == [202, 202, 422]
    assert told["data"][1] == {**told["data"][0], "replayed": True}
    assert told["data"][2]["errors"][0]["code"] == "other_call"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("key", "status"), [("", 400), ("a b", 400), ("é", 400), (1, 422), ([], 422)])
def test_a_key_that_is_none(page: Page, caller: Caller, key: Any, status: int) -> None:
    optin = OptInFactory(page=page)

    told = send(caller, entry(optin, text="a", idempotency_key=key), entry(optin))

    assert statuses(told) == [status, 202]
    assert told["data"][0]["errors"][0]["field"] == "idempotency_key"


def test_a_key_of_a_message_that_was_refused_stays_free(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page, state=OptInState.REVOKED)
    keyed = entry(optin, text="a", idempotency_key="k")
    assert statuses(send(caller, keyed)) == [409]
    OptIn.objects.update(state=OptInState.ACTIVE)

    assert statuses(send(caller, keyed)) == [202]


def test_the_whole_call_is_repeated_by_its_key(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page)

    first, again = (send(caller, entry(optin), "wrong", **{"Idempotency-Key": "k"}) for _ in range(2))

    assert again == first
    assert (Delivery.objects.count(), KeptAnswer.objects.count()) == (1, 1)


def test_two_lists_are_one_too_many(page: Page, caller: Caller) -> None:
    one = json.dumps(entry(OptInFactory(page=page)))

    answer = caller.post("/v1/batches", f'{{"messages": [{one}], "messages": [{one}]}}')

    assert (answer.status_code, Delivery.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "body", ["[]", "{}", '{"messages": {}}', '{"messages": []}', '{"messages": [], "x": 1}', '{"messages": null}']
)
def test_a_call_that_is_no_batch(caller: Caller, body: str) -> None:
    answer = caller.post("/v1/batches", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "messages"


def test_more_than_a_thousand_are_too_many(page: Page, caller: Caller) -> None:
    assert caller.post("/v1/batches", json.dumps({"messages": [{}] * 1001})).status_code == 422
    assert len(send(caller, *[{}] * 1000)["data"]) == 1000


def test_a_dry_run_is_refused_rather_than_sent(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page)

    answer = caller.post("/v1/batches?dry_run=1", json.dumps({"messages": [entry(optin)]}))

    assert (answer.status_code, Delivery.objects.count()) == (400, 0)


def test_nothing_of_another_sites_customers_is_told(caller: Caller) -> None:
    described, bare = OptInFactory(attributes={"name": "Ada"}), OptInFactory()

    told = send(caller, entry(described, text="{{ name }}"), entry(bare, text="{{ name }}"))
    single = [
        caller.post(messages_of(one.page, one.customer_id), '{"text": "{{ name }}"}').status_code
        for one in (described, bare)
    ]

    assert statuses(told) == single
    assert len(set(single)) == 1


def test_a_token_that_was_revoked_a_moment_ago(page: Page, caller: Caller) -> None:
    optin = OptInFactory(page=page)
    send(caller, entry(optin))
    ApiToken.objects.update(revoked_at=timezone.now())

    assert caller.post("/v1/batches", json.dumps({"messages": [entry(optin)]})).status_code == 401
