"""From the code that the dialog brings to tokens, and what becomes of them."""

import time
from typing import Any

import pytest
from django.conf import settings

from messenger_admin.sandbox.facebook import accounts, grants, people
from messenger_admin.sandbox.facebook.cast import ATELIER, BOULANGERIE, CLAIRE, HUGO, INES, LIBRAIRIE, OPTICIANS, PETERS
from messenger_admin.sandbox.store import opened
from tests.messenger_admin.sandbox.facebook.conftest import PageToken
from tests.support.graph_sandbox import Graph, let_in, page_token
from tests.support.sandbox import FarEnd

RETURN = f"{settings.PUBLIC_URL}/facebook/return/"


def code(sandbox: FarEnd, redirect_uri: str = RETURN) -> str:
    with opened(sandbox.store) as store:
        grants.give(store, CLAIRE.user_id, scopes=settings.FACEBOOK_SCOPES, page_ids=[ATELIER.page_id])
        return grants.code_for(store, CLAIRE.user_id, redirect_uri=redirect_uri)


def test_a_code_becomes_a_token_for_some_hours(sandbox: FarEnd, graph: Graph) -> None:
    said = graph.exchange(redirect_uri=RETURN, code=code(sandbox)).json

    assert said["token_type"] == "bearer"
    assert 3_600 < said["expires_in"] < 10_000
    assert graph.get("me", said["access_token"]).json["name"] == "Claire Martin"


def test_a_token_is_prolonged_for_sixty_days(sandbox: FarEnd, graph: Graph) -> None:
    short = let_in(sandbox.store, long_lived=False)

    said = graph.exchange(grant_type="fb_exchange_token", fb_exchange_token=short).json

    assert abs(said["expires_in"] - 5_184_000) <= 2
    assert said["access_token"] != short
    assert graph.debug(said["access_token"])["type"] == "USER"


def test_a_code_is_good_once(sandbox: FarEnd, graph: Graph) -> None:
    asked = {"redirect_uri": RETURN, "code": code(sandbox)}

    assert "access_token" in graph.exchange(**asked).json
    assert graph.exchange(**asked).error == (100, 36009)


def test_a_code_dies_after_ten_minutes(sandbox: FarEnd, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "CODE_SECONDS", -1)

    assert graph.exchange(redirect_uri=RETURN, code=code(sandbox)).error == (100, 36007)


def test_a_code_is_worth_nothing_once_the_app_was_removed(sandbox: FarEnd, graph: Graph) -> None:
    text = code(sandbox)
    with opened(sandbox.store) as store:
        grants.revoke(store, CLAIRE.user_id)

    assert graph.exchange(redirect_uri=RETURN, code=text).error == (190, 458)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"redirect_uri": RETURN + "?other"}, (100, 36008)),
        ({"redirect_uri": ""}, (100, 36008)),
        ({"code": "AQnonsense"}, (100, 0)),
        ({"code": ""}, (1, 0)),
        ({"client_id": "1"}, (101, 0)),
        ({"client_id": ""}, (101, 0)),
        ({"client_secret": "wrong"}, (1, 0)),
        ({"client_secret": ""}, (101, 0)),
        ({"grant_type": "password"}, (100, 0)),
        ({"grant_type": "fb_exchange_token"}, (1, 0)),
        ({"grant_type": "fb_exchange_token", "fb_exchange_token": "EAAS-none"}, (190, 0)),
    ],
)
def test_an_exchange_that_does_not_fit_is_refused(
    sandbox: FarEnd, graph: Graph, changed: dict[str, str], error: tuple[int, int]
) -> None:
    asked = {"redirect_uri": RETURN, "code": code(sandbox), **changed}

    said = graph.exchange(**asked)
    assert said.error == error
    assert "access_token" not in said.json


def test_pages_come_with_token_category_tasks_and_picture(graph: Graph, token: str) -> None:
    said = graph.get("me/accounts", token, fields="id,name,access_token,category,tasks,picture", limit="100").json

    assert [page["name"] for page in said["data"]] == [ATELIER.name, LIBRAIRIE.name, BOULANGERIE.name]
    first, _, last = said["data"]
    assert first.keys() == {"id", "name", "access_token", "category", "tasks", "picture"}
    assert {"MESSAGING", "MODERATE"} <= set(first["tasks"])
    assert last["tasks"] == ["ADVERTISE", "ANALYZE"]
    assert graph.get("me", first["access_token"]).json["id"] == ATELIER.page_id
    assert "next" not in said["paging"]


def test_only_pages_that_were_shared_are_listed(sandbox: FarEnd, graph: Graph) -> None:
    token = let_in(sandbox.store, page_ids=[LIBRAIRIE.page_id])

    assert graph.get("me/accounts", token).ids == [LIBRAIRIE.page_id]


@pytest.mark.parametrize("granted", [{"page_ids": []}, {"scopes": ["pages_messaging"]}, {"who": INES}])
def test_there_may_be_no_page_at_all(sandbox: FarEnd, graph: Graph, granted: dict[str, Any]) -> None:
    said = graph.get("me/accounts", let_in(sandbox.store, **granted))

    assert (said.status, said.json) == (200, {"data": []})


