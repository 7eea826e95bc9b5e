"""The pages that a person administers, and what is known of one."""

from typing import Any

import pytest

from pages.graph import accounts
from tests.support.graph_api import graph, says


def account(number: int, **changes: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": f"Page {number}",
        "access_token": f"token-{number}",
        "category": "Shop",
        "tasks": ["MESSAGING", "MODERATE", "ANALYZE"],
        "picture": {"data": {"url": f"https://cdn.example.com/{number}.jpg", "width": 50}},
        **changes,
    }


def listed(*items: object) -> list[accounts.Account]:
    with graph(says({"data": list(items)})):
        return list(accounts.administered("long"))


def test_a_page_is_read_with_token_tasks_and_picture() -> None:
    (found,) = listed(account(20001))
    assert found == accounts.Account(
        page_id="20001",
        name="Page 20001",
        token="token-20001",
        category="Shop",
        tasks=("MESSAGING", "MODERATE", "ANALYZE"),
        picture_url="https://cdn.example.com/20001.jpg",
    )


def test_the_token_is_in_no_repr() -> None:
    assert "token-20001" not in repr(listed(account(20001)))


def test_every_result_page_is_followed_by_its_cursor() -> None:
    first = {
        "data": [account(20001)],
        "paging": {"cursors": {"after": "QQ"}, "next": "https://graph.facebook.com/…?access_token=secret"},
    }
    with graph(says(first), says({"data": [account(20002)], "paging": {"cursors": {"after": "ZZ"}}})) as far_end:
        found = [page.page_id for page in accounts.administered("long")]
    assert found == ["20001", "20002"]
    assert [asked.query.get("after") for asked in far_end.asked] == [None, "QQ"]
    assert far_end.asked[0].query["limit"] == "100"


@pytest.mark.parametrize(
    ("tasks", "missing"),
    [
        (["MESSAGING", "MODERATE"], ()),
        (["MESSAGING"], ("MODERATE",)),
        (["ANALYZE"], ("MESSAGING", "MODERATE")),
        (None, ("MESSAGING", "MODERATE")),
        ("MESSAGING", ("MESSAGING", "MODERATE")),
    ],
)
def test_the_tasks_that_are_missing_are_named(tasks: object, missing: tuple[str, ...]) -> None:
    assert listed(account(20001, tasks=tasks))[0].missing_tasks == missing


@pytest.mark.parametrize("picture", [None, {}, {"data": []}, {"data": {"url": "javascript:alert(1)"}}, "x"])
def test_a_picture_that_is_no_web_address_is_left_out(picture: object) -> None:
    assert listed(account(20001, picture=picture))[0].picture_url == ""


@pytest.mark.parametrize("item", [{}, {"id": ""}, {"id": "../me"}, {"id": None}, "text", 7])
def test_what_is_no_page_is_left_out(item: object) -> None:
    assert listed(item) == []


def test_nobody_who_administers_nothing_is_an_error() -> None:
    assert listed() == []


def test_name_and_picture_of_a_page() -> None:
    with graph(
        says({"id": "20001", "name": "Peter's", "picture": {"data": {"url": "https://c.example/p"}}})
    ) as far_end:
        found = accounts.profile("20001", "token")
    assert found == accounts.PageProfile(name="Peter's", picture_url="https://c.example/p")
    assert far_end.asked[0].path == "/v26.0/20001"
