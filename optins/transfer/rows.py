"""What a row says, read cell by cell: an agreement as it is told, or the reason why it is none. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from optins import attributes, customer_ids
from optins.transfer import dates
from optins.transfer.columns import OF_PROOF, Columns
from optins.transfer.dates import Dates
from optins.transfer.header import unguarded
from optins.transfer.reading import Record

_PSID = re.compile(r"[0-9]{1,64}\Z")
ACTIVE = "active"
STATES = {
    "active": ACTIVE,
    "actif": ACTIVE,
    "revoked": "revoked",
    "revoque": "revoked",
    "expired": "expired",
    "expire": "expired",
}
PURPOSES = {
    "transactional": "transactional",
    "transactionnel": "transactional",
    "alert": "alert",
    "alerte": "alert",
    "marketing": "marketing",
}
LIFETIMES = {"durable": "durable", "temporary": "temporary", "temporaire": "temporary"}
YES_OR_NO = {"yes": True, "oui": True, "true": True, "1": True, "no": False, "non": False, "false": False, "0": False}


class RowRefused(Exception):
    """`code` is a key of words.REFUSALS; `customer_id` is whose row it is, as far as that can be read."""

    def __init__(self, code: str, detail: str = "", *, customer_id: str = "") -> None:
        self.code, self.detail, self.customer_id = code, detail[:300], customer_id[:300]
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is None or empty is not said."""

    line: int
    customer_id: str
    psid: str
    agreed_at: datetime
    expires_at: datetime | None = None
    purpose: str | None = None
    lifetime: str | None = None
    used_up: bool | None = None
    proof: object = ""
    # Where, to which words, in which language, and from which source it was first known.
    told: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a file are read. `zone` is the clock of times without a distance from UTC."""

    columns: Columns
    zone: tzinfo
    dates: Dates
    proof: str
    now: datetime


def parse(record: Record, how: Reading) -> Row:
    """Raises RowRefused."""
    if record.problem:
        raise RowRefused(record.problem, record.detail)
    cells = {name: unguarded(record.cells[place]).strip() for name, place in how.columns.places.items()}
    raw = cells["customer_id"]
    try:
        customer_id = customer_ids.parse(raw)
        return _parse(record, cells, customer_id, how)
    except customer_ids.CustomerIdError as error:
        raise RowRefused(f"id_{error.code}", customer_id=raw) from None
    except RowRefused as refused:
        refused.customer_id = customer_id[:300]
        raise


def _parse(record: Record, cells: Mapping[str, str], customer_id: str, how: Reading) -> Row:
    psid = cells.get("psid", "")
    if psid and not _PSID.match(psid):
        raise RowRefused("psid", psid)
    state = _word(cells, "state", STATES)
    if state not in (None, ACTIVE):
        raise RowRefused("not_active", cells["state"])
    return Row(
        line=record.line,
        customer_id=customer_id,
        psid=psid,
        agreed_at=_agreed_at(cells, how),
        expires_at=_expires_at(cells, how),
        purpose=_word(cells, "purpose", PURPOSES),
        lifetime=_word(cells, "lifetime", LIFETIMES),
        used_up=_yes_or_no(cells),
        proof=_proof(cells, how),
        told={name: cells[name] for name in (*OF_PROOF, "source") if cells.get(name)},
        attributes=_attributes(record, how),
    )


def _word(cells: Mapping[str, str], name: str, words: Mapping[str, str]) -> str | None:
    said = cells.get(name, "")
    if not said:
        return None
    found = words.get(said.casefold().replace("é", "e"))
    if found is None:
        raise RowRefused(name, said)
    return found


def _yes_or_no(cells: Mapping[str, str]) -> bool | None:
    said = cells.get("used_up", "")
    if not said:
        return None
    found = YES_OR_NO.get(said.casefold())
    if found is None:
        raise RowRefused("used_up", said)
    return found


def _agreed_at(cells: Mapping[str, str], how: Reading) -> datetime:
    said = cells["agreed_at"]
    if not said:
        raise RowRefused("agreed_missing")
    at = dates.parse(said, dates=how.dates, zone=how.zone)
    if at is None:
        raise RowRefused("agreed_form", said)
    if at > how.now:
        raise RowRefused("agreed_later", said)
    return at


def _expires_at(cells: Mapping[str, str], how: Reading) -> datetime | None:
    said = cells.get("expires_at", "")
    if not said:
        return None
    at = dates.parse(said, dates=how.dates, zone=how.zone)
    if at is None:
        raise RowRefused("expires_form", said)
    if at <= how.now:
        raise RowRefused("expired", said)
    return at


def _proof(cells: Mapping[str, str], how: Reading) -> object:
    said = cells.get("proof", "") or how.proof
    if not said:
        raise RowRefused("proof_missing")
    return _as_json(said) if said.startswith("{") else said


def _as_json(said: str) -> object:
    """What an export wrote is an object again. What no database takes as one stays the text that it is."""
    try:
        found = json.loads(said)
        again = json.dumps(found, allow_nan=False, ensure_ascii=False)
        again.encode()
    except (ValueError, RecursionError):
        return said
    return said if "\\u0000" in again else found


def _attributes(record: Record, how: Reading) -> dict[str, str]:
    """An empty cell says nothing."""
    said = {name: unguarded(record.cells[place]) for name, place in how.columns.attributes.items()}
    given = {name: value for name, value in said.items() if value.strip()}
    try:
        attributes.check(given)
    except attributes.AttributeProblem as problem:
        code = "control" if problem.code == "unprintable" else "attribute"
        raise RowRefused(code, problem.name) from None
    return given
