"""What Facebook says of a token."""

from datetime import UTC, datetime

import pytest

from pages.graph import debug
from pages.graph.client import GraphUnreachable
from pages.graph.debug import TokenFacts
from tests.support.graph_api import graph, says

WANTED = ("pages_messaging", "pages_manage_metadata")


def looked(data: object) -> TokenFacts:
    with graph(says({"data": data})):
        return debug.look_at("page-token")


def test_the_app_asks_in_its_own_name() -> None:
    with graph(says({"data": {"is_valid": True}})) as far_end:
        debug.look_at("page-token")
    (asked,) = far_end.asked
    assert asked.path == "/v26.0/debug_token"
    assert asked.query == {"input_token": "page-token"}
    assert asked.headers["authorization"] == "Bearer 77001|the-apps-secret"


def test_ends_and_permissions_are_read() -> None:
    found = looked(
        {
            "is_valid": True,
            "user_id": "1001",
            "expires_at": 0,
            "data_access_expires_at": 1_800_000_000,
            "scopes": ["pages_messaging"],
        }
    )
    assert found.expires_at is None
    assert found.data_access_expires_at == datetime.fromtimestamp(1_800_000_000, tz=UTC)
    assert (found.is_valid, found.user_id, found.scopes) == (True, "1001", frozenset({"pages_messaging"}))


def test_a_dead_token_is_an_answer_with_facebooks_words() -> None:
    found = looked({"is_valid": False, "error": {"code": 190, "subcode": 460, "message": "Password changed."}})
    assert (found.is_valid, found.error) == (False, "Password changed.")


@pytest.mark.parametrize("seconds", [True, -1, "soon", None, 10**30])
def test_an_end_that_is_no_time_is_none(seconds: object) -> None:
    assert looked({"is_valid": True, "expires_at": seconds}).expires_at is None


@pytest.mark.parametrize("data", [None, [], "text"])
def test_an_answer_that_says_nothing_is_no_answer(data: object) -> None:
    with pytest.raises(GraphUnreachable):
        looked(data)


@pytest.mark.parametrize(
    ("targets", "lacking"),
    [
        ([], ("pages_manage_metadata",)),
        ([{"scope": "pages_messaging"}], ("pages_manage_metadata",)),
        ([{"scope": "pages_messaging", "target_ids": ["20001"]}], ("pages_manage_metadata",)),
        ([{"scope": "pages_messaging", "target_ids": ["666"]}], WANTED),
        (["text", None], ("pages_manage_metadata",)),
    ],
)
def test_a_permission_counts_for_the_pages_that_it_was_given_for(targets: object, lacking: tuple[str, ...]) -> None:
    found = looked({"is_valid": True, "scopes": ["pages_messaging"], "granular_scopes": targets})
    assert found.lacking(WANTED, page_id="20001") == lacking


def test_the_targets_of_business_permissions_are_no_pages() -> None:
    found = looked(
        {"scopes": ["business_management"], "granular_scopes": [{"scope": "business_management", "target_ids": ["5"]}]}
    )
    assert found.lacking(("business_management",), page_id="20001") == ()
