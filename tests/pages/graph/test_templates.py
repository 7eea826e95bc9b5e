"""A page's utility templates: what Facebook is asked, and how its answers are read."""

from typing import Any

import pytest

from pages.graph import templates
from pages.graph.client import GraphError, GraphUnreachable
from tests.support.graph_api import graph, refuses, says

BODY = {"type": "BODY", "text": "Hello {{1}}, your order has left.", "example": {"body_text": [["Claire"]]}}


def listed(**changes: Any) -> dict[str, Any]:
    known = {"id": "1045", "name": "order_left", "language": "en", "status": "APPROVED", "category": "UTILITY"}
    return {**known, "components": [BODY], "parameter_format": "POSITIONAL", **changes}


def test_all_of_a_page_are_read_across_result_pages() -> None:
    first = {"data": [listed()], "paging": {"cursors": {"after": "A"}, "next": "https://graph.facebook.com/next"}}
    second = {"data": [listed(id="1046", language="fr", status="REJECTED", rejected_reason="INCORRECT_PARAMS")]}
    with graph(says(first), says(second)) as far_end:
        found = list(templates.templates("20001", "token"))
    assert [(each.id, each.language, each.status, each.reason) for each in found] == [
        ("1045", "en", "APPROVED", ""),
        ("1046", "fr", "REJECTED", "INCORRECT_PARAMS"),
    ]
    assert [asked.path for asked in far_end.asked] == ["/v26.0/20001/message_templates"] * 2
    assert "components" in far_end.asked[0].query["fields"]
    assert far_end.asked[1].query["after"] == "A"


@pytest.mark.parametrize(
    "item",
    [
        {"name": "", "language": "en"},
        {"name": "a"},
        listed(category="MARKETING"),
    ],
    ids=["without a name", "without a language", "of another kind"],
)
def test_what_is_no_utility_template_is_left_out(item: dict[str, Any]) -> None:
    with graph(says({"data": [item]})):
        assert list(templates.templates("20001", "token")) == []


def test_a_listing_without_components_is_read_by_its_texts() -> None:
    item = {
        "name": "delivered",
        "language": "en",
        "header": "News",
        "body": "{{1}}, your order was delivered!",
        "body_params": ["Mark"],
        "buttons": [{"type": "URL", "text": "Manage", "url": "https://shop.example"}],
        "id": "7",
    }
    with graph(says({"data": [item]})):
        (found,) = templates.templates("20001", "token")
    assert found.components == [
        {"type": "HEADER", "format": "TEXT", "text": "News"},
        {"type": "BODY", "text": "{{1}}, your order was delivered!", "example": {"body_text": [["Mark"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Manage", "url": "https://shop.example"}]},
    ]


def test_a_template_is_created_as_it_was_written() -> None:
    body = {"name": "order_left", "language": "en", "category": "UTILITY", "components": [BODY]}
    with graph(says({"id": "1045", "status": "PENDING", "category": "UTILITY"})) as far_end:
        made = templates.create("20001", "token", body)
    (asked,) = far_end.asked
    assert (asked.method, asked.path, asked.json) == ("POST", "/v26.0/20001/message_templates", body)
    assert (made.id, made.status, made.components) == ("1045", "PENDING", [BODY])


def test_an_answer_that_names_no_template_made_none_for_certain() -> None:
    with graph(says({"success": True})), pytest.raises(GraphUnreachable):
        templates.create("20001", "token", {"name": "a", "language": "en"})


def test_facebooks_refusal_is_handed_on() -> None:
    with graph(refuses(100, message="It exists already.")), pytest.raises(GraphError, match="It exists already"):
        templates.create("20001", "token", {"name": "a", "language": "en"})


def test_one_language_is_deleted_and_no_other() -> None:
    with graph(says({"success": True})) as far_end:
        templates.delete("20001", "token", template_id="1045", name="order_left")
    (asked,) = far_end.asked
    assert (asked.method, asked.query["hsm_id"], asked.query["name"]) == ("DELETE", "1045", "order_left")


def test_a_deletion_that_is_not_confirmed_did_not_happen() -> None:
    with graph(says({})), pytest.raises(GraphUnreachable):
        templates.delete("20001", "token", template_id="1045", name="order_left")


def test_the_library_is_searched_in_a_language() -> None:
    entry = {"name": "order_confirmed", "language": "fr", "body": "Bonjour {{1}}, merci.", "body_params": ["Claire"]}
    with graph(says({"data": [entry]})) as far_end:
        (found,) = templates.library("token", words="order", language="fr")
    (asked,) = far_end.asked
    assert (asked.path, asked.query["name_or_content"], asked.query["language"]) == (
        "/v26.0/message_template_library",
        "order",
        "fr",
    )
    assert (found.name, found.components[0]["text"]) == ("order_confirmed", "Bonjour {{1}}, merci.")