def test_many_pages_are_turned_by_cursor(sandbox: FarEnd, graph: Graph) -> None:
    token = let_in(sandbox.store, HUGO)
    found: list[str] = []
    asked: dict[str, str] = {}
    while True:
        said = graph.get("me/accounts", token, fields="id,name", limit="50", **asked)
        found += said.ids
        if "next" not in said.json["paging"]:
            break
        asked = {"after": said.json["paging"]["cursors"]["after"]}

    assert (len(found), len(set(found)), found[0]) == (OPTICIANS + 1, OPTICIANS + 1, PETERS.page_id)


def test_the_address_of_the_next_page_works_as_it_is(sandbox: FarEnd, graph: Graph) -> None:
    token = let_in(sandbox.store, HUGO)
    first = graph.get("me/accounts", token, fields="id", limit="100").json
    following = first["paging"]["next"].partition("/v26.0/")[2]

    second = graph.call("GET", following)
    assert len(second.ids) == OPTICIANS + 1 - 100
    assert not set(second.ids) & {page["id"] for page in first["data"]}
    back = graph.call("GET", second.json["paging"]["previous"].partition("/v26.0/")[2])
    assert back.json["data"] == first["data"]


def test_a_pages_token_under_a_long_lived_one_has_no_end(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    said = graph.debug(of_page())

    assert (said["type"], said["is_valid"], said["expires_at"]) == ("PAGE", True, 0)
    assert said["profile_id"] == ATELIER.page_id
    assert said["user_id"] == CLAIRE.user_id
    assert set(settings.FACEBOOK_SCOPES) <= set(said["scopes"])
    (messaging,) = [one for one in said["granular_scopes"] if one["scope"] == "pages_messaging"]
    assert ATELIER.page_id in messaging["target_ids"]
    assert said["data_access_expires_at"] > time.time() + 80 * 86_400


def test_a_pages_token_under_a_short_lived_one_ends_with_it(sandbox: FarEnd, graph: Graph) -> None:
    token = let_in(sandbox.store, long_lived=False)

    said = graph.debug(page_token(sandbox.store, token, ATELIER.page_id))
    assert said["expires_at"] == graph.debug(token)["expires_at"] > 0


def test_a_page_keeps_its_token_from_listing_to_listing(graph: Graph, token: str) -> None:
    first, second = (graph.get("me/accounts", token).json["data"] for _ in range(2))

    assert first == second


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 467])
def test_a_killed_token_says_why(sandbox: FarEnd, graph: Graph, of_page: PageToken, subcode: int) -> None:
    token = of_page()
    with opened(sandbox.store) as store:
        accounts.kill(store, subcode, page_id=ATELIER.page_id)

    said = graph.get("me", token)
    assert (said.status, said.error) == (401, (190, subcode))
    described = graph.debug(token)
    assert (described["is_valid"], described["scopes"]) == (False, [])
    assert described["error"]["subcode"] == subcode


def test_an_expired_token_is_refused(sandbox: FarEnd, graph: Graph) -> None:
    with opened(sandbox.store) as store:
        old = accounts.issue(store, CLAIRE.user_id, long_lived=False, expires_at=time.time() - 1)

    assert graph.get("me", old.token).error == (190, 463)


def test_what_is_no_token_is_described_as_none(graph: Graph) -> None:
    said = graph.debug("EAAS-none")

    assert (said["is_valid"], said["error"]["code"]) == (False, 190)
    assert graph.get("debug_token", "EAAS-none", input_token="x").error == (190, 0)


def test_whoever_lost_their_part_in_a_page_lost_its_token(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    token = of_page()
    with opened(sandbox.store) as store:
        people.take(store, CLAIRE.user_id, ATELIER.page_id)

    assert graph.get("me/subscribed_apps", token).error == (190, 492)
    assert graph.debug(token)["is_valid"] is False


def test_permissions_are_listed_as_granted_or_declined(sandbox: FarEnd, graph: Graph) -> None:
    token = let_in(sandbox.store, scopes=["pages_show_list"])

    said = {one["permission"]: one["status"] for one in graph.get("me/permissions", token).json["data"]}
    assert (said["pages_show_list"], said["public_profile"]) == ("granted", "granted")
    assert said["pages_messaging"] == "declined"


def test_one_permission_is_taken_back(graph: Graph, token: str) -> None:
    assert graph.delete(f"{CLAIRE.user_id}/permissions/pages_show_list", token).json == {"success": True}

    assert graph.get("me/accounts", token).json == {"data": []}


def test_revoking_kills_every_token_of_the_person(graph: Graph, token: str, of_page: PageToken) -> None:
    of_a_page = of_page()

    assert graph.delete("me/permissions", token).json == {"success": True}
    assert [graph.get("me", one).error for one in (token, of_a_page)] == [(190, 458), (190, 458)]


@pytest.mark.parametrize("path", [f"{HUGO.user_id}/permissions", f"{HUGO.user_id}/accounts", HUGO.user_id])
def test_nobody_sees_what_is_another_persons(graph: Graph, token: str, path: str) -> None:
    assert graph.get(path, token).error in {(100, 33), (210, 0)}
