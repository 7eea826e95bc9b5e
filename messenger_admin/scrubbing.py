"""No token in a log line, whoever wrote it."""

import logging
import re

MASK = "…"
# The query-string form of the guide, JSON and header forms; what follows the name up to a delimiter is the secret.
_TOKEN = re.compile(
    r"""(access_token(?:=|%3D|["']?\s*[:=]\s*["']?)|Bearer\s+|X-API-Key:\s*)([^&\s"'<>]+)""", re.IGNORECASE
)


def scrub(text: str) -> str:
    return _TOKEN.sub(rf"\1{MASK}", text)


class ScrubTokens(logging.Filter):
    """Masks tokens in the finished message and in the text of its exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), None
        if record.exc_info:
            record.exc_text = scrub(logging.Formatter().formatException(record.exc_info))
        return True
