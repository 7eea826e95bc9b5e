"""Shops at an origin of their own: a small server whose pages are what each test puts there."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DATA = "window.idzCustomData={social_notification_customer_id:'order-1'};"


@dataclass(kw_only=True)
class ShopPage:
    """Every address below `/{name}/` is this page; its data, styles and scripts are files, as a strict policy wants."""

    html: str
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # by name: kind and text
    headers: Mapping[str, str] = field(default_factory=dict)


class Shops:
    """`localhost` here and `127.0.0.1` at the tag's host: to a browser two sites, not only two origins."""

    def __init__(self) -> None:
        self._pages: dict[str, ShopPage] = {}
        self.origin = ""

    def put(self, name: str, page: ShopPage) -> str:
        self._pages[name] = page
        return f"{self.origin}/{name}/"

    def answer(self, path: str) -> tuple[str, str, Mapping[str, str]] | None:
        name, _, rest = path.partition("?")[0].lstrip("/").partition("/")
        page = self._pages.get(name)
        if page is None:
            return None
        kind, text = page.files.get(rest, ("text/html; charset=utf-8", page.html))
        return kind, text, page.headers


@contextmanager
def open_shops() -> Iterator[Shops]:
    shops = Shops()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = shops.answer(self.path)
            if answer is None:
                self.send_response(404)
                self.end_headers()
                return
            kind, text, headers = answer
            self.send_response(200)
            for header, value in {"Content-Type": kind, **headers}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shops.origin = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield shops
    server.shutdown()
    server.server_close()
