"""Whatever goes wrong is told in the envelope: the status, whose fault it is, and where; never a page for people."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from notifications.api import edge
from notifications.models import Content, Delivery
from optins.models import OptIn
from optins.states import OptInState
from pages.models import ApiToken
from pages.scopes import Scope
from tests.factories import LinkedPageFactory, OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db

TEXT = guide.text("text")


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("ma_secret")


urlpatterns = [path("v1/broken", broken)]


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory()
    return optin


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page))


def told(answer: Any, status: int) -> dict[str, Any]:
    """Its body, after a look at what every refusal has."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    body: dict[str, Any] = answer.json()
    assert body["meta"]["status"] == ("error" if status in {401, 403} or status >= 500 else "fail")
    assert body["meta"]["message"]
    return body


BODIES: dict[str, tuple[bytes, int, str, str]] = {
    "nothing": (b"", 400, "", ""),
    "no JSON": (b"{", 400, "", "not_json"),
    "no UTF-8": (b'{"text": "\xff"}', 400, "", "not_utf8"),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), 400, "", "not_utf8"),
    "deep": (b"[" * 100_000, 400, "", "too_deep"),
    "deep but closed": (b'{"text":' + b"[" * 50 + b"]" * 50 + b"}", 400, "text" + "[0]" * 16, "too_deep"),
    "a key twice": (b'{"text": "a", "text": "b"}', 400, "", "duplicate_key"),
    "a null character": (b'{"text": "a\\u0000"}', 400, "text", "bad_character"),
    "half a pair": (b'{"text": "\\ud800"}', 400, "text", "bad_character"),
    "NaN": (b'{"text": NaN}', 422, "text", "number_out_of_range"),
    "a list": (b"[]", 422, "", "not_object"),
    "no message": (b"{}", 422, "", "empty"),
    "null": (b'{"text": null}', 422, "text", "null"),
    "a number": (b'{"text": 1}', 422, "text", "not_text"),
    "a long text": (json.dumps({"text": "a" * 2001}).encode(), 422, "text", "too_long"),
    "an unknown key": (b'{"text": "a", "txt": "b"}', 422, "txt", "unknown_key_near"),
    "an unknown notification": (b'{"notification": "x"}', 422, "notification", "unknown_notification"),
    "a name that is none": (b'{"notification": 1}', 422, "notification", "not_accepted"),
    "variables that are none": (b'{"notification": "x", "variables": []}', 422, "variables", "not_accepted"),
    "a name and a text": (b'{"notification": "x", "text": "a"}', 422, "text", "unknown_key"),
    "a value that nobody gave": (b'{"text": "{{ name }}"}', 422, "variables.name", "no_value"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_message(optin: OptIn, caller: Caller, name: str) -> None:
    raw, status, field, code = BODIES[name]

    body = told(caller.post(messages_of(optin.page, optin.customer_id), raw), status)

    assert [(one["field"], one["code"]) for one in body["errors"]][:1] == ([(field, code)] if code else [])
    assert (Delivery.objects.count(), Content.objects.count()) == (0, 0)


def test_a_byte_order_mark_is_no_mistake(optin: OptIn, caller: Caller) -> None:
    answer = caller.post(messages_of(optin.page, optin.customer_id), b"\xef\xbb\xbf" + TEXT.encode())

    assert answer.status_code == 202, answer.content


def test_a_huge_body_is_turned_away_unread(optin: OptIn, caller: Caller) -> None:
    told(caller.post(messages_of(optin.page, optin.customer_id), b'{"text":"' + b"a" * 1_000_000 + b'"}'), 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "application/json; charset=iso-8859-1"},
        {"content_type": "application/json", "headers": {"Content-Encoding": "gzip"}},
    ],
)
def test_a_body_of_another_type(optin: OptIn, caller: Caller, headers: dict[str, Any]) -> None:
    brought = {"Authorization": f"Bearer {caller.secret}", **headers.pop("headers", {})}

    told(Client().generic("POST", messages_of(optin.page, optin.customer_id), TEXT, headers=brought, **headers), 415)


IDS = {"": 404, "%20%20": 400, "%00": 400, "a%E2%80%AEb": 400, "a" * 256: 400, "nobody": 404, "%FF": 404}


@pytest.mark.parametrize("written", IDS)
def test_a_customer_that_cant_be_or_is_not(optin: OptIn, caller: Caller, written: str) -> None:
    address = f"/social/facebook/messenger/pages/{optin.page.page_id}/customers/{written}/messages"

    told(caller.post(address, TEXT), IDS[written])


@pytest.mark.parametrize("page_id", ["1", "32283760784070300", "x", "%00", "1" * 40, "٣٢٢"])
def test_a_page_that_is_not(caller: Caller, page_id: str) -> None:
    told(caller.post(f"/social/facebook/messenger/pages/{page_id}/customers/a/messages", TEXT), 404)


def test_blanks_around_an_id_are_not_part_of_it(optin: OptIn, caller: Caller) -> None:
    answer = caller.post(messages_of(optin.page, f" {optin.customer_id}  "), TEXT)

    assert answer.status_code == 202, answer.content


