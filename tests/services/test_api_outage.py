"""A database that restarts under load: what the API took has its row, and everything else is told as not taken."""

import http.client
import json
import sys
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest

from messenger_admin.proof import servers
from messenger_admin.proof.databases import connect
from tests.services.conftest import Web
from tests.support import guide
from tests.support.processes import wait_for

CONNECTIONS = 16
ACCEPTED = 1_000
# So many before the restart begins, and at least so many after it.
BEFORE = 300
PAGE, CUSTOMERS = "322837607840703", 50
SEED = f"""
from tests.factories import LinkedPageFactory, OptInFactory
page = LinkedPageFactory(page_id="{PAGE}")
for number in range({CUSTOMERS}):
    OptInFactory(page=page, customer_id=str(number))
"""


@dataclass
class Shop:
    """Calls the API from many connections until enough was taken, before the restart and after; it remembers all."""

    port: int
    token: str
    taken: list[int] = field(default_factory=list)
    refused: list[tuple[int, str | None, bytes]] = field(default_factory=list)
    enough: int = sys.maxsize

    def threads(self) -> list[threading.Thread]:
        return [threading.Thread(target=self._call, args=[number], daemon=True) for number in range(CONNECTIONS)]

    def _call(self, number: int) -> None:
        while len(self.taken) < self.enough:
            # A connection that breaks without an answer says nothing, and promises nothing.
            with suppress(OSError, http.client.HTTPException), closing(self._connection()) as connection:
                while len(self.taken) < self.enough:
                    self._post(connection, number)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def _post(self, connection: http.client.HTTPConnection, number: int) -> None:
        path = f"/social/facebook/messenger/pages/{PAGE}/customers/{number % CUSTOMERS}/messages"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request("POST", path, guide.text("text"), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 202:
            self.taken.append(json.loads(body)["data"]["id"])
        else:
            self.refused.append((answer.status, answer.headers["Retry-After"], body))


@pytest.fixture
def shop(web: Web) -> Shop:
    web.manage("shell", "--command", SEED)
    token = web.manage("create_api_token", "Shop", "--page", PAGE, "--rate", "1000").splitlines()[-1]
    return Shop(port=web.port, token=token)


@pytest.mark.services
@pytest.mark.parametrize("manner", ["orderly", "immediate"])
def test_what_was_taken_has_its_row_and_the_rest_is_told_as_not_taken(
    database: servers.Server, shop: Shop, manner: str
) -> None:
    threads = shop.threads()
    for thread in threads:
        thread.start()
    wait_for(lambda: len(shop.taken) > BEFORE, "calls before the restart", seconds=180)
    database.stop(manner)
    database.start()
    shop.enough = max(ACCEPTED, len(shop.taken) + BEFORE)
    for thread in threads:
        thread.join(120)

    with closing(connect(database.url)) as there:
        rows = {pk for (pk,) in there.execute("SELECT id FROM notifications_delivery").fetchall()}
    assert len(shop.taken) >= shop.enough >= ACCEPTED
    assert len(set(shop.taken)) == len(shop.taken)
    assert set(shop.taken) <= rows
    # Who waited for the database and was answered after all noticed nothing; there may be nobody else.
    assert {(status, retry_after) for status, retry_after, _body in shop.refused} <= {(503, "2")}
    assert {json.loads(body)["meta"]["status"] for _status, _retry_after, body in shop.refused} <= {"error"}
