"""Compares the far end's own record with the ledger, and says which promise was broken. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Of the ledger: states of notifications.states, and the reason that a lost sender leaves.
SENT, UNKNOWN = "sent", "unknown"
ENDS = frozenset({SENT, "failed", UNKNOWN})
SENDER_LOST = "sender_lost"
# Labels of the sandbox's behaviours after which nobody can tell whether the message went out.
DOUBTFUL = ("hang", "reset", "half", "drop", "answer 5")


class Promise(StrEnum):
    COMPLETE = "complete"  # as many rows as there were people and single messages, each once
    ENDED = "ended"  # every delivery ends sent, failed or unknown
    ONCE = "once"  # nobody receives a message twice
    HONEST = "honest"  # what was received and is not `sent` is `unknown`
    TRUE = "true"  # what is `sent` was received
    BOUNDED = "bounded"  # no more is unknown than was in flight, or met a far end that left it in doubt
    FENCED = "fenced"  # a sender that lost its lease sends nothing more
    COUNTED = "counted"  # the tally says what the rows say
    FINISHED = "finished"  # a campaign of which no row can move is finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`fence` and `marked_at` are evidence: of the sender that had it last, and when (UTC)."""

    delivery_id: int
    campaign_id: int | None
    page_id: str
    customer_id: str
    state: str
    reason: str
    fence: int | None = None
    marked_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request as the far end wrote it down; `delivered` says whether the customer's phone showed it."""

    delivery_id: int
    page_id: str
    customer_id: str
    at: float
    delivered: bool
    behaviour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A worker that was frozen beyond its lease: what it held, when it went on, and what it began after that.

    `at` is in seconds since the epoch.
    """

    held: frozenset[int]
    at: float
    begun: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a run came to.

    `in_flight` was marked and not recorded at a kill or a freeze. `may_be_doubtful` is how many more may be unknown
    where that can't be said row by row. `tallies` and `states` are the campaigns', by their ids.
    """

    expected: int
    rows: Sequence[Row]
    arrivals: Sequence[Arrival]
    in_flight: frozenset[int]
    may_be_doubtful: int
    woken: Sequence[Woken]
    tallies: Mapping[int, Mapping[str, int]]
    states: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    promise: Promise
    deliveries: tuple[int, ...] = ()
    detail: str = ""


def judge(evidence: Evidence) -> list[Violation]:
    return [violation for look in LOOKS for violation in look(evidence)]


def _found(promise: Promise, deliveries: Collection[int], detail: str = "") -> Iterator[Violation]:
    if deliveries:
        yield Violation(promise=promise, deliveries=tuple(sorted(deliveries)), detail=detail)


def _received(evidence: Evidence) -> set[int]:
    return {arrival.delivery_id for arrival in evidence.arrivals if arrival.delivered}


def _complete(evidence: Evidence) -> Iterator[Violation]:
    people = Counter((row.page_id, row.customer_id) for row in evidence.rows)
    twice = {row.delivery_id for row in evidence.rows if people[row.page_id, row.customer_id] > 1}
    yield from _found(Promise.COMPLETE, twice, "more than one row")
    if len(evidence.rows) != evidence.expected:
        yield Violation(promise=Promise.COMPLETE, detail=f"{len(evidence.rows)} rows, {evidence.expected} expected")


def _ended(evidence: Evidence) -> Iterator[Violation]:
    stuck: defaultdict[str, list[int]] = defaultdict(list)
    for row in evidence.rows:
        if row.state not in ENDS:
            stuck[row.state].append(row.delivery_id)
    for state, deliveries in stuck.items():
        yield from _found(Promise.ENDED, deliveries, state)


def _once(evidence: Evidence) -> Iterator[Violation]:
    """By customer: a second row for the same person counts as much as a second try at the first."""
    by_customer: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for arrival in evidence.arrivals:
        if arrival.delivered:
            by_customer[arrival.page_id, arrival.customer_id].append(arrival.delivery_id)
    yield from _found(Promise.ONCE, {pk for ids in by_customer.values() if len(ids) > 1 for pk in ids})


def _honest(evidence: Evidence) -> Iterator[Violation]:
    received = _received(evidence)
    rows = [row for row in evidence.rows if row.delivery_id in received and row.state not in {SENT, UNKNOWN}]
    for state in sorted({row.state for row in rows}):
        yield from _found(Promise.HONEST, {row.delivery_id for row in rows if row.state == state}, state)
    yield from _found(Promise.HONEST, received - {row.delivery_id for row in evidence.rows}, "no row")


def _true(evidence: Evidence) -> Iterator[Violation]:
    sent = {row.delivery_id for row in evidence.rows if row.state == SENT}
    yield from _found(Promise.TRUE, sent - _received(evidence))


def _bounded(evidence: Evidence) -> Iterator[Violation]:
    doubtful = {one.delivery_id for one in evidence.arrivals if one.behaviour.startswith(DOUBTFUL)}
    unexplained = {
        row.delivery_id
        for row in evidence.rows
        if row.state == UNKNOWN and row.delivery_id not in evidence.in_flight | doubtful
    }
    if len(unexplained) > evidence.may_be_doubtful:
        reasons = Counter(row.reason for row in evidence.rows if row.delivery_id in unexplained)
        detail = ", ".join(f"{reason}: {count}" for reason, count in sorted(reasons.items()))
        yield from _found(Promise.BOUNDED, unexplained, f"{detail}; at most {evidence.may_be_doubtful} explained")


def _fenced(evidence: Evidence) -> Iterator[Violation]:
    for woken in evidence.woken:
        late = {one.delivery_id for one in evidence.arrivals if one.at > woken.at and one.delivery_id in woken.held}
        yield from _found(Promise.FENCED, late, "sent what it had marked before it froze")
        yield from _found(Promise.FENCED, woken.begun, "began under its old fence")


def _counted(evidence: Evidence) -> Iterator[Violation]:
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in evidence.rows:
        if row.campaign_id is not None:
            counted[row.campaign_id][row.state] += 1
    for campaign_id, kept in evidence.tallies.items():
        said = {state: count for state, count in kept.items() if count}
        if said != counted[campaign_id]:
            detail = f"campaign {campaign_id}: the tally says {said}, its rows {dict(counted[campaign_id])}"
            yield Violation(promise=Promise.COUNTED, detail=detail)


def _finished(evidence: Evidence) -> Iterator[Violation]:
    for campaign_id, state in evidence.states.items():
        if state != "finished":
            yield Violation(promise=Promise.FINISHED, detail=f"campaign {campaign_id} is {state}")


LOOKS = (_complete, _ended, _once, _honest, _true, _bounded, _fenced, _counted, _finished)
