"""docs/api.md and the clients beside it, run against the web server as it is started in earnest."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
import requests
from pytest_django import Settings

from messenger_admin.proof import servers
from messenger_admin.supervisor import stack
from notifications.api.documentation.refusals import REFUSALS
from notifications.models import Delivery
from optins.models import OptIn
from optins.states import OptInState
from pages.scopes import Scope
from tests.factories import LinkedPageFactory, NotificationFactory, OptInFactory
from tests.support import guide
from tests.support.api import secret_for
from tests.support.databases import database_url
from tests.support.processes import ROOT, environment, free_port, running, wait_for

PAGE_ID, CUSTOMER_ID = "322837607840703", "order-1234"
FOLDER = ROOT / "docs" / "clients"
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")

committed = pytest.mark.django_db(transaction=True)
with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@dataclass(frozen=True)
class Shop:
    address: str
    token: str

    @property
    def env(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "API": self.address, "TOKEN": self.token, "LC_ALL": "C.UTF-8"}


@pytest.fixture
def shop(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """granian over the test's own database, with a customer."""
    page = LinkedPageFactory(page_id=PAGE_ID)
    OptInFactory(page=page, customer_id=CUSTOMER_ID)
    body = {"text": "{{ first_name }}, your order is confirmed."}
    NotificationFactory(name="order-confirmed", body=body)
    token = secret_for(page, requests_per_second=1_000)
    settings.PORT = free_port()
    ours = {"DATABASE_URL": database_url(), "TOKEN_KEYS": ",".join(settings.TOKEN_KEYS)}
    env = environment(DATA_DIR=str(tmp_path), LOG_LEVEL="ERROR", SANDBOX="false", **ours)
    with running(*stack.web()._arguments, env=env) as server:
        wait_for(lambda: servers.listens(settings.PORT) or server.process.poll() is not None, "the web", seconds=180)
        yield Shop(f"http://127.0.0.1:{settings.PORT}", token)


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """The file by itself, as it would be copied."""
    spec = importlib.util.spec_from_file_location("messenger_admin_client", FOLDER / "messenger_admin_client.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def client(module: ModuleType, shop: Shop) -> Any:
    return module.MessengerAdmin(shop.address, token=shop.token, timeout=10)


def examples() -> list[tuple[str, Any]]:
    """Each call of the page, and what it says that it is answered."""
    return [(call, json.loads(told)) for call, told in re.findall(r"```sh\n(.*?)```\n\n```json\n(.*?)```", TEXT, re.S)]


def shape(told: Any) -> Any:
    """What stays of an answer when ids, dates and other values are left out."""
    if isinstance(told, dict):
        return {key: told[key] if key in {"status", "code", "message", "state"} else shape(told[key]) for key in told}
    return [shape(each) for each in told] if isinstance(told, list) else type(told).__name__


@committed
@with_curl
def test_each_call_of_the_page_is_answered_as_it_says(shop: Shop) -> None:
    assert len(examples()) == TEXT.count("```sh") == 6
    for call, told in examples():
        done = subprocess.run(["sh", "-euc", call], env=shop.env, capture_output=True, text=True, check=True)
        assert shape(json.loads(done.stdout)) == shape(told), call


@committed
def test_the_pages_python_runs_as_it_stands(shop: Shop) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    program = f"API, TOKEN = {shop.address!r}, {shop.token!r}\n{program}"
    env = environment(PYTHONPATH=str(FOLDER))

    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)

    assert done.stdout == "queued\n"


@committed
@with_curl
@pytest.mark.parametrize("customer_id", ["a/b?c#d 50%", "Ünïcode ☂"])
def test_the_shells_client_sends_once(shop: Shop, customer_id: str) -> None:
    optin = OptInFactory(page=OptIn.objects.get().page, customer_id=customer_id)
    command = ["sh", str(FOLDER / "curl.sh"), PAGE_ID, customer_id, "once"]

    said = [
        subprocess.run(command, env=shop.env, input=guide.text("receipt"), capture_output=True, text=True, check=True)
        for _time in range(2)
    ]

    assert said[0].stdout == said[1].stdout
    assert Delivery.objects.get().optin == optin


@committed
@with_curl
def test_the_shells_client_fails_with_what_is_wrong(shop: Shop) -> None:
    command = ["sh", str(FOLDER / "curl.sh"), PAGE_ID, "nobody", "once"]

    done = subprocess.run(command, env=shop.env, input=guide.text("text"), capture_output=True, text=True, check=False)

    assert done.returncode == 22
    assert json.loads(done.stdout)["errors"][0]["code"] == "customer_unknown"


@committed
@pytest.mark.parametrize("name", guide.NAMES)
def test_the_python_client_sends_the_guides_messages(client: Any, name: str) -> None:
    message = client.send(PAGE_ID, CUSTOMER_ID, guide.body(name))

    assert client.message(message["id"])["body"] == guide.body(name)


