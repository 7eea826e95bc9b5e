"""Where a call goes: the address is looked at when the connection is opened, whatever its name is."""

import ssl
from pathlib import Path

import pytest
import trustme
from pytest_django import Settings

from notifications.models.callback import CallbackFault
from notifications.services.callbacks import client
from notifications.services.callbacks.client import Reply
from tests.support.callbacks import TAKEN
from tests.support.far_end import FarEnd


def post(url: str, *, local: bool) -> Reply:
    return client.post(url=url, body=b"{}", headers={"X-Messenger-Delivery": "d"}, local=local)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",  # a name that resolves to this machine, as any name can be made to
        "2130706433",
        "0x7f.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_a_private_address_gets_no_connection_whatever_it_is_called(host: str) -> None:
    with FarEnd(TAKEN) as end:
        reply = post(f"http://{host}:{end.port}/", local=False)

        assert (reply.status, reply.fault) == (None, CallbackFault.REFUSED_ADDRESS)
        assert end.connections == 0


@pytest.mark.parametrize("host", ["10.255.255.1", "169.254.169.254", "192.168.0.1", "[fe80::1]", "[fd00::1]"])
def test_on_a_developers_machine_the_rest_of_its_network_is_refused_too(host: str) -> None:
    assert post(f"http://{host}/", local=True).fault is CallbackFault.REFUSED_ADDRESS


def test_a_name_that_nobody_knows() -> None:
    assert post("https://nobody.invalid/", local=False).fault is CallbackFault.NOT_FOUND


def test_neither_a_proxy_nor_a_netrc_of_the_machine_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with FarEnd(TAKEN) as end, FarEnd(TAKEN) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert post(end.url, local=True).status == 204
        assert b"Authorization" not in end.requests[0]
        assert proxy.connections == 0


@pytest.fixture
def ca(settings: Settings, tmp_path: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    settings.CA_FILE = str(tmp_path / "ca.pem")
    return authority


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("ours", "name", "status", "fault"),
    [
        (True, "127.0.0.1", 204, None),
        (True, "other.example", None, CallbackFault.BAD_CERTIFICATE),
        (False, "127.0.0.1", None, CallbackFault.BAD_CERTIFICATE),
    ],
)
def test_the_certificate_has_to_be_the_hosts_and_vouched_for(
    ca: trustme.CA, ours: bool, name: str, status: int | None, fault: CallbackFault | None
) -> None:
    with FarEnd(TAKEN, tls=serving(ca if ours else trustme.CA(), name)) as end:
        reply = post(f"https://127.0.0.1:{end.port}/", local=True)

    assert (reply.status, reply.fault) == (status, fault)
    assert len(end.requests) == (1 if status else 0)
