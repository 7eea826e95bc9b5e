"""What becomes of a row: the rules of `agree` for an agreement that a system tells of, over what is known at once.

They differ in one thing. `agree` is told of an agreement now, and a file tells of one that was given at `agreed_at`: a
STOP, an end, or a newer word since then counts more than the row.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from optins import attributes
from optins.models import IdPattern, OptIn, Recipient
from optins.services.agreeing import Agreement
from optins.services.terms import first_that_fits, lifetime_of, terms_by
from optins.states import Lifetime, OptInState, Purpose, Source
from optins.transfer.rows import Row

NOTHING_TOLD = Agreement(source=Source.IMPORT)


class Kind(Enum):
    FRESH = "fresh"  # nobody held the customer_id
    RENEWED = "renewed"  # a newer agreement, or the same one under other terms
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database knows of those whom some rows name, and how the site understands their ids."""

    optins: Mapping[str, OptIn]
    recipients: Mapping[str, Recipient]
    suppressed: AbstractSet[str]
    stay_away: AbstractSet[str]
    patterns: Sequence[IdPattern]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`code` is a key of the sentences for rows. `agreement` is completed by the site's patterns."""

    row: Row
    kind: Kind
    code: str = ""
    detail: str = ""
    agreement: Agreement = NOTHING_TOLD
    optin: OptIn | None = None

    @property
    def is_conflict(self) -> bool:
        return self.code == "held"


def judge(row: Row, known: Known) -> Verdict:
    optin = known.optins.get(row.customer_id)
    code, detail = _against_the_person(row, optin, known)
    if code:
        return Verdict(row=row, kind=Kind.REFUSED, code=code, detail=detail, optin=optin)
    pattern = first_that_fits(known.patterns, row.customer_id)
    agreement = _completed(row, pattern)
    if optin is not None and not _is_news(row, optin):
        if optin.state != OptInState.ACTIVE:
            return Verdict(row=row, kind=Kind.REFUSED, code="over", optin=optin)
        code, detail = _against_attributes(row, optin)
        return Verdict(row=row, kind=Kind.REFUSED if code else Kind.KNOWN, code=code, optin=optin)
    code, detail = _against_the_terms(row, optin, agreement, pattern, known.now)
    if not code and optin is not None:
        code, detail = _against_attributes(row, optin)
    if code:
        return Verdict(row=row, kind=Kind.REFUSED, code=code, detail=detail, optin=optin)
    kind = Kind.FRESH if optin is None else Kind.RENEWED
    return Verdict(row=row, kind=kind, agreement=agreement, optin=optin)


def _against_the_person(row: Row, optin: OptIn | None, known: Known) -> tuple[str, str]:
    """In the order of `agree`: who holds the id, who was erased, who said no."""
    recipient = known.recipients.get(row.psid)
    was_erased = optin is not None and optin.state == OptInState.ERASED
    if optin is not None and not was_erased and _is_another(row, optin, recipient):
        return "held", ""
    if was_erased or row.customer_id in known.suppressed or row.psid in known.stay_away:
        return "erased", ""
    if optin is not None and optin.state == OptInState.REVOKED:
        return "taken_back", ""
    person = recipient or (optin.recipient if optin else None)
    if person and person.stopped_at and row.agreed_at <= person.stopped_at and (optin is None or _is_news(row, optin)):
        return "stopped", ""
    return "", ""


def _is_another(row: Row, optin: OptIn, recipient: Recipient | None) -> bool:
    """A row that names nobody speaks for whoever holds the id, and so does anybody where no Facebook id is known."""
    if not row.psid or optin.recipient_id is None:
        return False
    return recipient is None or recipient.pk != optin.recipient_id


def _completed(row: Row, pattern: IdPattern | None) -> Agreement:
    told = Agreement(
        source=Source.IMPORT,
        lifetime=Lifetime(row.lifetime) if row.lifetime else None,
        expires_at=row.expires_at,
        purpose=Purpose(row.purpose) if row.purpose else None,
        used_up=row.used_up,
    )
    return told.under(terms_by(pattern, agreed_at=row.agreed_at) if pattern else None)


def expires_at(row: Row, agreement: Agreement, optin: OptIn | None = None) -> datetime | None:
    """What the row says itself is never widened; whoever says nothing new of the end leaves it as it was."""
    if row.expires_at or optin is None or row.agreed_at > optin.agreed_at:
        return row.expires_at or agreement.expires_at
    return optin.expires_at


def lifetime(row: Row, agreement: Agreement) -> Lifetime:
    return agreement.lifetime or lifetime_of(row.customer_id)


def _is_news(row: Row, optin: OptIn) -> bool:
    """Whether the row says more than the opt-in: something newer, whose Facebook id it is, or other terms.

    Of one that was used up, what was agreed before its end was used up with it.
    """
    if optin.state != OptInState.ACTIVE:
        since = optin.ended_at if optin.used_up and optin.ended_at else optin.agreed_at
        return row.agreed_at > since
    if row.agreed_at != optin.agreed_at:
        return row.agreed_at > optin.agreed_at or _claims(row, optin)
    stated = (
        (row.expires_at, optin.expires_at),
        (row.purpose, optin.purpose),
        (row.used_up, optin.used_up),
    )
    return _claims(row, optin) or any(said is not None and said != held for said, held in stated)


def _claims(row: Row, optin: OptIn) -> bool:
    return bool(row.psid) and optin.recipient_id is None


def _against_the_terms(
    row: Row, optin: OptIn | None, agreement: Agreement, pattern: IdPattern | None, now: datetime
) -> tuple[str, str]:
    if pattern and row.purpose and pattern.purpose not in (row.purpose, Purpose.MARKETING):
        return "purpose_wider", pattern.pattern
    ends = expires_at(row, agreement, optin)
    if ends is not None and ends <= now:
        return "expired", ends.isoformat(timespec="minutes")
    return "", ""


def _against_attributes(row: Row, optin: OptIn) -> tuple[str, str]:
    if (
        row.attributes.keys() - optin.attributes.keys()
        and len(optin.attributes | row.attributes) > attributes.MOST_NAMES
    ):
        return "attributes", ""
    return "", ""


def described(row: Row, optin: OptIn) -> dict[str, object]:
    """What is known of the customer with what the row says; a number stays one where the row says the same."""
    said = {
        name: value
        for name, value in row.attributes.items()
        if attributes.words_of(optin.attributes.get(name)) != value
    }
    return {**optin.attributes, **said}
