"""The script over real HTTP: kept by browsers for a while, asked for again, and changed within a minute."""

import gzip
import http.client
from types import SimpleNamespace

import pytest
from pytest_django.live_server_helper import LiveServer

from optins.tag import view
from pages.models.button import ButtonKind
from pages.states import GatewayKind
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def get(server: LiveServer, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.request("GET", "/tag/501.js", headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_a_change_is_live_within_a_minute_and_costs_nothing_before(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    view._kept.clear()
    now = [1_000.0]
    monkeypatch.setattr(view, "time", SimpleNamespace(monotonic=lambda: now[0]))
    site = SiteFactory(sid="501")
    LinkedPageFactory(link__site=site, gateway=GatewayKind.META)
    first, whole = get(live_server)
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == f"public, max-age={view.BROWSER_SECONDS}, must-revalidate"
    assert first.headers["Content-Length"] == str(len(whole))
    assert "Set-Cookie" not in first.headers

    again, nothing = get(live_server, If_None_Match=etag)
    assert (again.status, nothing, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]

    ButtonFactory(site=site, kind=ButtonKind.MESSAGE_US, labels={"en": "Ask our florists"})
    now[0] += view.KEPT_SECONDS
    changed, new = get(live_server, If_None_Match=etag, Accept_Encoding="gzip")
    assert (changed.status, changed.headers["Content-Encoding"]) == (200, "gzip")
    assert b"Ask our florists" in gzip.decompress(new)
    assert changed.headers["ETag"] != etag
    # What a browser keeps without asking, and what we keep without looking, are within the minute together.
    assert view.BROWSER_SECONDS + view.KEPT_SECONDS < 60
