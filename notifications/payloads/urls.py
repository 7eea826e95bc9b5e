"""Addresses that Messenger opens or fetches: checked, and passed on exactly as they were given."""

import re
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, ValidationInfo

from notifications.payloads import limits
from notifications.payloads.parts import Prose, as_shown, at_most, sized
from notifications.payloads.placeholders import begins_anywhere
from notifications.payloads.problems import Problem, Refusal, problem

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
# Names (of any script), IPv4 and IPv6 addresses.
_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]+")
_MOST_OF_A_HOST = 253


def _valid(url: str, info: ValidationInfo) -> str:
    if not info.context and begins_anywhere(url):
        raise Refusal("url_placeholder")
    _check(as_shown(url, info))
    return url


def _check(url: str) -> None:
    if not url:
        raise Refusal("blank")
    if _BLANKS.search(url):
        raise Refusal("url_blanks")
    parts = _split(url)
    if parts.scheme not in {"http", "https"}:
        raise Refusal("url_scheme")
    if not _has_a_host(parts):
        raise Refusal("url_host")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        # A bracket that is not closed, or a host that would turn into another one when normalised.
        raise Refusal("url_host") from None


def _has_a_host(parts: SplitResult) -> bool:
    try:
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError:
        return False
    host = parts.hostname or ""
    return len(host) <= _MOST_OF_A_HOST and _HOST.fullmatch(host) is not None


WebUrl = Annotated[
    Prose,
    at_most(limits.URL),
    AfterValidator(_valid),
    sized(limits.URL, format="uri", minLength=limits.URL.least),
]


def is_https(url: str) -> bool:
    return url[:8].lower() == "https://"


def http_warning(url: str | None, path: str) -> Iterator[Problem]:
    if url is not None and not is_https(url):
        yield problem(path, "http")
