"""Facebook's login dialog, as the browser of an administrator meets it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from messenger_admin.sandbox.facebook import grants
from messenger_admin.sandbox.facebook.cast import ATELIER, CLAIRE, HUGO, INES, LIBRAIRIE, PETERS
from messenger_admin.sandbox.store import opened
from pages.graph.login import dialog_url
from tests.support.graph_sandbox import Graph
from tests.support.sandbox import far_end

RETURN = f"{settings.PUBLIC_URL}/facebook/return/"
DIALOG = "/sandbox/facebook/v26.0/dialog/oauth"
EVERYTHING = ["pages_show_list", "pages_messaging", "pages_manage_metadata"]
ASKED = {
    "client_id": settings.FACEBOOK_APP_ID,
    "redirect_uri": RETURN,
    "state": "one-time é&=",
    "response_type": "code",
    "scope": ",".join(EVERYTHING),
}


@pytest.fixture(autouse=True)
def its_store(store: Path) -> Path:
    return store


def asked(**changed: str) -> dict[str, str]:
    return {name: value for name, value in (ASKED | changed).items() if value}


def query(params: dict[str, str]) -> str:
    made = QueryDict(mutable=True)
    made.update(params)
    return f"{DIALOG}?{made.urlencode()}"


def answer(client: Client, who: str, said: str, **ticked: Any) -> Any:
    return client.post(query(asked(**{"as": who})), {"answer": said, **ticked})


def returned(answered: Any) -> dict[str, list[str]]:
    assert answered.status_code == 302
    assert answered["Location"].startswith(RETURN)
    return parse_qs(urlsplit(answered["Location"]).query)


def grant(store: Path, user_id: str = CLAIRE.user_id) -> grants.Grant | None:
    with opened(store) as connection:
        return grants.of(connection, user_id)


def content(answered: Any) -> str:
    text: str = answered.content.decode()
    return text


def test_it_asks_who_one_is(client: Client) -> None:
    page = content(client.get(DIALOG, asked()))

    assert all(name in page for name in ("Claire Martin", "Hugo Bernard", "Inès Moreau"))
    assert "This is not Facebook" in page
    assert f"as={CLAIRE.user_id}" in page


def test_it_shows_pages_and_permissions_all_ticked(client: Client) -> None:
    page = content(client.get(DIALOG, asked(**{"as": CLAIRE.user_id})))

    assert page.count('name="page"') == 3
    assert page.count('name="scope"') == len(EVERYTHING)
    assert page.count("checked") == 3 + len(EVERYTHING)
    assert "Boulangerie Martin &amp; Filles" in page


def test_whoever_looks_after_none_is_told_so(client: Client) -> None:
    assert "You look after no page." in content(client.get(DIALOG, asked(**{"as": INES.user_id})))


def test_continue_brings_code_and_state_home(client: Client, its_store: Path) -> None:
    answered = answer(client, CLAIRE.user_id, "continue", page=[ATELIER.page_id], scope=EVERYTHING[:2])

    said = returned(answered)
    assert said["state"] == ["one-time é&="]
    assert answered["Location"].endswith("#_=_")
    granted = grant(its_store)
    assert granted
    assert (granted.page_ids, granted.scopes) == ((ATELIER.page_id,), ("public_profile", *EVERYTHING[:2]))
    with far_end(its_store) as sandbox:
        graph = Graph(sandbox.url)
        token = graph.exchange(redirect_uri=RETURN, code=said["code"][0]).json["access_token"]
        assert graph.get("me/accounts", token).ids == [ATELIER.page_id]


def test_nothing_is_granted_beyond_what_there_was_to_tick(client: Client, its_store: Path) -> None:
    ticked = {"page": [LIBRAIRIE.page_id, PETERS.page_id], "scope": ["pages_messaging", "business_management"]}
    returned(answer(client, CLAIRE.user_id, "continue", **ticked))

    granted = grant(its_store)
    assert granted
    assert granted.page_ids == (LIBRAIRIE.page_id,)
    assert granted.scopes == ("public_profile", "pages_messaging")


def test_unticking_everything_is_an_answer_too(client: Client, its_store: Path) -> None:
    assert "code" in returned(answer(client, CLAIRE.user_id, "continue"))

    granted = grant(its_store)
    assert granted
    assert (granted.page_ids, granted.scopes) == ((), ("public_profile",))


@pytest.mark.parametrize("who", ["", CLAIRE.user_id])
def test_cancel_brings_the_refusal_home(client: Client, its_store: Path, who: str) -> None:
    said = returned(answer(client, who, "cancel"))

    assert said["error"] == ["access_denied"]
    assert said["error_reason"] == ["user_denied"]
    assert said["error_description"] == ["Permissions error"]
    assert said["state"] == ["one-time é&="]
    assert grant(its_store) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"client_id": "1"}, "Invalid app ID"),
        ({"client_id": ""}, "Invalid app ID"),
        ({"redirect_uri": "https://evil.example/facebook/return/"}, "URL blocked"),
        ({"redirect_uri": settings.PUBLIC_URL + ".evil.example/"}, "URL blocked"),
        ({"redirect_uri": settings.PUBLIC_URL + "@evil.example/"}, "URL blocked"),
        ({"redirect_uri": ""}, "URL blocked"),
        ({"response_type": "token"}, "Response type not supported"),
        ({"scope": "pages_show_list,pages_eat_cake"}, "pages_eat_cake"),
        ({"config_id": "99"}, "Invalid configuration"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_does_not_fit_is_blocked_and_sent_nowhere(
    client: Client, its_store: Path, method: str, changed: dict[str, str], words: str
) -> None:
    address = query(asked(**{"as": CLAIRE.user_id, **changed}))
    answered = client.get(address) if method == "get" else client.post(address, {"answer": "continue"})

    assert answered.status_code == 400
    assert words in content(answered)
    assert grant(its_store) is None


def test_another_version_is_blocked(client: Client) -> None:
    answered = client.get(DIALOG.replace("v26.0", "v2.6"), asked())

    assert (answered.status_code, "not supported" in content(answered)) == (400, True)


def test_a_configuration_stands_for_the_scopes(client: Client, settings: Settings) -> None:
    settings.FACEBOOK_CONFIG_ID = "77"

    page = content(client.get(DIALOG, asked(config_id="77", scope="", **{"as": CLAIRE.user_id})))
    assert page.count('name="scope"') == len(settings.FACEBOOK_SCOPES)


def test_the_products_own_address_opens_it(client: Client) -> None:
    address = dialog_url(state="s", return_to=RETURN)

    assert address.startswith(f"{settings.PUBLIC_URL}/sandbox/facebook/")
    assert "Who are you?" in content(client.get(address.removeprefix(settings.PUBLIC_URL)))


def test_many_pages_can_be_searched(client: Client) -> None:
    page = content(client.get(DIALOG, asked(**{"as": HUGO.user_id})))

    assert "data-search" in page
    assert page.count('name="page"') == 121


def test_no_form_is_taken_from_another_site() -> None:
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.post(query(asked(**{"as": CLAIRE.user_id})), {"answer": "continue"}).status_code == 403


def test_it_speaks_french_and_holds_no_script_of_its_own(client: Client) -> None:
    page = content(client.get(DIALOG, asked(**{"as": CLAIRE.user_id}), headers={"accept-language": "fr"}))

    assert '<html lang="fr">' in page
    assert page.count("<script") == page.count("<script src=")
