"""How a call reaches the sandbox's Graph, and how it is refused before it is looked at."""

import hashlib
import hmac
from typing import Any

import pytest
from django.conf import settings

from messenger_admin.sandbox.facebook.cast import ATELIER, CLAIRE, LIBRAIRIE
from tests.messenger_admin.sandbox.facebook.conftest import PageToken
from tests.support.graph_sandbox import Graph

ME = {"id": CLAIRE.user_id, "name": "Claire Martin"}


@pytest.mark.parametrize("header", ["Bearer", "OAuth", "bearer"])
def test_a_token_is_taken_from_a_header(graph: Graph, token: str, header: str) -> None:
    assert graph.call("GET", "me", headers={"Authorization": f"{header} {token}"}).json == ME


def test_a_token_is_taken_from_the_query(graph: Graph, token: str) -> None:
    assert graph.get("me", access_token=token).json == ME


@pytest.mark.parametrize("carried", ["data", "json"])
def test_parameters_and_token_are_taken_from_a_form_and_from_json(
    graph: Graph, of_page: PageToken, carried: str
) -> None:
    token = of_page()
    options: dict[str, Any] = {carried: {"access_token": token, "subscribed_fields": "messages,message_reads"}}

    assert graph.call("POST", f"{ATELIER.page_id}/subscribed_apps", **options).json == {"success": True}


def test_a_post_may_stand_for_another_method(graph: Graph, of_page: PageToken) -> None:
    said = graph.post("me/subscribed_apps", of_page(), method="delete")

    assert said.json == {"success": True}


def test_an_error_has_the_shape_of_facebooks(graph: Graph) -> None:
    said = graph.get("me", "EAAS-nobody-made-this")

    assert said.status == 401
    error = said.json["error"]
    assert error.pop("fbtrace_id").startswith("A")
    assert said.json == {
        "error": {
            "message": "Invalid OAuth access token - Cannot parse access token",
            "type": "OAuthException",
            "code": 190,
        }
    }
    assert said.headers["WWW-Authenticate"].startswith("OAuth")
    assert said.headers["facebook-api-version"] == "v26.0"


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "subcode"),
    [
        ("GET", "", 400, 2500, 0),
        ("GET", "nothing/here", 400, 2500, 0),
        ("GET", "me/friends", 400, 2500, 0),
        ("GET", "me/permissions/a/b", 400, 2500, 0),
        ("POST", "me/accounts", 400, 100, 0),
        ("DELETE", "debug_token", 400, 100, 0),
        ("GET", "411870255310099", 400, 100, 33),
        ("GET", "411870255310099/picture", 400, 100, 33),
        ("GET", "me/accounts?limit=0", 400, 100, 0),
        ("GET", "me/accounts?limit=101", 400, 100, 0),
        ("GET", "me/accounts?limit=ten", 400, 100, 0),
        ("GET", "me/accounts?after=nonsense", 400, 100, 0),
        ("GET", "me?fields=id,shoe_size", 400, 100, 0),
        ("GET", "me?fields=picture{url", 400, 2500, 0),
    ],
)
def test_what_is_not_there_is_refused(
    graph: Graph, of_page: PageToken, token: str, method: str, path: str, status: int, code: int, subcode: int
) -> None:
    # A page's token may look for people; a person's lists pages.
    used = token if path.startswith("me") else of_page()
    said = graph.call(method, path, used)

    assert (said.status, *said.error) == (status, code, subcode)


@pytest.mark.parametrize("version", ["v2.6", "v20.0", "v99.0"])
def test_another_version_is_refused(graph: Graph, token: str, version: str) -> None:
    said = graph.call("GET", "me", token, version=version)

    assert said.error == (2635, 0)
    assert "v26.0" in said.json["error"]["message"]


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"a":', b"[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_none_is_refused(graph: Graph, token: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    assert graph.call("POST", "me/messenger_profile", data=body, headers=headers).error == (100, 0)


def test_nobody_is_asked_for_a_token(graph: Graph) -> None:
    assert graph.get("me").error == (104, 0)


def test_the_app_itself_is_nobody(graph: Graph) -> None:
    app = f"{settings.FACEBOOK_APP_ID}|{settings.FACEBOOK_APP_SECRET}"

    assert graph.get("me", app).error == (2500, 0)
    assert graph.get(settings.FACEBOOK_APP_ID, app).json["id"] == settings.FACEBOOK_APP_ID


def test_a_proof_that_fits_is_taken_and_any_other_refused(graph: Graph, token: str) -> None:
    secret = settings.FACEBOOK_APP_SECRET.encode()
    proof = hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()

    assert graph.get("me", token, appsecret_proof=proof).json == ME
    refused = graph.get("me", token, appsecret_proof=proof[::-1])
    assert (refused.status, refused.error) == (400, (100, 0))
    assert "appsecret_proof" in refused.json["error"]["message"]


def test_a_pages_picture_is_named_or_led_to(graph: Graph, token: str) -> None:
    told = graph.get(f"{ATELIER.page_id}/picture", token, redirect="false")
    led = graph.get(f"{ATELIER.page_id}/picture", token)

    url = f"{settings.PUBLIC_URL}/sandbox/facebook/pictures/{ATELIER.page_id}.svg"
    assert told.json["data"]["url"] == url
    assert (led.status, led.headers["Location"]) == (302, url)


def test_a_pages_name_and_picture_are_told(graph: Graph, of_page: PageToken) -> None:
    said = graph.get("me", of_page(LIBRAIRIE.page_id), fields="name,picture.width(100){url}")

    assert (said.json["id"], said.json["name"]) == (LIBRAIRIE.page_id, "Librairie des Quais")
    assert said.json["picture"]["data"]["url"].endswith(f"{LIBRAIRIE.page_id}.svg")
