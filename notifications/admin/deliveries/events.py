"""One moment in the life of a delivery, as its page lists them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`answer` is untrusted text."""

    at: datetime
    title: str
    tone: str = "quiet"
    details: tuple[str, ...] = ()
    answer: str = ""
