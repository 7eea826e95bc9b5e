"""The sandbox's screens about Facebook, and the same for scripts."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from messenger_admin.sandbox.behaviours import digest
from messenger_admin.sandbox.facebook import accounts, grants, people, subscriptions, templates
from messenger_admin.sandbox.facebook.cast import ATELIER, CLAIRE, HUGO, INES
from messenger_admin.sandbox.store import opened
from tests.support.graph_sandbox import let_in, page_token

pytestmark = pytest.mark.django_db
FACEBOOK = "/sandbox/facebook/"
API = "/sandbox/api/facebook"
CLAIRES = f"{FACEBOOK}people/{CLAIRE.user_id}/"


@pytest.fixture
def token(store: Path) -> str:
    """Of one of the pages that Claire shared."""
    return page_token(store, let_in(store), ATELIER.page_id)


def content(answered: Any) -> str:
    text: str = answered.content.decode()
    return text


def said(client: Client, path: str, **sent: Any) -> Any:
    return client.post(f"{API}/{path}", json.dumps(sent), content_type="application/json")


def dead(store: Path, token: str) -> int:
    with opened(store) as connection:
        found = accounts.find(connection, token)
        assert found
        return found.dead_subcode


def template(store: Path) -> str:
    with opened(store) as connection:
        body = {"components": [{"type": "BODY", "text": "Bonjour"}], "category": "UTILITY"}
        return templates.create(connection, ATELIER.page_id, "commande", "fr", body).id


def test_an_untouched_facebook_lists_people_and_explains_the_rest(client: Client, store: Path) -> None:
    page = content(client.get(FACEBOOK))

    assert all(one.name in page for one in (CLAIRE, HUGO, INES))
    assert "None yet" in page
    assert "None was sent in" in page


def test_pages_show_their_tokens_and_what_is_subscribed(client: Client, store: Path, token: str) -> None:
    with opened(store) as connection:
        subscriptions.subscribe(connection, ATELIER.page_id, ["messages", "message_reads"])

    page = content(client.get(FACEBOOK))
    assert "2 fields subscribed" in page
    assert "messages, message_reads" in page


def test_a_token_is_never_shown_whole(client: Client, store: Path, token: str) -> None:
    shown = [content(client.get(address)) for address in (FACEBOOK, CLAIRES, API)]

    assert not any(token in page for page in shown)
    assert all(f"{token[:4]}…{token[-4:]}" in page for page in shown[1:])


def test_somebody_who_is_not_there_leads_back(client: Client, store: Path) -> None:
    answered = client.get(f"{FACEBOOK}people/nobody/", follow=True)

    assert (answered.redirect_chain, "There is nobody" in content(answered)) == ([(FACEBOOK, 302)], True)


def test_one_token_is_killed_and_no_other(client: Client, store: Path, token: str) -> None:
    client.post(f"{FACEBOOK}tokens/kill/", {"user_id": CLAIRE.user_id, "digest": digest(token), "subcode": "460"})

    assert dead(store, token) == 460
    with opened(store) as connection:
        assert len(accounts.living(connection, user_id=CLAIRE.user_id)) == 1


@pytest.mark.parametrize(
    ("named", "status", "killed"),
    [
        ({"page_id": ATELIER.page_id}, 201, 1),
        ({"user_id": CLAIRE.user_id}, 201, 2),
        ({"user_id": HUGO.user_id}, 201, 0),
        ({}, 400, None),
        ({"subcode": 1}, 400, None),
        ({"page": ATELIER.page_id}, 400, None),
    ],
)
def test_scripts_kill_a_pages_tokens_or_a_persons(
    client: Client, store: Path, token: str, named: dict[str, Any], status: int, killed: int | None
) -> None:
    answered = said(client, "kill", **{"subcode": 463, **named})

    assert (answered.status_code, answered.json().get("killed")) == (status, killed)


def test_somebody_and_a_page_are_added_by_hand(client: Client, store: Path) -> None:
    answered = client.post(f"{FACEBOOK}people/add/", {"name": "Léa Petit"}, follow=True)
    user_id = answered.redirect_chain[-1][0].split("/")[-2]
    form = {"user_id": user_id, "name": "Chez Léa", "category": "Café", "tasks": ["MESSAGING"]}

    page = content(client.post(f"{FACEBOOK}pages/add/", form, follow=True))

    assert "Chez Léa" in page
    assert "without MODERATE" in page


def test_a_page_that_lacks_its_name_comes_back_as_it_was(client: Client, store: Path) -> None:
    form = {"user_id": CLAIRE.user_id, "name": "", "category": "Café", "page_id": "abc"}

    page = content(client.post(f"{FACEBOOK}pages/add/", form))
    assert 'value="Café"' in page
    assert "Digits alone." in page


def test_scripts_add_people_and_pages(client: Client, store: Path) -> None:
    who = said(client, "people", name="Léa Petit").json()
    page = said(client, "pages", user_id=who["user_id"], name="Chez Léa", tasks=["MESSAGING", "MODERATE"])

    assert page.status_code == 201
    with opened(store) as connection:
        (role,) = people.roles(connection, who["user_id"])
    assert (role.page.page_id, role.tasks) == (page.json()["page_id"], ("MESSAGING", "MODERATE"))
    assert said(client, "pages", user_id="nobody", name="x").status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b"not json"])
def test_scripts_send_objects(client: Client, store: Path, body: bytes) -> None:
    assert client.post(f"{API}/people", body, content_type="application/json").status_code == 400
    assert client.post(f"{API}/people", {"name": "x"}).status_code == 415


def test_a_permission_is_taken_back_without_a_word(client: Client, store: Path, token: str) -> None:
    form = {"user_id": CLAIRE.user_id, "permission": "pages_messaging"}
    client.post(f"{FACEBOOK}permissions/revoke/", form)

    with opened(store) as connection:
        granted = grants.of(connection, CLAIRE.user_id)
    assert granted
    assert "pages_messaging" not in granted.scopes
    assert dead(store, token) == 0
    assert said(client, "revoke", user_id=CLAIRE.user_id).status_code == 201
    assert dead(store, token) == 458


@pytest.mark.parametrize(("status", "reason"), [("APPROVED", "NONE"), ("REJECTED", "TAG_SHOULD_BE_MARKETING")])
def test_a_template_is_decided_on_by_hand(client: Client, store: Path, status: str, reason: str) -> None:
    one = template(store)
    assert "PENDING" in content(client.get(FACEBOOK))

    client.post(f"{FACEBOOK}templates/decide/", {"id": one, "status": status, "reason": reason})

    with opened(store) as connection:
        (decided,) = templates.find(connection, template_id=one)
    assert (decided.status, decided.reason) == (status, reason)
    assert said(client, "templates", id="1", status=status).status_code == 404


def test_starting_afresh_forgets_all_but_the_cast(client: Client, store: Path, token: str) -> None:
    template(store)
    said(client, "people", name="Léa Petit")

    page = content(client.post(f"{FACEBOOK}reset/", follow=True))

    assert "first day" in page
    state = client.get(API).json()
    assert [one["name"] for one in state["people"]] == [CLAIRE.name, HUGO.name, INES.name]
    assert (state["templates"], state["connected"], len(state["people"][1]["pages"])) == ([], [], 121)


def test_scripts_start_afresh_too(client: Client, store: Path, token: str) -> None:
    state = client.delete(API).json()

    assert state["people"][0]["granted"] is None


@pytest.mark.parametrize("path", ["reset/", "tokens/kill/", "people/add/", "signed-requests/", "templates/decide/"])
def test_what_changes_something_is_never_a_mere_address(client: Client, store: Path, path: str) -> None:
    assert client.get(FACEBOOK + path).status_code == 405
    assert Client(enforce_csrf_checks=True).post(FACEBOOK + path).status_code == 403


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "graph_error", "side": "graph"}, "code"),
        ({"kind": "usage", "side": "send"}, "usage"),
        ({"kind": "temporary"}, "side"),
        ({"kind": "twice", "side": "graph"}, "side"),
        ({"kind": "slow", "seconds": 1, "side": "graph", "customer_prefix": "FR"}, "customer_prefix"),
        ({"kind": "drop", "contains": "x"}, "contains"),
        ({"kind": "drop", "side": "moon"}, "side"),
        ({"kind": "throttled", "side": "graph", "usage": 101}, "usage"),
    ],
)
def test_a_telling_that_makes_no_sense_is_refused(
    client: Client, store: Path, sent: dict[str, Any], field: str
) -> None:
    answered = client.post("/sandbox/api/behaviours", json.dumps(sent), content_type="application/json")

    assert answered.status_code == 400
    assert [one["field"] for one in answered.json()["errors"]] == [field]


def test_a_telling_of_facebooks_is_kept_and_said_in_words(client: Client, store: Path) -> None:
    sent = {"kind": "graph_error", "side": "graph", "code": 10, "subcode": 1893063, "page_id": ATELIER.page_id}

    client.post("/sandbox/behaviour/", {**sent, "contains": "subscribed_apps", "skip": 2})
    page = content(client.get("/sandbox/behaviour/"))
    assert "Facebook: answers an error, 10/1893063" in page
    assert "Facebook: everything else (Graph API)" in page
    (told,) = client.get("/sandbox/api/behaviours").json()["behaviours"]
    assert (told["side"], told["skip"], told["contains"], told["delivers"]) == ("graph", 2, "subscribed_apps", False)


@pytest.mark.parametrize("of", [ATELIER.page_id, "1", "<b>"])
def test_everybody_has_a_picture(client: Client, store: Path, of: str) -> None:
    answered = client.get(f"{FACEBOOK}pictures/{of}.svg")

    assert (answered.status_code, answered["Content-Type"]) == (200, "image/svg+xml")
    assert "<b>" not in content(answered)


@pytest.mark.parametrize("address", [FACEBOOK, CLAIRES])
def test_the_screens_speak_french_and_hold_no_script(client: Client, store: Path, token: str, address: str) -> None:
    page = content(client.get(address, headers={"accept-language": "fr"}))

    assert '<html lang="fr">' in page
    assert page.count("<script") == page.count("<script src=")
    assert " onclick" not in page
