"""No token in a log line or an error page, whoever wrote it.

The query string is where the guide puts a token, so whatever repeats an address repeats it: Django's own logs, the web
server's, a driver's, a traceback. What a record says is therefore masked as it is read, in every process that has the
settings, for every handler of every library.
"""

import logging
import logging.config
import re
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter

MASK = "…"
# As people write it, in JSON, in Python, in HTML, and percent-encoded.
_UNDERSCORE = r"(?:_|%5F)"
_QUOTE = r"""(?:["']|%22|%27|&\#x27;|&quot;)?"""
_BETWEEN = rf"""(?:{_QUOTE}\s*(?:[:=]|%3D|%3A(?:%20)?)\s*\[?{_QUOTE})"""
_VALUE = r"""[^&\s"'<>]+"""
# The API's token, and what Facebook's Graph API has in its addresses.
_SECRETS = ("access_token", "appsecret_proof", "client_secret", "fb_exchange_token", "input_token", "signed_request")
_NAMES = "|".join(name.replace("_", _UNDERSCORE) for name in _SECRETS)
_NAMED = re.compile(
    rf"""((?:{_NAMES}){_BETWEEN}|(?:HTTP_)?X[-_]API[-_]KEY{_BETWEEN}|Bearer(?:\s|%20|\+)+)({_VALUE})""",
    re.IGNORECASE,
)
# A token of ours by its own look, whatever stands before it ("%0A", "\n"); cut off too, while it could be completed.
_OURS = re.compile(rf"(ma{_UNDERSCORE})[0-9A-Za-z]{{20,}}")


def scrub(text: str) -> str:
    return _OURS.sub(rf"\1{MASK}", _NAMED.sub(rf"\1{MASK}", text))


class ScrubbedRecord(logging.LogRecord):
    """A record whose message and exception hold no token, whichever handler asks for them."""

    _exc_text: str | None = None

    def getMessage(self) -> str:  # noqa: N802  (logging's own name)
        return scrub(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        """A formatter leaves the traceback here, for itself and for the next."""
        self._exc_text = scrub(text) if text else text


def configure(config: Mapping[str, Any]) -> None:
    """Django's LOGGING_CONFIG: every record of this process is masked, those of the web server too."""
    logging.setLogRecordFactory(ScrubbedRecord)
    logging.config.dictConfig(dict(config))


class ScrubbedReporter(ExceptionReporter):
    """Django's page and mail about an exception, which show the request whole."""

    def get_traceback_data(self) -> dict[str, Any]:
        """The page has a table of the query, where the name of a value is not beside it."""
        data: dict[str, Any] = super().get_traceback_data()
        query = data.get("request_GET_items") or ()
        masked = [(name, MASK if name.lower() == "access_token" else value) for name, value in query]
        return data | {"request_GET_items": masked}

    def get_traceback_html(self) -> SafeString:
        return _masked(super().get_traceback_html())

    def get_traceback_text(self) -> SafeString:
        return _masked(super().get_traceback_text())


def _masked(page: SafeString) -> SafeString:
    """As safe as before: something is taken out of it, and nothing foreign put in."""
    return mark_safe(scrub(page))  # noqa: S308
