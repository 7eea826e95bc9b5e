"""Who agreed to what, from when to when: a small interpreter of the history. Pure, and of nothing that is under test.

It knows what people did and when (Facebook's clock), when the product was told, what systems and staff entered, and
what was asked. From that it says whether an agreement was in force. Where the product may be stricter than it has to be
(an opt-in that is not revived, a question that is put again) the model allows more; never less.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MARKETING, TRANSACTIONAL, ALERT = "marketing", "transactional", "alert"
ANSWER_WITHIN = timedelta(days=7)

# The page's name here, and the customer_id.
Key = tuple[str, str]
Psid = str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a site's pattern says of the ids that it fits."""

    purpose: str
    days: int | None = None
    sole: bool = False


@dataclass(kw_only=True)
class Period:
    """An agreement. `said_at` is when the person said so, where it was the person; `sole` is for one message alone.

    `note` is what a system gave for a proof: the same again is the same agreement, also when that is over.
    """

    holder: Psid | None
    given_at: datetime
    purpose: str
    said_at: datetime | None = None
    expires_at: datetime | None = None
    sole: bool = False
    ended_at: datetime | None = None
    note: str = ""

    def covers(self, at: datetime) -> bool:
        ends = [end for end in (self.ended_at, self.expires_at) if end is not None]
        return self.given_at <= at and all(at < end for end in ends)

    def allows(self, purpose: str | None) -> bool:
        """None: a single message, which has the purpose of its id."""
        return purpose in {None, self.purpose} or self.purpose == MARKETING


@dataclass(kw_only=True)
class Question:
    """An invitation: from the click, or from a START. `put_to` came with it, at `put_at` as far as we were told."""

    key: Key
    good_until: datetime
    put_to: Psid | None = None
    put_at: datetime | None = None
    terms: Terms | None = None
    again: bool = False
    open: bool = True
    # Not asked, since it had been agreed to.
    settled: bool = False


