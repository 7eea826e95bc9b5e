"""The doctor fetches what is public, whole and soon; from a real little server on this machine."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from optins.services import fetching
from optins.services.fetching import CannotFetch, fetch

Told = tuple[int, dict[str, str], bytes]
PAGE: Told = (200, {"Content-Type": "text/html; charset=iso-8859-1", "X-Shop": "1"}, "<html>é".encode("latin-1"))


@pytest.fixture
def shop(settings: Settings) -> Iterator[Callable[..., str]]:
    """`shop({path: answer})` says what the shop answers, and gives its address."""
    settings.SANDBOX = True
    pages: dict[str, Told] = {}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = pages.get(self.path, (404, {}, b""))
            if "slow" in self.path:
                time.sleep(1.5)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError):  # whoever asks hangs up once it is too much
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def tell(**told: Told) -> str:
        pages.update({f"/{name}": answer for name, answer in told.items()})
        return f"http://127.0.0.1:{server.server_port}"

    yield tell
    server.shutdown()
    server.server_close()


def refused(address: str) -> str:
    with pytest.raises(CannotFetch) as error:
        fetch(address)
    assert str(error.value)
    return error.value.code


def test_a_page_with_its_headers_and_its_letters(shop: Callable[..., str]) -> None:
    found = fetch(f" {shop(home=PAGE)}/home ")
    assert (found.html, found.headers["x-shop"]) == ("<html>é", "1")


def test_redirects_are_followed_to_their_end(shop: Callable[..., str]) -> None:
    base = shop(home=PAGE, one=(302, {"Location": "/two"}, b""), two=(301, {"Location": "home"}, b""))
    assert fetch(f"{base}/one").address == f"{base}/home"


def test_redirects_without_end(shop: Callable[..., str]) -> None:
    assert refused(shop(round=(302, {"Location": "/round"}, b"")) + "/round") == "redirects"


@pytest.mark.parametrize("to", ["file:///etc/passwd", "http://user:secret@127.0.0.1/", "ftp://shop.example/"])
def test_a_redirect_is_judged_too(shop: Callable[..., str], to: str) -> None:
    assert refused(shop(away=(302, {"Location": to}, b"")) + "/away") == "address"


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/", "http://0.0.0.0/"]
)
def test_a_redirect_to_a_private_address_is_refused(shop: Callable[..., str], to: str) -> None:
    assert refused(shop(inside=(302, {"Location": to}, b"")) + "/inside") == "private"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://localhost/", "http://192.168.1.1/", "http://[::ffff:10.0.0.1]/", "http://2130706433/"]
)  # fmt: skip
def test_private_addresses_are_refused(settings: Settings, address: str) -> None:
    settings.SANDBOX = False
    assert refused(address) == "private"


@pytest.mark.parametrize(
    "address", ["", "shop.example", "javascript:alert(1)", "https://", "https://a b/", "http://x:99999/"]
)
def test_what_is_no_address(address: str) -> None:
    assert refused(address) == "address"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, {"Content-Type": "text/html"}, b"<html>"), "status"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF"), "no_html"),
        ((200, {"Content-Type": "text/html"}, b"x" * (fetching.MOST_BYTES + 1)), "huge"),
    ],
)
def test_what_is_no_page(shop: Callable[..., str], answer: Told, code: str) -> None:
    assert refused(shop(it=answer) + "/it") == code


def test_a_shop_that_takes_its_time(shop: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.3)
    assert refused(shop(slow=PAGE) + "/slow") == "slow"


def test_nobody_there(settings: Settings) -> None:
    settings.SANDBOX = True
    assert refused("http://127.0.0.1:9/") == "unreachable"
