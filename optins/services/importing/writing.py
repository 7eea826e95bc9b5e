"""What the rows of a slice bring, written in bulk: people, opt-ins, the consent log, and word to those who listen."""

from collections.abc import Sequence
from datetime import datetime

from optins.models import ConsentEvent, ConsentKind, Import, OptIn, Recipient
from optins.services.importing.judging import Kind, Known, Verdict, described, expires_at, lifetime
from optins.signals import optins_agreed
from optins.states import OptInState, Purpose, Source

CHANGED = ("recipient", "agreed_at", "expires_at", "purpose", "used_up", "attributes")


def write(*, of: Import, verdicts: Sequence[Verdict], known: Known, now: datetime) -> None:
    """Raises IntegrityError where somebody brought one of the ids or people at this instant: ask what is known anew."""
    people = {**known.recipients, **_meet(of, verdicts, known)}
    fresh = _insert(of, verdicts, people)
    begun = _begin_anew(verdicts, now)
    _change(verdicts, people)
    _write_down(of, verdicts, {**known.optins, **fresh}, people, now)
    if fresh or begun:
        optins_agreed.send(sender=OptIn, optins=[*fresh.values(), *begun], now=now)


def _meet(of: Import, verdicts: Sequence[Verdict], known: Known) -> dict[str, Recipient]:
    """Those named for the first time. Of somebody who is refused no id is kept, but in the record of a conflict."""
    named = {
        each.row.psid
        for each in verdicts
        if each.row.psid and (each.kind in (Kind.FRESH, Kind.RENEWED) or each.is_conflict)
    }
    new = sorted(named - known.recipients.keys())
    return {
        each.psid: each for each in Recipient.objects.bulk_create(Recipient(page=of.page, psid=psid) for psid in new)
    }


def _insert(of: Import, verdicts: Sequence[Verdict], people: dict[str, Recipient]) -> dict[str, OptIn]:
    made = OptIn.objects.bulk_create(_made(of, each, people) for each in verdicts if each.kind is Kind.FRESH)
    return {each.customer_id: each for each in made}


def _made(of: Import, verdict: Verdict, people: dict[str, Recipient]) -> OptIn:
    row, agreement = verdict.row, verdict.agreement
    return OptIn(
        page=of.page,
        customer_id=row.customer_id,
        recipient=people.get(row.psid),
        lifetime=lifetime(row, agreement),
        source=Source.IMPORT,
        agreed_at=row.agreed_at,
        expires_at=expires_at(row, agreement),
        purpose=agreement.purpose or Purpose.MARKETING,
        used_up=bool(agreement.used_up),
        attributes=dict(row.attributes),
    )


def _begin_anew(verdicts: Sequence[Verdict], now: datetime) -> list[OptIn]:
    """Those that had expired are in force again."""
    ended = [
        each.optin
        for each in verdicts
        if each.kind is Kind.RENEWED and each.optin and each.optin.state == OptInState.EXPIRED
    ]
    if ended:
        rows = OptIn.objects.filter(pk__in=[each.pk for each in ended])
        rows.move(OptInState.ACTIVE, frm=OptInState.EXPIRED, ended_at=None, source=Source.IMPORT)
    return ended


def _change(verdicts: Sequence[Verdict], people: dict[str, Recipient]) -> None:
    """Renewed agreements, and what is known of customers."""
    changed = []
    for each in verdicts:
        if each.optin is None or each.kind not in (Kind.RENEWED, Kind.KNOWN):
            continue
        attributes = described(each.row, each.optin)
        if each.kind is Kind.RENEWED:
            _renew(each.optin, each, people)
        elif attributes == each.optin.attributes:
            continue
        each.optin.attributes = attributes
        changed.append(each.optin)
    OptIn.objects.bulk_update(changed, CHANGED, batch_size=200)


def _renew(optin: OptIn, verdict: Verdict, people: dict[str, Recipient]) -> None:
    """Who says nothing of purpose or use leaves them as they were: nothing is widened unasked."""
    row, agreement = verdict.row, verdict.agreement
    if optin.recipient_id is None:
        optin.recipient = people.get(row.psid)
    if row.agreed_at < optin.agreed_at:
        # All it brings is whose Facebook id it is.
        return
    optin.expires_at = expires_at(row, agreement, optin)
    if agreement.purpose is not None and (row.purpose or row.agreed_at > optin.agreed_at):
        optin.purpose = agreement.purpose
    if agreement.used_up is not None and (row.used_up is not None or row.agreed_at > optin.agreed_at):
        optin.used_up = agreement.used_up
    optin.agreed_at = row.agreed_at


def _write_down(
    of: Import, verdicts: Sequence[Verdict], optins: dict[str, OptIn], people: dict[str, Recipient], now: datetime
) -> None:
    kinds = {Kind.FRESH: ConsentKind.GRANTED, Kind.RENEWED: ConsentKind.RENEWED}
    events = []
    for each in verdicts:
        kind = ConsentKind.CONFLICT if each.is_conflict else kinds.get(each.kind)
        if kind is not None:
            events.append(
                ConsentEvent(
                    optin=optins[each.row.customer_id],
                    kind=kind,
                    at=now,
                    recipient=people.get(each.row.psid),
                    actor_id=of.created_by_id,
                    evidence=_evidence(of, each),
                )
            )
    ConsentEvent.objects.bulk_create(events)


def _evidence(of: Import, verdict: Verdict) -> dict[str, object]:
    """Who, when, where, which words, and where it is written: what GDPR article 7(1) has to be shown with."""
    row = verdict.row
    told = {("first_source" if name == "source" else name): value for name, value in row.told.items()}
    return {
        "source": Source.IMPORT,
        "import": of.pk,
        "file": of.name,
        "sha256": of.sha256,
        "line": row.line,
        "agreed_at": row.agreed_at.isoformat(),
        "proof": row.proof,
        **told,
    }
