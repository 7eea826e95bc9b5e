"""Fetching a page of the shop, for the doctor: public addresses alone, not much of it, and not for long."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import NameResolutionError

from pages.outgoing import AddressRefused, Deadline, JudgedAdapter

MOST_BYTES = 2_097_152
MOST_SECONDS = 10.0
CONNECT_SECONDS = 5.0
MOST_HOPS = 4
_HTML = ("text/html", "application/xhtml+xml")
_AGENT = "Mozilla/5.0 (compatible; MessengerAdmin-Doctor)"


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "address": gettext_noop("Give the address of a page, such as https://shop.example/product/1."),
    "private": gettext_noop("This address is not on the public internet. Paste the page's source instead."),
    "unknown_host": gettext_noop("There is no host of this name. Check the address."),
    "unreachable": gettext_noop("The shop could not be reached, or broke off. Paste the page's source instead."),
    "slow": gettext_noop("The shop did not answer within ten seconds. Paste the page's source instead."),
    "status": gettext_noop("The shop answered %(status)s instead of a page. Paste the page's source instead."),
    "no_html": gettext_noop("There is no HTML page at this address."),
    "huge": gettext_noop("The page is longer than two megabytes. Paste the part with the tag instead."),
    "redirects": gettext_noop("The shop redirects again and again. Give the address where it ends."),
}


class CannotFetch(Exception):
    """`code` is a key of MESSAGES; fill its sentence with `params`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.message, self.params = code, MESSAGES[code], params
        super().__init__(self.message % params if params else self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """`address` is where it was found in the end; names of `headers` are in lower case."""

    address: str
    headers: Mapping[str, str]
    html: str


def fetch(address: str) -> Fetched:
    """The page at `address`, redirects followed, each of them judged. Raises CannotFetch.

    On a machine with a sandbox its shop, at 127.0.0.1, counts as public.
    """
    ends_at, url = time.monotonic() + MOST_SECONDS, address.strip()
    for _hop in range(MOST_HOPS):
        _judge(url)
        found = _get(url, ends_at)
        if isinstance(found, Fetched):
            return found
        url = urljoin(url, found)
    raise CannotFetch("redirects")


def _judge(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        _port = parts.port
    except ValueError:
        sound = False
    if not sound or len(url) > 2_000 or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise CannotFetch("address")


def _get(url: str, ends_at: float) -> Fetched | str:
    """The page, or where the shop sends whoever asks for it."""
    deadline = Deadline(max(0.0, ends_at - time.monotonic()))
    try:
        return _ask(url, JudgedAdapter(local=settings.SANDBOX, deadline=deadline, patience=CONNECT_SECONDS))
    except (requests.RequestException, OSError) as error:
        raise CannotFetch("slow" if deadline.passed else _code(error)) from None
    finally:
        deadline.cancel()


def _ask(url: str, adapter: JudgedAdapter) -> Fetched | str:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        headers = {"User-Agent": _AGENT, "Accept": "text/html", "Accept-Encoding": "identity", "Connection": "close"}
        with session.get(
            url, headers=headers, timeout=(CONNECT_SECONDS, MOST_SECONDS), allow_redirects=False, stream=True
        ) as answer:
            if answer.is_redirect:
                return str(answer.headers["location"])
            return _page(url, answer)


def _page(url: str, answer: requests.Response) -> Fetched:
    if not answer.ok:
        raise CannotFetch("status", status=answer.status_code)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if not headers.get("content-type", "text/html").lower().startswith(_HTML):
        raise CannotFetch("no_html")
    body = bytearray()
    for piece in answer.iter_content(65_536):
        body += piece
        if len(body) > MOST_BYTES:
            raise CannotFetch("huge")
    encoding = answer.encoding if "charset" in headers.get("content-type", "").lower() else "utf-8"
    try:
        html = bytes(body).decode(encoding or "utf-8", "replace")
    except LookupError:
        html = bytes(body).decode("utf-8", "replace")
    return Fetched(address=url, headers=headers, html=html)


def _code(error: Exception) -> str:
    causes = list(_causes(error))
    if any(isinstance(cause, AddressRefused) for cause in causes):
        return "private"
    if any(isinstance(cause, NameResolutionError) for cause in causes):
        return "unknown_host"
    return "slow" if isinstance(error, requests.Timeout) else "unreachable"


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]
