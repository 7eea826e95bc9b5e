"""What every event of Facebook says before it says what happened: who, to whom, when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages.webhooks.members import mapping, moment, text
from pages.webhooks.unpacking import RawEvent

LONGEST_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`by_page`: the page wrote it, not the person. No time lies after `received_at`."""

    page_id: str
    psid: str
    at: datetime
    standby: bool
    by_page: bool
    received_at: datetime

    @property
    def of_all(self) -> dict[str, Any]:
        """What every value of pages/events.py has."""
        return {"page_id": self.page_id, "psid": self.psid, "at": self.at, "standby": self.standby}

    def until(self, value: object) -> datetime | None:
        """A watermark. What was sent after the receipt nobody can have seen, whatever a wrong clock says."""
        found = moment(value)
        return min(found, self.received_at) if found else None


def told_in(raw: RawEvent, *, received_at: datetime) -> Told:
    """Sender and recipient are the person and the page, unless the page wrote."""
    sender, recipient = _id(raw.body, "sender"), _id(raw.body, "recipient")
    by_page = mapping(raw.body.get("message")).get("is_echo") is True or bool(sender and sender == raw.page_id)
    at = moment(raw.body.get("timestamp")) or raw.time or received_at
    return Told(
        page_id=raw.page_id or (sender if by_page else recipient),
        psid=recipient if by_page else sender,
        at=min(at, received_at),
        standby=raw.standby,
        by_page=by_page,
        received_at=received_at,
    )


def _id(body: Mapping[str, Any], member: str) -> str:
    """Facebook's have about 17 digits; what no column could hold names nobody."""
    found = text(mapping(body.get(member)).get("id"))
    return found if len(found) <= LONGEST_ID else ""
