"""The sandbox's Graph does what it was told, to whom it was told."""

import time
from typing import Any

import pytest
import requests

from messenger_admin.sandbox.behaviours import Kind, Side
from messenger_admin.sandbox.facebook import subscriptions
from messenger_admin.sandbox.facebook.cast import ATELIER, LIBRAIRIE
from messenger_admin.sandbox.store import opened
from tests.messenger_admin.sandbox.facebook.conftest import PageToken
from tests.support.graph_sandbox import Graph
from tests.support.sandbox import FarEnd

APPS = "me/subscribed_apps"


def tell(sandbox: FarEnd, kind: Kind, **options: Any) -> None:
    sandbox.tell(kind, side=Side.GRAPH, **options)


def subscribed(sandbox: FarEnd) -> list[str]:
    with opened(sandbox.store) as store:
        return subscriptions.fields_of(store, ATELIER.page_id)


@pytest.mark.parametrize(
    ("kind", "options", "status", "error"),
    [
        (Kind.PERMISSION_MISSING, {}, 403, (10, 0)),
        (Kind.PERMISSION_MISSING, {"code": 200}, 403, (200, 0)),
        (Kind.THROTTLED, {}, 403, (4, 0)),
        (Kind.THROTTLED, {"code": 32}, 403, (32, 0)),
        (Kind.THROTTLED, {"code": 613}, 403, (613, 0)),
        (Kind.TEMPORARY, {}, 500, (2, 0)),
        (Kind.GRAPH_ERROR, {"code": 368}, 400, (368, 0)),
        (Kind.GRAPH_ERROR, {"code": 10, "subcode": 1893063}, 403, (10, 1893063)),
        (Kind.TOKEN_DIES, {}, 401, (190, 463)),
        (Kind.TOKEN_DIES, {"subcode": 460}, 401, (190, 460)),
    ],
)
def test_an_error_is_answered_in_place_of_what_was_asked(
    sandbox: FarEnd,
    graph: Graph,
    of_page: PageToken,
    kind: Kind,
    options: dict[str, Any],
    status: int,
    error: tuple[int, int],
) -> None:
    tell(sandbox, kind, **options)

    said = graph.post(APPS, of_page(), subscribed_fields="messages")
    assert (said.status, said.error, subscribed(sandbox)) == (status, error, [])


def test_a_temporary_error_says_that_it_is_one(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.TEMPORARY)

    assert graph.get("me", of_page()).json["error"]["is_transient"] is True


def test_a_token_that_dies_stays_dead_and_a_new_one_lives(
    sandbox: FarEnd, graph: Graph, token: str, of_page: PageToken
) -> None:
    tell(sandbox, Kind.TOKEN_DIES, page_id=ATELIER.page_id, subcode=460)
    dead = of_page()
    graph.get("me", dead)

    assert graph.get("me", dead).error == (190, 460)
    assert graph.debug(dead)["is_valid"] is False
    assert graph.get("me", token).status == 200
    new = of_page()
    assert new != dead
    assert graph.get("me", new).status == 200


def test_only_the_page_that_is_named_is_concerned(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.TEMPORARY, page_id=ATELIER.page_id)

    assert graph.get("me", of_page()).error == (2, 0)
    assert graph.get("me", of_page(LIBRAIRIE.page_id)).status == 200
    # A page is also named by the address alone.
    assert graph.get(ATELIER.page_id).error == (2, 0)


def test_what_was_told_for_the_first_calls_is_over_after_them(
    sandbox: FarEnd, graph: Graph, of_page: PageToken
) -> None:
    tell(sandbox, Kind.TEMPORARY, remaining=2)

    assert [graph.get("me", of_page()).status for _ in range(3)] == [500, 500, 200]


def test_one_sort_of_call_is_named_by_its_path(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.TEMPORARY, contains="POST /me/subscribed_apps", skip=1)
    token = of_page()

    said = [graph.post(APPS, token, subscribed_fields="messages").status for _ in range(2)]
    assert (said, graph.get(APPS, token).status) == ([200, 500], 200)


def test_what_was_told_of_messages_does_not_concern_graph(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.TEMPORARY)
    # The newest wins, where it is for the same far end.
    sandbox.tell(Kind.DROP)

    assert graph.get("me", of_page()).error == (2, 0)
    with pytest.raises(Exception, match="b''"):
        sandbox.post()


@pytest.mark.parametrize(("kind", "used"), [(Kind.USAGE, 85), (Kind.THROTTLED, 100), (Kind.THROTTLED, 97)])
def test_usage_is_told_in_headers(sandbox: FarEnd, graph: Graph, of_page: PageToken, kind: Kind, used: int) -> None:
    tell(sandbox, kind, usage=used if used < 100 else 0)

    said = graph.get("me", of_page())
    counts = f'"call_count":{used},"total_cputime":{used},"total_time":{used}'
    assert said.headers["X-App-Usage"] == f"{{{counts}}}"
    assert counts in said.headers["X-Business-Use-Case-Usage"]
    assert said.headers["X-Business-Use-Case-Usage"].startswith(f'{{"{ATELIER.page_id}":')
    assert (said.status == 200) == (kind == Kind.USAGE)


def test_usage_is_told_with_a_refusal_too(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.USAGE, usage=90)

    said = graph.get("me/nothing", of_page())
    assert (said.error[0], '"call_count":90' in said.headers["X-App-Usage"]) == (2500, True)


def test_slow_answers_after_its_time(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.SLOW, seconds=0.3)
    began = time.monotonic()

    assert graph.get("me", of_page()).status == 200
    assert 0.3 <= time.monotonic() - began < 20


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.RESET, Kind.HALF, Kind.HANG])
def test_a_connection_that_breaks_leaves_it_done_and_unsaid(
    sandbox: FarEnd, graph: Graph, of_page: PageToken, kind: Kind
) -> None:
    tell(sandbox, kind, seconds=0.1)

    with pytest.raises(requests.RequestException):
        graph.post(APPS, of_page(), subscribed_fields="messages")
    assert subscribed(sandbox) == ["messages"]


def test_a_reset_before_reading_leaves_it_undone(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    tell(sandbox, Kind.RESET_UNREAD)

    with pytest.raises(requests.RequestException):
        graph.post(APPS, of_page(), subscribed_fields="messages")
    assert subscribed(sandbox) == []


@pytest.mark.parametrize(("delivers", "left"), [(True, ["messages"]), (False, [])])
def test_an_answer_may_lie_about_what_was_done(
    sandbox: FarEnd, graph: Graph, of_page: PageToken, delivers: bool, left: list[str]
) -> None:
    tell(sandbox, Kind.ANSWER, status=503, body='{"busy":true}', retry_after="7", delivers=delivers)

    said = graph.post(APPS, of_page(), subscribed_fields="messages")
    assert (said.status, said.json, said.headers["Retry-After"]) == (503, {"busy": True}, "7")
    assert subscribed(sandbox) == left
