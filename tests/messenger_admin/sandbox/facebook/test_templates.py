"""Utility templates: sent in, looked at a moment later, approved or rejected, and told."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from messenger_admin.sandbox.facebook import subscriptions, templates
from messenger_admin.sandbox.facebook.cast import ATELIER, LIBRAIRIE
from messenger_admin.sandbox.facebook.graph.template_rules import rejection
from messenger_admin.sandbox.store import opened
from tests.messenger_admin.sandbox.facebook.conftest import PageToken
from tests.support.graph_sandbox import Graph
from tests.support.sandbox import FarEnd

TEMPLATES = f"{ATELIER.page_id}/message_templates"
TEXT = "Bonjour {{prenom}}, la commande {{numero}} vient de partir de notre entrepôt."
SAMPLES = [{"param_name": "prenom", "example": "Claire"}, {"param_name": "numero", "example": "871"}]
BODY = {"type": "BODY", "text": TEXT, "example": {"body_text_named_params": SAMPLES}}
URL = {
    "type": "URL",
    "text": "Suivre mon colis",
    "url": "https://shop.example/suivi/{{1}}",
    "example": {"url_suffix_example": "https://shop.example/suivi/871"},
}


def template(**changed: Any) -> dict[str, Any]:
    buttons = {"type": "BUTTONS", "buttons": [URL]}
    sound = {"name": "commande_expediee", "language": "fr", "category": "UTILITY", "parameter_format": "NAMED"}
    return {**sound, "components": [BODY, buttons], **changed}


def body(text: str, *samples: str) -> dict[str, Any]:
    """A template with numbered placeholders."""
    example = {"example": {"body_text": [list(samples)]}} if samples else {}
    return template(parameter_format="POSITIONAL", components=[{"type": "BODY", "text": text, **example}])


def button(**one: Any) -> dict[str, Any]:
    return template(components=[BODY, {"type": "BUTTONS", "buttons": [one]}])


@pytest.fixture
def decided(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Waits until the far end has looked at everything; it does so at its next tick."""
    monkeypatch.setattr(templates, "DECISION_SECONDS", 0.0)

    def wait() -> None:
        end = time.monotonic() + 60
        while any(one.status == "PENDING" for one in found(sandbox)):
            assert time.monotonic() < end
            time.sleep(0.05)

    return wait


def found(sandbox: FarEnd) -> list[templates.Template]:
    with opened(sandbox.store) as store:
        return templates.find(store)


def test_a_template_waits_and_is_approved_by_itself(
    sandbox: FarEnd, graph: Graph, of_page: PageToken, decided: Callable[[], None]
) -> None:
    token = of_page()

    made = graph.post(TEMPLATES, token, json=template()).json
    assert (made["status"], made["category"], made["id"].isdecimal()) == ("PENDING", "UTILITY", True)
    decided()

    (listed,) = graph.get(TEMPLATES, token, name="commande_expediee").json["data"]
    assert (listed["id"], listed["status"], listed["language"]) == (made["id"], "APPROVED", "fr")
    assert listed["components"] == template()["components"]
    with opened(sandbox.store) as store:
        assert templates.approved(store, ATELIER.page_id, "commande_expediee", "fr")
        assert templates.approved(store, ATELIER.page_id, "commande_expediee", "en") is None


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (body("Bonjour {{1}}, profitez de nos soldes dès demain matin.", "Claire"), "TAG_SHOULD_BE_MARKETING"),
        (body("Votre {{1}} de {{2}} arrive.", "a", "b"), "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT"),
        (body("{{1}}, votre commande est partie de notre entrepôt.", "Claire"), "INCORRECT_PARAMS"),
        (body("Votre commande est partie de notre entrepôt, {{1}}.", "Claire"), "INCORRECT_PARAMS"),
        (body("Bonjour {{2}}, votre commande est partie ce matin.", "x", "Claire"), "INCORRECT_PARAMS"),
        (body("Bonjour {{1}, votre commande est partie ce matin."), "INCORRECT_PARAMS"),
        (body("Bonjour {{1}}, confirmez votre mot de passe avec nous.", "Claire"), "SENSITIVE_IDENTIFIERS"),
        (body("Bonjour {{2}} de {{1}}, votre commande est partie ce matin même.", "a", "b"), ""),
        (body("Votre commande est partie de notre entrepôt."), ""),
        (template(), ""),
    ],
)
def test_what_a_template_says_is_judged(sent: dict[str, Any], reason: str) -> None:
    assert rejection(sent) == reason


def test_a_rejected_template_says_why(graph: Graph, of_page: PageToken, decided: Callable[[], None]) -> None:
    token = of_page()
    graph.post(TEMPLATES, token, json=body("Bonjour {{1}}, profitez des soldes dès demain matin.", "Claire"))
    decided()

    (listed,) = graph.get(TEMPLATES, token, status="REJECTED").json["data"]
    assert listed["rejected_reason"] == "TAG_SHOULD_BE_MARKETING"
    assert graph.get(TEMPLATES, token, status="APPROVED").json == {"data": []}


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (template(name="Commande expédiée"), (100, 0)),
        (template(name=""), (100, 0)),
        (template(language="français"), (100, 0)),
        (template(category="MARKETING"), (100, 0)),
        (template(components=None), (100, 0)),
        (template(components=[]), (100, 0)),
        (template(components=["BODY"]), (100, 0)),
        (template(components=[BODY, BODY]), (100, 0)),
        (template(components=[BODY, {"type": "FOOTER", "text": "x"}]), (100, 0)),
        (body("x" * 1_025), (100, 0)),
        (body(""), (100, 0)),
        (body("Bonjour {{1}}, votre commande est partie ce matin."), (100, 0)),
        (body("Bonjour {{1}} et {{2}}, votre commande est partie ce matin.", "Claire"), (100, 0)),
        (template(components=[{"type": "BODY", "text": TEXT}]), (100, 0)),
        (template(components=[BODY, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}]), (100, 0)),
        (button(type="QUICK_REPLY", text="Oui"), (100, 2018416)),
        (button(type="URL", text="x" * 21, url="https://shop.example"), (100, 0)),
        (button(type="URL", text="", url="https://shop.example"), (100, 0)),
        (button(type="URL", text="Suivre"), (100, 0)),
        (button(type="URL", text="Suivre", url="https://shop.example/{{1}}"), (100, 0)),
        (button(type="PHONE_NUMBER", text="Appeler", phone_number="0102030405"), (100, 0)),
        (template(components=[BODY, {"type": "BUTTONS", "buttons": []}]), (100, 0)),
        (template(components=[BODY, {"type": "BUTTONS", "buttons": [URL] * 4}]), (100, 0)),
    ],
)
def test_what_is_no_template_is_refused_at_once(
    sandbox: FarEnd, graph: Graph, of_page: PageToken, sent: dict[str, Any], error: tuple[int, int]
) -> None:
    said = graph.post(TEMPLATES, of_page(), json=sent)

    assert (said.status, said.error, found(sandbox)) == (400, error, [])


def test_a_name_is_taken_once_in_each_language(graph: Graph, of_page: PageToken) -> None:
    token = of_page()

    assert graph.post(TEMPLATES, token, json=template()).status == 200
    assert graph.post(TEMPLATES, token, json=template()).error == (100, 0)
    assert graph.post(TEMPLATES, token, json=template(language="en")).status == 200
    other = graph.post(f"{LIBRAIRIE.page_id}/message_templates", of_page(LIBRAIRIE.page_id), json=template())
    assert other.status == 200


def test_templates_are_turned_by_cursor(graph: Graph, of_page: PageToken) -> None:
    token = of_page()
    for number in range(3):
        graph.post(TEMPLATES, token, json=template(name=f"commande_{number}"))

    first = graph.get(TEMPLATES, token, limit="2").json
    second = graph.get(TEMPLATES, token, limit="2", after=first["paging"]["cursors"]["after"]).json
    names = [one["name"] for one in first["data"] + second["data"]]
    assert (names, "next" in second["paging"]) == (["commande_0", "commande_1", "commande_2"], False)


def test_a_template_is_erased_in_every_language_or_in_one(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    token = of_page()
    ids = [graph.post(TEMPLATES, token, json=template(language=one)).json["id"] for one in ("fr", "en", "de")]

    assert graph.delete(TEMPLATES, token, hsm_id=ids[0]).json == {"success": True}
    assert [one.language for one in found(sandbox)] == ["en", "de"]
    assert graph.delete(TEMPLATES, token, name="commande_expediee").json == {"success": True}
    assert found(sandbox) == []
    assert graph.delete(TEMPLATES, token, name="commande_expediee").error == (100, 0)
    assert graph.delete(TEMPLATES, token).error == (100, 0)


def test_nobody_without_the_permission_has_templates(graph: Graph, of_page: PageToken) -> None:
    token = of_page(scopes=["pages_messaging", "pages_show_list"])

    assert graph.get(TEMPLATES, token).error == (200, 0)


def test_either_spelling_of_the_permission_does(graph: Graph, of_page: PageToken) -> None:
    token = of_page(scopes=["pages_messaging", "page_utility_messaging"])

    assert graph.get(TEMPLATES, token).json == {"data": []}


def test_a_template_is_copied_from_the_library(
    graph: Graph, of_page: PageToken, token: str, decided: Callable[[], None]
) -> None:
    (entry,) = graph.get("message_template_library", token, name_or_content="shipped", language="fr").json["data"]
    buttons = [{"type": "URL", "url": {"base_url": "https://shop.example/suivi"}}]
    copy = {"name": "colis", "language": "fr", "category": "UTILITY", "library_template_name": entry["name"]}

    made = graph.post(TEMPLATES, of_page(), json={**copy, "library_template_button_inputs": buttons})
    assert made.status == 200
    decided()
    (listed,) = graph.get(TEMPLATES, of_page()).json["data"]
    assert (listed["status"], listed["components"][1]["text"]) == ("APPROVED", entry["body"])
    assert graph.post(TEMPLATES, of_page(), json={**copy, "library_template_name": "none"}).error == (100, 0)


def test_a_decision_is_told_to_the_app_that_listens(
    sandbox: FarEnd, graph: Graph, of_page: PageToken, decided: Callable[[], None]
) -> None:
    with opened(sandbox.store) as store:
        subscriptions.subscribe(store, ATELIER.page_id, ["message_template_status_update"])
    made = graph.post(TEMPLATES, of_page(), json=template()).json
    decided()

    with opened(sandbox.store) as store:
        (told,) = store.execute("SELECT page_id, event FROM outbox").fetchall()
    assert told["page_id"] == ATELIER.page_id
    assert '"event":"APPROVED"' in told["event"]
    assert made["id"] in told["event"]