@committed
def test_the_python_client_does_all_that_it_offers(client: Any) -> None:
    client.opt_in(PAGE_ID, "loyalty/1", evidence="By phone", attributes={"first_name": "Marie"})
    forecast = client.try_out(PAGE_ID, "loyalty/1", {"notification": "order-confirmed"})
    batch = [{"page_id": PAGE_ID, "customer_id": each, "text": "Hello"} for each in ("loyalty/1", CUSTOMER_ID, "x")]
    answers = client.send_all(batch, key="hello")
    again = client.send_all(batch, key="hello")

    assert forecast["body"] == {"text": "Marie, your order is confirmed."}
    assert [answer["status"] for answer in answers] == [202, 202, 404]
    assert again == answers
    assert [each["state"] for each in client.messages(PAGE_ID, "loyalty/1")] == ["queued"]
    assert [each["customer_id"] for each in client.opt_ins(PAGE_ID, prefix="loyalty/")] == ["loyalty/1"]
    client.revoke(PAGE_ID, "loyalty/1", evidence="By phone")
    assert OptIn.objects.get(customer_id="loyalty/1").state == OptInState.REVOKED
    client.erase(PAGE_ID, "loyalty/1")
    assert not OptIn.objects.filter(customer_id="loyalty/1").exists()


@committed
def test_the_python_client_reads_lists_to_their_end(client: Any) -> None:
    optin = OptIn.objects.get()
    for number in range(120):
        OptInFactory(page=optin.page, customer_id=f"x{number}")

    assert len({each["customer_id"] for each in client.opt_ins(PAGE_ID)}) == 121


@committed
def test_the_python_client_says_what_is_wrong(client: Any, module: ModuleType) -> None:
    with pytest.raises(module.Refused) as refused:
        client.send(PAGE_ID, "nobody", {"text": "Hello"})

    assert (refused.value.status, refused.value.codes) == (404, ["customer_unknown"])


@committed
def test_the_python_client_waits_when_it_is_told_to(shop: Shop, module: ModuleType) -> None:
    slow = secret_for(OptIn.objects.get().page, requests_per_second=1)
    client = module.MessengerAdmin(shop.address, token=slow)

    for number in range(3):
        client.send(PAGE_ID, CUSTOMER_ID, {"text": f"Hello {number}"})

    assert Delivery.objects.count() == 3


class Moody(BaseHTTPRequestHandler):
    """Answers as `moods` say, one after the other, and keeps the keys that came; None hangs up without a word."""

    address: ClassVar[str]
    moods: ClassVar[list[int | None]] = []
    keys: ClassVar[list[str | None]] = []

    def do_POST(self) -> None:
        self.keys.append(self.headers["Idempotency-Key"])
        self.rfile.read(int(self.headers["Content-Length"]))
        status = self.moods.pop(0)
        if status is None:
            self.close_connection = True
            return
        body = json.dumps({"meta": {"status": "fail", "message": "Later"}, "errors": [], "data": {"id": 7}}).encode()
        self.send_response(status)
        if status != 202:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def moody() -> Iterator[type[Moody]]:
    Moody.moods, Moody.keys = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Moody) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Moody.address = f"http://127.0.0.1:{server.server_port}"
        yield Moody
        server.shutdown()


@pytest.mark.parametrize("mood", [429, 503, 409, None])
def test_the_python_client_tries_again_with_the_same_key(
    module: ModuleType, moody: type[Moody], mood: int | None
) -> None:
    moody.moods = [mood, 202]

    message = module.MessengerAdmin(moody.address, token="t").send(PAGE_ID, CUSTOMER_ID, guide.body("text"))

    assert message == {"id": 7}
    assert len(moody.keys) == 2
    assert len(set(moody.keys)) == 1
    assert moody.keys[0]


def test_the_python_client_gives_up_at_last(module: ModuleType, moody: type[Moody]) -> None:
    moody.moods = [503, 503, 503]

    with pytest.raises(module.Refused):
        module.MessengerAdmin(moody.address, token="t", tries=3).send(PAGE_ID, CUSTOMER_ID, guide.body("text"))

    assert len(moody.keys) == 3


def test_the_python_client_repeats_nothing_that_may_have_been_done_and_has_no_key(
    module: ModuleType, moody: type[Moody]
) -> None:
    moody.moods = [None]

    with pytest.raises(requests.ConnectionError):
        module.MessengerAdmin(moody.address, token="t").opt_in(PAGE_ID, CUSTOMER_ID, evidence="By phone")

    assert len(moody.keys) == 1


def test_the_page_lists_the_scopes_there_are() -> None:
    assert re.findall(r"^\| `([a-z]+:[a-z]+)` \|", TEXT, re.M) == Scope.values


def test_the_page_lists_the_statuses_there_are() -> None:
    listed = {int(status) for status in re.findall(r"^\| `(\d{3})` \|", TEXT, re.M)}

    assert listed == {*REFUSALS, 405}


def test_the_python_client_is_small() -> None:
    assert len((FOLDER / "messenger_admin_client.py").read_text().splitlines()) < 150
