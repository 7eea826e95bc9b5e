"""The Send API over real HTTP: who may send what to whom, when, and what is answered."""

import json
from typing import Any

import pytest
import requests

from messenger_admin.sandbox.facebook import accounts, grants, templates
from messenger_admin.sandbox.facebook.cast import ATELIER, BOULANGERIE, CLAIRE, LIBRAIRIE
from messenger_admin.sandbox.messenger import acts
from tests.support.graph_sandbox import Graph
from tests.support.messenger_sandbox import Messenger, messenger
from tests.support.sandbox import FarEnd

DAY = 86_400


def test_a_message_is_taken_and_on_record(page: Messenger) -> None:
    claire = page.person()

    said = page.send(claire.psid, {"text": "Bonjour é", "metadata": "mine"})

    (received,) = page.far_end.received()
    assert said.status == 200
    assert said.json == {"recipient_id": claire.psid, "message_id": received.message_id}
    assert received.message_id.startswith("m_")
    assert (received.page_id, received.customer_id, received.status) == (page.page_id, claire.psid, 200)
    assert received.delivered
    assert received.json["message"] == {"text": "Bonjour é", "metadata": "mine"}


def test_me_is_the_page_of_the_token(page: Messenger) -> None:
    assert page.send(page.person().psid, path="me/messages").status == 200
    assert page.far_end.received()[0].page_id == page.page_id


@pytest.mark.parametrize("way", ["query", "header", "body"])
def test_the_token_comes_in_any_of_three_places(page: Messenger, way: str) -> None:
    body = {"recipient": {"id": page.person().psid}, "messaging_type": "UPDATE", "message": {"text": "Hi"}}
    answer = requests.post(
        f"{page.far_end.url}/v26.0/{page.page_id}/messages",
        params={"access_token": page.token} if way == "query" else {},
        headers={"Authorization": f"Bearer {page.token}"} if way == "header" else {},
        json=body | ({"access_token": page.token} if way == "body" else {}),
        timeout=30,
    )

    assert answer.status_code == 200


def test_usage_is_said_with_every_answer(page: Messenger) -> None:
    taken, refused = page.send(page.person().psid), page.send("1")

    for said in (taken, refused):
        assert json.loads(said.headers["X-App-Usage"])["call_count"] == 2
        business = json.loads(said.headers["X-Business-Use-Case-Usage"])
        assert business[page.page_id][0]["estimated_time_to_regain_access"] == 0


@pytest.mark.parametrize(
    ("seconds", "envelope", "error"),
    [
        (DAY - 5, {"messaging_type": "UPDATE"}, (0, 0)),
        (DAY - 5, {"messaging_type": "RESPONSE"}, (0, 0)),
        (DAY + 1, {"messaging_type": "UPDATE"}, (10, 2018278)),
        (DAY + 1, {"messaging_type": "RESPONSE"}, (10, 2018278)),
        (None, {"messaging_type": "UPDATE"}, (10, 2018278)),
        (7 * DAY - 5, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, (0, 0)),
        (7 * DAY + 1, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, (10, 2018278)),
        (5, {"messaging_type": "MESSAGE_TAG", "tag": "NON_PROMOTIONAL_SUBSCRIPTION"}, (10, 0)),
    ],
)
def test_the_window_is_open_so_long(
    page: Messenger, seconds: float | None, envelope: dict[str, Any], error: tuple[int, int]
) -> None:
    assert page.send(page.person(ago=seconds).psid, **envelope).error == error


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "NEVER_WAS", 7])
def test_tags_that_are_dead_or_unknown_are_refused(page: Messenger, tag: object) -> None:
    assert page.send(page.person().psid, messaging_type="MESSAGE_TAG", tag=tag).error == (100, 0)
    assert page.texts(page.person()) == []


def test_a_psid_of_nobody_or_of_another_page_is_no_user(sandbox: FarEnd, page: Messenger) -> None:
    other = messenger(sandbox, LIBRAIRIE.page_id)

    assert page.send("7999").error == (100, 2018001)
    assert page.send(other.person().psid).error == (100, 2018001)


def test_who_blocked_the_page_is_not_available(page: Messenger) -> None:
    claire = page.person()
    page.do(acts.block, claire, blocked=True)
    assert page.send(claire.psid).error == (551, 1545041)

    page.do(acts.block, claire, blocked=False)
    assert page.send(claire.psid).status == 200


def test_who_turned_messages_off_receives_none(page: Messenger) -> None:
    claire = page.person()
    page.do(acts.mute, claire, muted=True)

    assert page.send(claire.psid).error == (10, 2018108)


def test_a_sign_is_no_message(page: Messenger) -> None:
    claire = page.person()

    said = page.sign(claire.psid)

    assert said.json == {"recipient_id": claire.psid}
    assert [one.delivered for one in page.far_end.received()] == [False]
    assert page.sign(page.person(ago=DAY + 1).psid).error == (10, 2018278)


