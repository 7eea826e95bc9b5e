"""The servers of the benchmark: the product's as the product starts it, and the bare view that it is compared with."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pytest_django import Settings

from bench.stack import web
from messenger_admin.supervisor import stack
from tests.support.processes import ROOT

CALLS = """
from django.test import RequestFactory
from bench.peers.bare_view import application, main

for customer_id in ("order-1", "loyalty/4711"):
    address = f"/social/facebook/messenger/pages/1/customers/{customer_id}/messages"
    request = RequestFactory(HTTP_HOST="127.0.0.1").post(address, {"text": "Hello"}, content_type="application/json")
    print(application.get_response(request).status_code)
main()
"""


def test_it_is_served_with_the_options_of_the_product(settings: Settings) -> None:
    settings.ACCESS_LOG = False

    assert web.command("messenger_admin.wsgi:application", port=settings.PORT) == stack.web()._arguments


def test_the_bare_view_inserts_a_row_for_each_call(tmp_path: Path) -> None:
    env = os.environ | {"PEER_DATABASE": f"sqlite:///{tmp_path / 'peer.sqlite3'}"}

    def said(*arguments: str) -> list[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    (made,) = said("-m", "bench.peers.bare_view", "{}")
    *statuses, after = said("-c", CALLS)

    assert (json.loads(made), statuses, json.loads(after)) == ({"rows": 0}, ["200", "200"], {"rows": 2})
