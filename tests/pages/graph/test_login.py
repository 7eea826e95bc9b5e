"""The dialog's address, and the tokens that a code is exchanged for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings

from pages.graph import login
from pages.graph.client import GraphError, GraphUnreachable
from tests.support.graph_api import graph, refuses, says

RETURN = "https://admin.example.com/facebook/return/"
SETTINGS = {
    "FACEBOOK_APP_ID": "77001",
    "FACEBOOK_URL": "https://www.facebook.com",
    "GRAPH_VERSION": "v26.0",
    "FACEBOOK_SCOPES": ["pages_show_list", "pages_messaging"],
    "FACEBOOK_CONFIG_ID": "",
}


def dialog(*, choose_again: bool = False, **changes: object) -> tuple[str, dict[str, list[str]]]:
    with override_settings(**{**SETTINGS, **changes}):
        parts = urlsplit(login.dialog_url(state="s-1", return_to=RETURN, choose_again=choose_again))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_the_dialog_asks_for_a_code_with_the_scopes_of_the_settings() -> None:
    assert dialog() == (
        "https://www.facebook.com/v26.0/dialog/oauth",
        {
            "client_id": ["77001"],
            "redirect_uri": [RETURN],
            "state": ["s-1"],
            "response_type": ["code"],
            "scope": ["pages_show_list,pages_messaging"],
        },
    )


def test_a_configuration_takes_the_place_of_the_scopes() -> None:
    _url, query = dialog(FACEBOOK_CONFIG_ID="4711")
    assert (query["config_id"], "scope" in query) == (["4711"], False)


def test_whoever_left_pages_out_is_asked_anew() -> None:
    assert dialog(choose_again=True)[1]["auth_type"] == ["rerequest"]
    assert "auth_type" not in dialog()[1]


def test_a_code_is_exchanged_with_the_apps_secret_and_the_address_it_came_to() -> None:
    with graph(says({"access_token": "short", "token_type": "bearer", "expires_in": 5000})) as far_end:
        assert login.token_for("c0de", return_to=RETURN) == "short"
    (asked,) = far_end.asked
    assert (asked.method, asked.path) == ("GET", "/v26.0/oauth/access_token")
    assert asked.query == {
        "client_id": "77001",
        "client_secret": "the-apps-secret",
        "redirect_uri": RETURN,
        "code": "c0de",
    }


def test_a_token_is_prolonged() -> None:
    with graph(says({"access_token": "long", "expires_in": 5_184_000})) as far_end:
        assert login.prolonged("short") == "long"
    assert far_end.asked[0].query["grant_type"] == "fb_exchange_token"
    assert far_end.asked[0].query["fb_exchange_token"] == "short"


def test_a_code_that_was_used_already_is_facebooks_refusal() -> None:
    with graph(refuses(100, subcode=36009)), pytest.raises(GraphError) as refused:
        login.token_for("c0de", return_to=RETURN)
    assert (refused.value.code, refused.value.subcode) == (100, 36009)


@pytest.mark.parametrize("said", [{}, {"access_token": ""}, {"access_token": 7}, [], "text"])
def test_an_answer_without_a_token_is_none(said: object) -> None:
    with graph(says(said)), pytest.raises(GraphUnreachable):
        login.prolonged("short")


def test_who_logged_in_is_asked_with_the_token_in_a_header_and_a_proof() -> None:
    with graph(says({"id": "1001", "name": "Claire Martin"})) as far_end:
        assert login.who("long") == login.Person(user_id="1001", name="Claire Martin")
    (asked,) = far_end.asked
    assert asked.headers["authorization"] == "Bearer long"
    assert len(asked.query["appsecret_proof"]) == 64
    assert "long" not in asked.query.values()


@pytest.mark.parametrize(("app_id", "secret", "expected"), [("1", "s", True), ("", "s", False), ("1", "", False)])
def test_without_an_app_and_its_secret_nobody_can_log_in(app_id: str, secret: str, expected: bool) -> None:
    with override_settings(FACEBOOK_APP_ID=app_id, FACEBOOK_APP_SECRET=secret):
        assert login.is_set_up() is expected
