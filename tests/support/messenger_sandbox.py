"""The sandbox's Messenger in tests: people on a page, calls of the Send API, and an app that listens to webhooks."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from messenger_admin.sandbox import rules
from messenger_admin.sandbox.behaviours import Behaviour, Kind, Side
from messenger_admin.sandbox.facebook import subscriptions
from messenger_admin.sandbox.facebook.cast import ATELIER
from messenger_admin.sandbox.messenger import acts, manners, outbox, people
from messenger_admin.sandbox.messenger.events import Field
from messenger_admin.sandbox.messenger.manners import Manner
from messenger_admin.sandbox.messenger.outbox import Entry
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import connect, transaction
from tests.support.graph_sandbox import Graph, Said, let_in, page_token
from tests.support.sandbox import FarEnd

PAGE_ID = ATELIER.page_id
EVERYTHING = [field.value for field in Field]


@dataclass(frozen=True)
class Messenger:
    """One page of Claire's in the sandbox: its people, what it sends, and what is told about it."""

    far_end: FarEnd
    token: str
    page_id: str = PAGE_ID

    def send(self, psid: str, message: Any = None, *, path: str = "", **envelope: Any) -> Said:
        body = {
            "recipient": {"id": psid},
            "messaging_type": "UPDATE",
            "message": {"text": "Bonjour"} if message is None else message,
        }
        return self.post(body | envelope, path=path)

    def sign(self, psid: str, action: str = "typing_on") -> Said:
        return self.post({"recipient": {"id": psid}, "sender_action": action})

    def post(self, body: Any, *, path: str = "") -> Said:
        return Graph(self.far_end.url).post(path or f"{self.page_id}/messages", self.token, json=body)

    def tell(self, kind: Kind, **options: Any) -> Behaviour:
        with self.store() as store:
            return rules.add(store, Behaviour(kind=kind, side=Side.SEND, **options))

    def manner(self, **changes: Any) -> Manner:
        with self.store() as store:
            return manners.tell(store, **changes)

    def subscribe(self, *fields: str) -> None:
        """Without any: to everything."""
        with self.store() as store:
            subscriptions.subscribe(store, self.page_id, list(fields) or EVERYTHING)

    def person(self, person_id: str = "claire", *, ago: float | None = 0.0) -> Contact:
        """A person whose last act was so many seconds ago; None: who never did anything."""
        with self.store() as store:
            psid = people.met(store, person_id, self.page_id, now=time.time()).psid
            if ago is not None:
                people.acted(store, psid, time.time() - ago)
            return self._contact(store, psid)

    def contact(self, psid: str) -> Contact:
        with self.store() as store:
            return self._contact(store, psid)

    def do(self, act: Callable[..., Any], contact: Contact, **options: Any) -> Any:
        """An act of `acts`, now."""
        with self.store() as store:
            return act(store, self._contact(store, contact.psid), now=time.time(), **options)

    def write(self, contact: Contact, text: str = "Bonjour ?") -> Any:
        return self.do(acts.write, contact, text=text)

    def outbox(self) -> list[Entry]:
        """In the order in which things happened."""
        with self.store() as store:
            return outbox.newest(store, limit=10_000)[::-1]

    def texts(self, contact: Contact) -> list[str]:
        """What the phone shows of what was sent to it."""
        received = self.far_end.received(page_id=self.page_id, customer_id=contact.psid, delivered=True)
        return [one.json["message"].get("text", "") for one in received]

    @contextmanager
    def store(self) -> Iterator[Any]:
        with closing(connect(self.far_end.store)) as store, transaction(store):
            yield store

    @staticmethod
    def _contact(store: Any, psid: str) -> Contact:
        found = people.contact(store, psid)
        assert found
        return found


def messenger(far_end: FarEnd, page_id: str = PAGE_ID) -> Messenger:
    return Messenger(far_end=far_end, token=page_token(far_end.store, let_in(far_end.store), page_id), page_id=page_id)


@dataclass
class App:
    """An app that listens: `statuses` are answered in turn, then 200; `seconds` pass before each."""

    url: str = ""
    verify_token: str = ""
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    challenges: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def posts(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]

    @property
    def events(self) -> list[Any]:
        """All events of all posts, in their order."""
        kinds = ("messaging", "standby", "changes")
        entries = [entry for post in self.posts for entry in post["entry"]]
        return [event for entry in entries for kind in kinds for event in entry.get(kind, [])]

    def wait(self, count: int, *, seconds: float = 60.0) -> list[Any]:
        """At least so many events."""
        wait_until(lambda: len(self.events) >= count, f"{count} events", seconds=seconds)
        return self.events


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"{what} did not come within {seconds} s"
        time.sleep(0.02)


@contextmanager
def app(**options: Any) -> Iterator[App]:
    """A real little HTTP server on loopback."""
    listening = App(**options)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(listening))
    server.daemon_threads = True
    listening.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listening
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _handler(listening: App) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = dict(parse_qsl(urlsplit(self.path).query))
            listening.challenges.append(query)
            known = query.get("hub.verify_token") == listening.verify_token
            self._answer(200 if known else 403, query.get("hub.challenge", "") if known else "no")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with listening.lock:
                listening.at_once += 1
                listening.most_at_once = max(listening.most_at_once, listening.at_once)
            time.sleep(listening.seconds)
            with listening.lock:
                listening.at_once -= 1
            listening.at.append(time.time())
            listening.headers.append({name.lower(): value for name, value in self.headers.items()})
            listening.bodies.append(body)
            self._answer(listening.statuses.pop(0) if listening.statuses else 200, "EVENT_RECEIVED")

        def _answer(self, status: int, words: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler
