"""Reading what a far end answered: its JSON, its words, its Retry-After, and what is kept of it. Pure."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import quote, quote_plus

from notifications.gateway.contract import Answer

MASK = "…"
# Characters of an answer that an Attempt keeps, and of its words that a person is shown.
KEPT = 4096
SHOWN = 300
# Seconds. Nobody means more than a day; a far end that says so is mistaken or broken.
LONGEST_REST = 86_400.0

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_UNSEEN = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[a-z!/][^>]*(>|\Z)", re.IGNORECASE)
_HTML = re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def clean(text: str, token: str) -> str:
    """The text as it may be stored and shown: without the token, without what a database refuses.

    That is NUL, and half a surrogate pair, which JSON can spell.
    """
    text = text.replace("\0", "").encode("utf-8", "replace").decode()
    # Every spelling of the token is as long as itself, or longer.
    return _spellings(token).sub(MASK, text) if token and len(text) >= len(token) else text


@lru_cache(maxsize=64)
def _spellings(token: str) -> re.Pattern[str]:
    """The token in whatever form a far end may repeat it: as it is, in a URL, in JSON, in HTML."""
    in_json = json.dumps(token)[1:-1]
    forms = {token, quote(token), quote(token, safe=""), quote_plus(token), html.escape(token)}
    forms |= {in_json, in_json.replace("/", "\\/")}
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def kept(answer: Answer, token: str) -> str:
    """What an Attempt stores: the first 4 KB that came back, or the transport's words; cleaned."""
    return clean(answer.body.decode("utf-8", "replace") or answer.detail, token)[:KEPT]


def json_object(answer: Answer) -> Mapping[str, object]:
    """The answer's JSON object; empty when it is something else or not whole."""
    if not answer.body or answer.truncated or answer.fault is not None:
        return {}
    try:
        decoded = json.loads(answer.body.decode())
    except (ValueError, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def is_html(answer: Answer) -> bool:
    """A page for people, from something that stands before the API: a proxy, a captive portal, a parked domain."""
    beginning = answer.body.lstrip()
    if not beginning:
        return False
    declared = answer.headers.get("content-type", "").lower()
    if declared.startswith("text/html"):
        return True
    return beginning.startswith(b"<") and bool(_HTML.match(beginning[:1024].decode("latin-1")))


def words(answer: Answer, said: Iterable[object], token: str) -> str:
    """The first of the messages `said` that is one; else the answer's text without tags; else the transport's words."""
    for message in said:
        if isinstance(message, str) and message.strip():
            return _short(message, token)
    return _short(_text(answer) or answer.detail, token)


def _text(answer: Answer) -> str:
    text = answer.body.decode("utf-8", "replace")
    return html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", text))).strip() if is_html(answer) else text


def _short(text: str, token: str) -> str:
    return " ".join(clean(text, token).split())[:SHOWN]


def retry_after(answer: Answer, now: float) -> float | None:
    """Seconds from `now` (since the epoch) that the far end asks to wait, at most a day; None when it says nothing.

    A number of seconds or an HTTP date (RFC 9110, section 10.2.3); a date that has passed is 0.
    """
    value = answer.headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return min(float(value), LONGEST_REST)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return min(max(date.timestamp() - now, 0.0), LONGEST_REST)
