"""Facebook tells the app, over real HTTP, that somebody left or wants to be forgotten."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from messenger_admin.sandbox.facebook import grants, signed_requests
from messenger_admin.sandbox.facebook.cast import CLAIRE
from messenger_admin.sandbox.store import opened
from pages.models import FacebookRequest
from pages.models.facebook import RequestKind
from pages.signed_requests import NotSigned, read
from tests.support.graph_sandbox import let_in

API = "/sandbox/api/facebook/signed-requests"


def send(client: Client, kind: str) -> Any:
    sent = json.dumps({"kind": kind, "user_id": CLAIRE.user_id})
    return client.post(API, sent, content_type="application/json").json()


def test_it_is_signed_as_the_app_checks_it() -> None:
    now = time.time()
    signed = signed_requests.signed(CLAIRE.user_id, secret="secret", now=now)

    assert read(signed, secret="secret", now=now).user_id == CLAIRE.user_id
    with pytest.raises(NotSigned):
        read(signed, secret="another", now=now)
    assert "=" not in signed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "recorded", "is_out"),
    [("deauthorise", RequestKind.DEAUTHORISED, True), ("deletion", RequestKind.DELETION, False)],
)
def test_the_app_is_told_and_its_answer_kept(
    client: Client, store: Path, settings: Settings, live_server: LiveServer, kind: str, recorded: str, is_out: bool
) -> None:
    settings.PUBLIC_URL = live_server.url
    let_in(store)

    said = send(client, kind)

    assert said["status"] == 200
    assert FacebookRequest.objects.get().kind == recorded
    with opened(store) as connection:
        assert (grants.of(connection, CLAIRE.user_id) is None) == is_out


@pytest.mark.django_db(transaction=True)
def test_the_page_that_says_what_was_done_is_a_click_away(
    client: Client, store: Path, settings: Settings, live_server: LiveServer
) -> None:
    settings.PUBLIC_URL = live_server.url

    said = send(client, "deletion")

    assert said["json"]["confirmation_code"]
    page = client.get(f"/sandbox/facebook/people/{CLAIRE.user_id}/").content.decode()
    assert f'href="{said["json"]["url"]}"' in page


def test_an_app_that_does_not_answer_is_said(client: Client, store: Path, settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"

    said = send(client, "deletion")
    assert (said["status"], said["answer"]) == (None, "ConnectionRefusedError")
    assert "no answer" in client.get("/sandbox/facebook/").content.decode()
