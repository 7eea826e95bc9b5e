"""A small client of Messenger Admin's API. It needs `requests` alone: copy the file into your project.

    shop = MessengerAdmin("https://messages.example.com", token=os.environ["MESSENGER_ADMIN_TOKEN"])
    message = shop.send("322837607840703", "order-1234", {"text": "It is on its way."}, key="order-1234-sent")
    shop.message(message["id"])["state"]

Every call that sends has a key, yours or one of its own, so that trying again after a lost answer, or when the API
asks for it by Retry-After (429, 503), sends nothing twice.
"""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests

JSON = dict[str, Any]


class Refused(Exception):
    """The API said no: `status` is that of HTTP, `errors` say what is wrong, each with `field`, `code`, `message`."""

    def __init__(self, status: int, message: str, errors: Sequence[Mapping[str, str]]) -> None:
        self.status = status
        self.errors = list(errors)
        self.codes = [error["code"] for error in errors]
        super().__init__(f"{status}: {message}")


def _once(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid.uuid4())}


class MessengerAdmin:
    """`base_url` is the address of the installation; `timeout` is in seconds, `tries` counts the first one."""

    def __init__(
        self, base_url: str, *, token: str, language: str = "en", timeout: float = 30.0, tries: int = 5
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout, self.tries = timeout, tries
        self.session = requests.Session()
        self.session.headers.update({"Authorization": f"Bearer {token}", "Accept-Language": language})

    def send(self, page_id: str, customer_id: str, message: JSON, *, key: str | None = None) -> JSON:
        """Its `id`, `state` and `_link`. `message` is the guide's, or {"notification": name, "variables": {...}}."""
        return self._data("POST", self._messages(page_id, customer_id), body=message, headers=_once(key))

    def try_out(self, page_id: str, customer_id: str, message: JSON) -> JSON:
        """What would become of it: `would_be_sent`, `right`, `when`, `obstacles`, `body`. Nothing is stored."""
        return self._data("POST", self._messages(page_id, customer_id), body=message, query={"dry_run": "1"})

    def send_all(self, messages: Sequence[JSON], *, key: str | None = None) -> list[JSON]:
        """Up to 1,000, each with `page_id` and `customer_id`; an answer for each, in their order, with its `status`."""
        answers: list[JSON] = self._call("POST", "/v1/batches", body={"messages": messages}, headers=_once(key))["data"]
        return answers

    def message(self, message_id: int) -> JSON:
        return self._data("GET", f"/v1/messages/{message_id}")

    def messages(self, page_id: str, customer_id: str) -> Iterator[JSON]:
        """All of a customer, newest first."""
        return self._listed(self._messages(page_id, customer_id))

    def opt_in(self, page_id: str, customer_id: str, *, evidence: str | JSON, **facts: Any) -> JSON:
        """`evidence` is how the person agreed; `facts` are lifetime, purpose, expires_at, attributes, psid."""
        body = {"customer_id": customer_id, "evidence": evidence, **facts}
        return self._data("POST", f"/v1/pages/{page_id}/optins", body=body)

    def opt_ins(self, page_id: str, **narrowed: str) -> Iterator[JSON]:
        """All of a page, newest first; `state` and `prefix` narrow them."""
        return self._listed(f"/v1/pages/{page_id}/optins", narrowed)

    def revoke(self, page_id: str, customer_id: str, *, evidence: str | JSON) -> JSON:
        path = f"/v1/pages/{page_id}/optins/{quote(customer_id, safe='')}/revoke"
        return self._data("POST", path, body={"evidence": evidence})

    def erase(self, page_id: str, customer_id: str) -> None:
        self._call("DELETE", f"/v1/pages/{page_id}/optins/{quote(customer_id, safe='')}")

    def _messages(self, page_id: str, customer_id: str) -> str:
        return f"/social/facebook/messenger/pages/{page_id}/customers/{quote(customer_id, safe='')}/messages"

    def _data(self, method: str, path: str, **asked: Any) -> JSON:
        data: JSON = self._call(method, path, **asked)["data"]
        return data

    def _listed(self, path: str, narrowed: Mapping[str, str] | None = None) -> Iterator[JSON]:
        query = dict(narrowed or {})
        while True:
            part = self._call("GET", path, query=query)
            yield from part["data"]
            if part["page"]["next"] is None:
                return
            query["after"] = part["page"]["next"]

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: JSON | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> JSON:
        """Raises Refused, or what `requests` raises when no answer came in all the tries."""
        for left in reversed(range(self.tries)):
            try:
                answer = self.session.request(
                    method, self.base_url + path, json=body, params=query, headers=headers, timeout=self.timeout
                )
            except (requests.ConnectionError, requests.Timeout):
                if not left or not self._may_be_repeated(method, headers):
                    raise
                time.sleep(2.0)
                continue
            if "Retry-After" not in answer.headers or not left:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        return self._told(answer)

    def _may_be_repeated(self, method: str, headers: Mapping[str, str] | None) -> bool:
        """After silence nobody knows whether the call was made."""
        return method != "POST" or "Idempotency-Key" in (headers or {})

    def _told(self, answer: requests.Response) -> JSON:
        if answer.status_code == requests.codes.no_content:
            return {}
        told: JSON = answer.json()
        if answer.ok:
            return told
        raise Refused(answer.status_code, told["meta"]["message"], told["errors"])
