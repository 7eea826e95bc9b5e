"""The API's definition and its page: valid, made of what judges, and readable by anybody."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

import notifications.api.urls  # noqa: F401  (puts the calls into the API)
from notifications import payloads
from notifications.api.documentation import definition as made
from notifications.api.documentation import refusals, taken
from notifications.api.documents import EXAMPLES
from notifications.api.doors import api
from optins import customer_ids
from optins.states import OptInState
from pages.scopes import Scope
from tests.factories import LinkedPageFactory, OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for
from tests.support.processes import ROOT

ADDRESS = "/documentation/definition.json"
SEND = "/social/facebook/messenger/pages/{page_id}/customers/{customer_id}/messages"

DOCUMENT: dict[str, Any] = json.loads(made.definition()[0])
COMPONENTS = DOCUMENT["components"]


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


OPERATIONS = dict(operations())
by_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        yield from part.get("discriminator", {}).get("mapping", {}).values() if "oneOf" in part else ()
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def at(reference: str) -> Any:
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_every_reference_leads_somewhere() -> None:
    assert all(at(reference) for reference in set(references(DOCUMENT)))


def test_every_schema_is_one() -> None:
    for schema in COMPONENTS["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_no_name_stands_for_two_schemas() -> None:
    """ninja's own and the message's meet under one roof."""
    plain = api.get_openapi_schema(path_prefix="")["components"]["schemas"]

    assert not plain.keys() & taken.schemas().keys()


def test_a_message_is_described_by_what_judges_it() -> None:
    message = payloads.schema("#/components/schemas/{model}")
    definitions = message.pop("$defs")

    # Beside the message, for the time after Facebook's window.
    message["properties"]["utility"] = {"$ref": "#/components/schemas/Utility"}
    assert COMPONENTS["schemas"].items() >= {**definitions, "Message": message}.items()


def test_parameters_have_the_limits_that_judge_them() -> None:
    assert COMPONENTS["parameters"]["CustomerId"]["schema"]["maxLength"] == customer_ids.MAX_LENGTH


@pytest.mark.parametrize("name", guide.NAMES)
def test_the_examples_are_the_guides_own_byte_for_byte(name: str) -> None:
    kept = ROOT / "notifications/api/documentation/examples" / f"{name}.json"

    assert kept.read_bytes() == guide.text(name).encode()
    assert COMPONENTS["examples"][name]["value"] == guide.body(name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_as_the_schema_says(name: str) -> None:
    body = OPERATIONS[f"POST {SEND}"]["requestBody"]["content"]["application/json"]
    schema = {**body["schema"], "components": COMPONENTS}

    assert body["examples"][name] == {"$ref": f"#/components/examples/{name}"}
    jsonschema.validate(COMPONENTS["examples"][name]["value"], schema, jsonschema.Draft202012Validator)


def test_the_example_of_a_batch_is_as_the_schema_says() -> None:
    schema = {**COMPONENTS["schemas"]["NewBatch"], "components": COMPONENTS}

    jsonschema.validate(COMPONENTS["examples"]["batch"]["value"], schema, jsonschema.Draft202012Validator)


@by_operation
def test_every_call_says_what_it_is(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert re.fullmatch(r"[a-z_]+", operation["operationId"])
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}


def test_each_tag_is_described_and_used() -> None:
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}

    assert all(tag["description"] for tag in DOCUMENT["tags"])
    assert used <= {tag["name"] for tag in DOCUMENT["tags"]}


@by_operation
def test_every_call_takes_a_token_in_three_ways_and_names_its_scope(operation: dict[str, Any]) -> None:
    ways = [next(iter(way.items())) for way in operation["security"]]

    assert [name for name, _scopes in ways] == ["BearerToken", "HeaderToken", "AddressToken"]
    assert {tuple(scopes) for _name, scopes in ways} <= {(scope,) for scope in Scope.values}


def test_the_token_in_the_address_is_said_to_be_kept_for_calls_that_exist() -> None:
    scheme = COMPONENTS["securitySchemes"]["AddressToken"]

    assert (scheme["in"], scheme["name"]) == ("query", "access_token")
    assert "kept for calls that exist" in scheme["description"]


@by_operation
def test_every_refusal_of_a_call_has_the_envelope_and_an_example(operation: dict[str, Any]) -> None:
    schema = {**COMPONENTS["schemas"]["Failure"], "components": COMPONENTS}
    told = {int(status): said for status, said in operation["responses"].items() if int(status) >= 400}

    assert told.keys() >= {401, 429, 500, 503}
    for status, reference in told.items():
        refusal = at(reference["$ref"])
        assert refusal["description"] == refusals.REFUSALS[status].meaning
        jsonschema.validate(refusal["content"]["application/json"]["example"], schema)


@pytest.mark.parametrize("status", ["429", "503"])
def test_who_has_to_wait_is_told_how_long(status: str) -> None:
    refusal = at(OPERATIONS[f"POST {SEND}"]["responses"][status]["$ref"])

    assert refusal["headers"]["Retry-After"] == {"$ref": "#/components/headers/RetryAfter"}


def test_a_call_that_takes_a_key_says_that_its_answer_may_be_an_old_one() -> None:
    taking = [
        operation
        for operation in OPERATIONS.values()
        if {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
    ]

    assert OPERATIONS[f"POST {SEND}"] in taking
    for operation in taking:
        taken = [said for status, said in operation["responses"].items() if status.startswith("2")]
        assert all("Idempotency-Replayed" in said["headers"] for said in taken)


@pytest.mark.django_db
def test_examples_of_refusals_are_sentences_that_are_really_said() -> None:
    page = LinkedPageFactory(page_id="322837607840703")
    theirs, caller = Caller(secret_for(LinkedPageFactory())), Caller(secret_for(page))
    address, text = messages_of(page, "order-1234"), guide.text("text")
    said = {
        400: caller.post(messages_of(page, "x" * 256), text),
        401: Caller("").post(address, text),
        403: theirs.post(address, text),
        404: caller.post(address, text),
        413: caller.post(address, " " * 1_000_001),
        415: caller.post(address, text, **{"content-type": "text/plain"}),
        422: caller.post(address, json.dumps({"text": "x" * 2012})),
    }
    OptInFactory(page=page, customer_id="order-1234", state=OptInState.REVOKED, ended_at=timezone.now())
    said[409] = caller.post(address, text)

    for status, answer in said.items():
        documented = refusals.REFUSALS[status].documented(status)["content"]["application/json"]["example"]
        assert (answer.status_code, answer.json()) == (status, documented)


def test_it_is_the_same_at_each_start() -> None:
    program = (
        "import django; django.setup()\n"
        "from notifications.api import urls\n"
        "from notifications.api.documentation.definition import definition\n"
        "print(definition()[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == made.definition()[1]


def test_it_is_read_without_a_token_and_sent_again_only_when_it_is_another() -> None:
    first = Client().get(ADDRESS)
    again = Client().get(ADDRESS, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"]) == (200, "application/json")
    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", [ADDRESS, "/documentation/"])
def test_it_is_for_reading(address: str) -> None:
    assert Client().post(address).status_code == 405


def test_the_page_holds_no_script_of_its_own_and_names_no_other_host() -> None:
    page = Client().get("/documentation/")
    text = page.content.decode()

    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert not re.findall(r"(?:src|href)=\"(?!/)", text)
    assert "'unsafe-inline'" not in page["Content-Security-Policy"].partition("script-src")[2].partition(";")[0]


def test_the_page_speaks_the_readers_language() -> None:
    page = Client().get("/documentation/", headers={"Accept-Language": "fr"})

    assert "Définition (OpenAPI)" in page.content.decode()


def test_in_production_its_files_are_there_under_names_that_change_with_them(settings: Any, tmp_path: Path) -> None:
    """The storage follows what files name in them, source maps too, and refuses what is not there."""
    settings.STATIC_ROOT = tmp_path
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", interactive=False, verbosity=0)

    text = Client().get("/documentation/").content.decode()

    named = re.findall(r"(?:src|href)=\"/static/([^\"]+)\"", text)
    assert all((tmp_path / name).is_file() for name in named)
    assert [name for name in named if re.search(r"swagger-ui-bundle\.[0-9a-f]{12}\.js", name)]
