"""The admin while its database restarts, and after: the connections that its threads kept are dead by then."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import requests

from messenger_admin.proof import servers
from messenger_admin.proof.databases import connect
from messenger_admin.supervisor.stack import THREADS
from tests.services.conftest import Web

PASSWORD = "a long enough password"
CALLS = 5 * THREADS


@pytest.fixture
def cookies(web: Web) -> dict[str, str]:
    who = ("--username", "admin", "--email", "")
    web.manage("createsuperuser", "--noinput", *who, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    session, login = requests.Session(), f"http://127.0.0.1:{web.port}/admin/login/"
    token = {"csrfmiddlewaretoken": session.get(login, timeout=20).cookies["csrftoken"]}
    session.post(login, data={"username": "admin", "password": PASSWORD, **token}, timeout=20)
    return {name: str(value) for name, value in session.cookies.items()}


def look(web: Web, cookies: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{web.port}/admin/optins/optin/"
    return requests.get(url, cookies=cookies, allow_redirects=False, timeout=60).status_code


def look_around(web: Web, cookies: dict[str, str]) -> list[int]:
    with ThreadPoolExecutor(THREADS) as people:
        return list(people.map(lambda _number: look(web, cookies), range(CALLS)))


def kept(database: servers.Server) -> int:
    with closing(connect(database.url)) as there:
        row = there.execute("SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'").fetchone()
    return int(row[0]) - 1 if row else 0


@pytest.mark.services
@pytest.mark.parametrize("manner", ["orderly", "immediate"])
def test_every_page_is_there_after_a_restart(
    database: servers.Server, web: Web, cookies: dict[str, str], manner: str
) -> None:
    assert set(look_around(web, cookies)) == {200}
    assert kept(database) > 1

    database.stop(manner)
    database.start()

    assert set(look_around(web, cookies)) == {200}


@pytest.mark.services
def test_who_looks_while_it_restarts_waits_for_it(database: servers.Server, web: Web, cookies: dict[str, str]) -> None:
    look(web, cookies)
    database.stop()
    found: list[int] = []
    person = threading.Thread(target=lambda: found.append(look(web, cookies)))
    person.start()
    time.sleep(0.5)
    assert not found

    database.start()

    person.join(60)
    assert found == [200]