@pytest.mark.parametrize(
    ("subcode", "token"), [(0, "EAAnonsense"), (460, ""), (463, ""), (458, "")], ids=["unknown", "460", "463", "458"]
)
def test_a_dead_token_is_refused(page: Messenger, subcode: int, token: str) -> None:
    claire = page.person()
    if subcode:
        with page.store() as store:
            accounts.kill(store, subcode, token=page.token)

    said = Graph(page.far_end.url).post(
        f"{page.page_id}/messages",
        token or page.token,
        json={"recipient": {"id": claire.psid}, "messaging_type": "UPDATE", "message": {"text": "Hi"}},
    )

    assert (said.status, said.error) == (401, (190, subcode))
    assert [one.delivered for one in page.far_end.received()] == [False]


def test_a_page_is_only_written_for_with_its_own_token(page: Messenger) -> None:
    assert page.send(page.person().psid, path=f"{LIBRAIRIE.page_id}/messages").error == (100, 33)


def test_sending_needs_the_permission_and_the_task(sandbox: FarEnd, page: Messenger) -> None:
    psid = page.person().psid
    assert messenger(sandbox, BOULANGERIE.page_id).send(psid).error == (200, 0)

    with page.store() as store:
        grants.give(store, CLAIRE.user_id, scopes=["pages_show_list"], page_ids=[ATELIER.page_id])
    assert page.send(psid).error == (230, 0)


def test_an_unsupported_version_is_refused(page: Messenger) -> None:
    said = Graph(page.far_end.url).call(
        "POST", f"{page.page_id}/messages", page.token, version="v2.6", json={"recipient": {"id": "1"}}
    )

    assert said.error == (2635, 0)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_refused_in_facebooks_words(page: Messenger, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {page.token}", "Content-Type": "application/json"}
    url = f"{page.far_end.url}/v26.0/{page.page_id}/messages"

    answer = requests.post(url, data=body, headers=headers, timeout=30)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


BODY = {
    "type": "BODY",
    "text": "Bonjour {{prenom}}, la commande {{numero}} vient de partir de notre entrepôt.",
}
BUTTONS = {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Suivre", "url": "https://shop.example/suivi/{{1}}"}]}
NAMES = [
    {"type": "text", "parameter_name": "prenom", "text": "Claire"},
    {"type": "text", "parameter_name": "numero", "text": "871"},
]
LINK = {"type": "buttons", "parameters": [{"type": "URL", "url": "871"}]}


def utility(*components: Any, name: str = "parti", language: str = "fr") -> dict[str, Any]:
    return {"template": {"name": name, "language": {"code": language}, "components": list(components)}}


@pytest.fixture
def template(page: Messenger) -> None:
    with page.store() as store:
        made = templates.create(store, page.page_id, "parti", "fr", {"components": [BODY, BUTTONS]})
        templates.settle(store, made, templates.Status.APPROVED)


@pytest.mark.usefixtures("template")
def test_an_approved_template_goes_out_at_any_time(page: Messenger) -> None:
    claire = page.person(ago=400 * DAY)

    said = page.send(claire.psid, utility({"type": "body", "parameters": NAMES}, LINK), messaging_type="UTILITY")

    assert said.status == 200
    assert page.send(claire.psid).error == (10, 2018278)


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    "message",
    [
        utility({"type": "body", "parameters": NAMES[:1]}, LINK),
        utility({"type": "body", "parameters": NAMES}),
        utility({"type": "body", "parameters": [NAMES[0], NAMES[0]]}, LINK),
        utility({"type": "body", "parameters": [NAMES[0], {**NAMES[1], "text": ""}]}, LINK),
        utility({"type": "body", "parameters": NAMES}, LINK, name="other"),
        utility({"type": "body", "parameters": NAMES}, LINK, language="en"),
        {"attachment": {"type": "template", "payload": {"template_type": "utility"}}},
        {"text": "Hi"},
        {"template": {"name": "parti"}},
        {"template": "parti"},
        {"template": {"name": "parti", "language": {"code": "fr"}, "components": [7]}},
    ],
)
def test_a_template_needs_its_name_language_and_every_value(page: Messenger, message: Any) -> None:
    assert page.send(page.person().psid, message, messaging_type="UTILITY").error == (100, 0)


@pytest.mark.usefixtures("template")
def test_a_template_that_is_not_approved_is_refused(page: Messenger) -> None:
    with page.store() as store:
        store.execute("UPDATE facebook_templates SET status = 'REJECTED'")

    message = utility({"type": "body", "parameters": NAMES}, LINK)
    assert page.send(page.person().psid, message, messaging_type="UTILITY").error == (100, 0)
