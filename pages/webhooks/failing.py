"""What is kept of a failure: its words, and when the event has its next try."""

import re
import traceback
from datetime import timedelta
from pathlib import Path

from django.conf import settings

# After the first try, the second, …: four hours in all. Then a person looks at it.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3_600, 10_800))
LONGEST = 2_000
_TOKEN = re.compile(r"(access_token|appsecret_proof|Bearer)([=:\s\"']+)[^\s&\"']+|\b(EAA)[A-Za-z0-9]{16,}")


def pause_after(tries: int) -> timedelta | None:
    """None: it has failed for good."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def words_of(error: Exception) -> str:
    """Its type, its message without tokens, and the line of ours that it came by. Kept beside the event, never logged:
    a message may repeat what a customer said."""
    said = _TOKEN.sub(lambda found: f"{found[1] or found[3]}{found[2] or ''}…", f"{type(error).__name__}: {error}")
    return f"{said[:LONGEST]}\n{_place(error)}".strip().replace("\0", "\ufffd")


def _place(error: Exception) -> str:
    ours = [
        f"{Path(frame.filename).relative_to(settings.BASE_DIR)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(settings.BASE_DIR) and ".venv" not in frame.filename
    ]
    return ours[-1] if ours else ""