@pytest.mark.parametrize("secret", ["", "wrong", "ma_" + "0" * 36, "é"])
def test_a_token_that_is_none(optin: OptIn, secret: str) -> None:
    for answer in (
        Caller("").post(messages_of(optin.page, optin.customer_id), TEXT, **{"X-API-Key": secret}),
        Caller("").post(f"{messages_of(optin.page, optin.customer_id)}?access_token={secret}", TEXT),
    ):
        body = told(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"
        assert not secret or secret not in json.dumps(body, ensure_ascii=False)


def test_a_token_that_was_revoked_a_moment_ago(optin: OptIn, caller: Caller) -> None:
    address = messages_of(optin.page, optin.customer_id)
    assert caller.post(address, TEXT).status_code == 202
    ApiToken.objects.update(revoked_at=timezone.now())

    told(caller.post(address, TEXT), 401)
    told(caller.post(address, TEXT, **{"Idempotency-Key": "a"}), 401)
    assert Delivery.objects.count() == 1


def test_a_token_of_another_site(optin: OptIn) -> None:
    told(Caller(secret_for(LinkedPageFactory())).post(messages_of(optin.page, optin.customer_id), TEXT), 403)


def test_a_token_without_the_scope(optin: OptIn) -> None:
    secret = secret_for(optin.page, scopes=(Scope.MESSAGES_READ.value,))

    assert "messages:send" in str(told(Caller(secret).post(messages_of(optin.page, optin.customer_id), TEXT), 403))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": OptInState.REVOKED}, "opted_out"),
        ({"state": OptInState.EXPIRED}, "opt_in_expired"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "opt_in_expired"),
    ],
)
def test_an_agreement_that_is_not_in_force(optin: OptIn, caller: Caller, changes: dict[str, Any], code: str) -> None:
    OptIn.objects.update(**changes)

    body = told(caller.post(messages_of(optin.page, optin.customer_id), TEXT), 409)

    assert (body["errors"][0]["field"], body["errors"][0]["code"]) == ("customer_id", code)
    assert (Delivery.objects.count(), Content.objects.count()) == (0, 0)


def test_too_many_requests(optin: OptIn) -> None:
    caller = Caller(secret_for(optin.page, requests_per_second=1))

    answers = [caller.post(messages_of(optin.page, optin.customer_id), TEXT) for _ in range(5)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0]["Retry-After"]) >= 1
    told(refused[0], 429)


@contextmanager
def database_away() -> Iterator[None]:
    def fail(*_args: Any) -> None:
        raise OperationalError("no connection to ma_secret")

    with connection.execute_wrapper(fail):
        yield


def test_a_database_that_is_away(optin: OptIn, caller: Caller) -> None:
    with database_away():
        answer = caller.post(messages_of(optin.page, optin.customer_id), TEXT)

    assert "ma_secret" not in str(told(answer, 503))
    assert int(answer["Retry-After"]) >= 1


@pytest.mark.parametrize("address", ["/v1", "/v1/", "/v1/nothing", "/social/facebook", "/v1/messages/", "/v1/a%0Ab"])
def test_an_address_of_nothing(caller: Caller, address: str) -> None:
    told(caller.get(address), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_offered(optin: OptIn, caller: Caller, method: str) -> None:
    answer = caller.call(method, messages_of(optin.page, optin.customer_id), TEXT)

    told(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("debug", [False, True])
def test_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    monkeypatch.setattr(edge, "URLS", "tests.notifications.api.test_errors")
    client = Client(raise_request_exception=False)
    with override_settings(DEBUG=debug):
        body = told(client.get("/v1/broken"), 500)

    assert "secret" not in str(body)
    assert "Traceback" not in str(body)


def test_a_host_that_is_not_ours(optin: OptIn, caller: Caller) -> None:
    told(caller.get("/v1/messages/1", host="evil.example"), 400)


def test_another_parameter_that_cant_be_read(optin: OptIn, caller: Caller) -> None:
    body = told(caller.post(f"{messages_of(optin.page, optin.customer_id)}?dry_run=perhaps", TEXT), 400)

    assert [(one["field"], one["code"]) for one in body["errors"]] == [("dry_run", "not_true_or_false")]


@pytest.mark.parametrize(
    ("language", "words"), [("fr-FR,fr;q=0.9", "est vide"), ("en", "is empty"), ("de", "is empty")]
)
def test_the_language_is_the_callers(optin: OptIn, caller: Caller, language: str, words: str) -> None:
    answer = caller.post(messages_of(optin.page, optin.customer_id), "{}", **{"Accept-Language": language})

    body = told(answer, 422)
    assert words in body["meta"]["message"]
    assert words in body["errors"][0]["message"]
    assert "Accept-Language" in answer["Vary"]


def test_no_proof_of_a_form_is_asked_for(optin: OptIn, caller: Caller) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {caller.secret}"})

    answer = client.generic("POST", messages_of(optin.page, optin.customer_id), TEXT, "application/json")

    assert (answer.status_code, len(answer.cookies)) == (202, 0)