@dataclass
class Model:
    patterns: dict[str, dict[str, Terms]] = field(default_factory=dict)
    site_of: dict[str, str] = field(default_factory=dict)
    periods: dict[Key, list[Period]] = field(default_factory=dict)
    holders: dict[Key, Psid | None] = field(default_factory=dict)
    revoked: dict[Key, datetime] = field(default_factory=dict)
    erased: set[Key] = field(default_factory=set)
    gone: dict[Psid, datetime] = field(default_factory=dict)
    away: set[Psid] = field(default_factory=set)
    stops: dict[Psid, datetime] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)

    # -- what is asked of it -----------------------------------------------------------------------------------

    def at(self, key: Key, when: datetime) -> Period | None:
        return next((each for each in reversed(self.periods.get(key, [])) if each.covers(when)), None)

    def terms(self, key: Key) -> Terms | None:
        """By the beginnings of the ids that histories use."""
        page, customer_id = key
        return self.patterns[self.site_of[page]].get(customer_id.partition("-")[0])

    def is_away(self, psid: Psid, at: datetime) -> bool:
        """Whether what happened at `at` is of somebody who was erased since."""
        return psid in self.gone and at <= self.gone[psid]

    # -- systems and staff -------------------------------------------------------------------------------------

    def told_by_system(self, key: Key, *, psid: Psid | None, purpose: str | None, note: str, now: datetime) -> None:
        if key in self.erased or psid in self.away or self._is_of_another(key, psid):
            return
        if key in self.revoked:
            return
        last = self._last(key)
        if last and last.note == note:
            if psid:
                self._claimed(key, psid, now)
            return
        self._entered(key, psid=psid, purpose=purpose, note=note, now=now)

    def told_by_staff(self, key: Key, *, now: datetime) -> None:
        if key not in self.erased:
            self._entered(key, psid=None, purpose=None, note="", now=now)

    def _entered(self, key: Key, *, psid: Psid | None, purpose: str | None, note: str, now: datetime) -> None:
        terms, before = self.terms(key), self._last(key)
        known = Terms(purpose=before.purpose, sole=before.sole) if before else Terms(purpose=MARKETING)
        said = terms or known
        self._begin(
            key,
            Period(
                holder=psid or self.holders.get(key),
                given_at=now,
                purpose=purpose or said.purpose,
                expires_at=_until(terms, now),
                sole=said.sole,
                note=note,
            ),
        )

    def _is_of_another(self, key: Key, psid: Psid | None) -> bool:
        return psid is not None and self.holders.get(key) not in (None, psid)

    def _claimed(self, key: Key, psid: Psid, now: datetime) -> None:
        """A system says whose it is: what the person had stopped before is over."""
        if self.holders.get(key) is None:
            self.holders[key] = psid
            for period in self.periods.get(key, []):
                period.holder = psid
            last = self._last(key)
            if last and psid in self.stops and last.given_at <= self.stops[psid]:
                self._end(key, now)

    def revoke(self, key: Key, *, now: datetime) -> None:
        """Also where it has run out: no system may say again that it was given."""
        if self.periods.get(key):
            self._end(key, now)
            self.revoked[key] = now

    def erase(self, key: Key, *, now: datetime) -> None:
        self._end(key, now)
        self.erased.add(key)
        self.revoked.pop(key, None)
        self.holders.pop(key, None)
        self.questions = {pk: each for pk, each in self.questions.items() if each.key != key}

    def erase_person(self, page: str, psid: Psid, *, now: datetime) -> None:
        for key in [key for key, holder in self.holders.items() if key[0] == page and holder == psid]:
            self.erase(key, now=now)
        self.gone[psid] = now
        self.away.add(psid)
        self.stops.pop(psid, None)
        self.questions = {pk: each for pk, each in self.questions.items() if each.put_to != psid}

    # -- what a person did, when we are told of it ------------------------------------------------------------------

    def comes(self, pk: int, psid: Psid, *, at: datetime, now: datetime) -> None:
        question = self.questions.get(pk)
        if psid in self.stops and at <= self.stops[psid]:
            return
        if question is None or not question.open or question.put_to is not None:
            return
        if now >= question.good_until:
            question.open = False
            return
        question.put_to, question.put_at = psid, now
        question.terms = self.terms(question.key) or Terms(purpose=MARKETING)
        held = self.at(question.key, now)
        question.settled = held is not None and held.holder == psid
        question.open = not question.settled and not self._is_of_another(question.key, psid)

    def newest_questions(self, psid: Psid, *, at: datetime) -> list[int]:
        """What a typed answer is about: what was asked last, before it was typed."""
        open_ones = [
            (each.put_at, pk)
            for pk, each in self.questions.items()
            if each.open and each.put_to == psid and each.put_at is not None and each.put_at <= at
        ]
        if not open_ones:
            return []
        last_at, last = max(open_ones)
        together = [pk for put_at, pk in open_ones if put_at == last_at]
        return together if self.questions[last].again else [last]

    def answers(self, pks: list[int], psid: Psid, *, yes: bool, at: datetime, now: datetime) -> None:
        for pk in sorted(pks):
            question = self.questions.get(pk)
            if question is None or not (question.open or question.settled) or question.put_to != psid:
                continue
            question.open = question.settled = False
            if yes and self._counts(question, psid, at):
                self._agreed(question, psid, at, now)

    def _counts(self, question: Question, psid: Psid, at: datetime) -> bool:
        key = question.key
        too_late = question.put_at is None or at > question.put_at + ANSWER_WITHIN
        stopped = psid in self.stops and at <= self.stops[psid]
        taken_back = key in self.revoked and at <= self.revoked[key]
        return not (too_late or stopped or taken_back) and self.holders.get(key) in (None, psid)

    def _agreed(self, question: Question, psid: Psid, at: datetime, now: datetime) -> None:
        key, asked = question.key, question.terms or Terms(purpose=MARKETING)
        self.erased.discard(key)
        self.away.discard(psid)
        self._begin(
            key,
            Period(
                holder=psid,
                given_at=now,
                said_at=at,
                purpose=asked.purpose,
                expires_at=_until(self.terms(key), now),
                sole=asked.sole or asked.purpose == ALERT,
            ),
        )

    def stop(self, psid: Psid, *, at: datetime, now: datetime) -> None:
        """What was agreed to after it stays, whenever it is told."""
        if psid in self.stops and at <= self.stops[psid]:
            return
        self.stops[psid] = at
        for key, holder in self.holders.items():
            last = self._last(key)
            if holder == psid and key not in self.revoked and last and (last.said_at or last.given_at) <= at:
                self._end(key, now)
                # By the person's own clock: a Yes after the STOP counts, however late the STOP was told.
                self.revoked[key] = at

    # -- periods -------------------------------------------------------------------------------------------------

    def _last(self, key: Key) -> Period | None:
        return self.periods[key][-1] if self.periods.get(key) else None

    def _begin(self, key: Key, period: Period) -> None:
        self._end(key, period.given_at)
        self.holders[key] = period.holder
        self.revoked.pop(key, None)
        self.periods.setdefault(key, []).append(period)

    def _end(self, key: Key, now: datetime) -> None:
        last = self._last(key)
        if last and last.ended_at is None:
            last.ended_at = now


def _until(terms: Terms | None, now: datetime) -> datetime | None:
    return now + timedelta(days=terms.days) if terms and terms.days else None
