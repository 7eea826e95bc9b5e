"""The idempotency keys of a batch's entries, looked up and kept together."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from notifications.api import keys
from notifications.api.answers import as_json
from notifications.api.asking import fault
from notifications.api.envelope import ApiError
from notifications.api.keys import Answer, Call
from notifications.models import KeptAnswer
from notifications.services.forgetting import KEPT_FOR
from pages.models import ApiToken

FIELD = "idempotency_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """`calls` are the entries with a key, by position; `decided` has those that need no more work.

    `again` are repetitions within the batch: their position, and that of the first with the key.
    """

    calls: Mapping[int, Call]
    decided: Mapping[int, Answer | ApiError]
    again: Mapping[int, int]
    now: datetime

    @classmethod
    def of(cls, entries: Mapping[int, Any], *, token_pk: int, now: datetime) -> "Keyed":
        calls, decided = _calls(entries, token_pk)
        firsts: dict[str, int] = {}
        for at, call in calls.items():
            firsts.setdefault(call.key, at)
        again = {at: firsts[call.key] for at, call in calls.items() if firsts[call.key] != at}
        for at, first in again.items():
            if calls[at].fingerprint != calls[first].fingerprint:
                decided[at] = keys.other_call(FIELD)
        decided |= _known([(at, call) for at, call in calls.items() if at not in again], now)
        return cls(calls=calls, decided=decided, again=again, now=now)

    def is_open(self, at: int) -> bool:
        """Whether the entry still has to be worked on."""
        return at not in self.decided and at not in self.again

    def keep(self, outcomes: dict[int, Answer | ApiError]) -> None:
        """Keeps the answers of what was taken, and answers the repetitions within the batch."""
        fresh = [
            (call, said)
            for at, call in self.calls.items()
            if self.is_open(at) and isinstance(said := outcomes[at], Answer)
        ]
        keys.keep(fresh, now=self.now)
        for at, first in self.again.items():
            if at not in outcomes:
                outcomes[at] = _repeated(outcomes[first])


def _repeated(said: Answer | ApiError) -> Answer | ApiError:
    if isinstance(said, ApiError):
        return said
    return Answer(body=said.body, status=said.status, location=said.location, replayed=True)


def _calls(entries: Mapping[int, Any], token_pk: int) -> tuple[dict[int, Call], dict[int, Answer | ApiError]]:
    calls: dict[int, Call] = {}
    wrong: dict[int, Answer | ApiError] = {}
    for at, entry in entries.items():
        if not isinstance(entry, dict) or FIELD not in entry:
            continue
        try:
            calls[at] = Call(token_pk=token_pk, key=_key(entry[FIELD]), fingerprint=_fingerprint(entry))
        except ApiError as error:
            wrong[at] = error
    return calls, wrong


def _key(given: Any) -> str:
    if not isinstance(given, str):
        raise fault(422, FIELD, "not_text", keys.bad_key_words())
    return keys.judged(given, field=FIELD)


def _fingerprint(entry: Mapping[str, Any]) -> str:
    asked = {key: value for key, value in entry.items() if key != FIELD}
    return hashlib.sha256(f"entry of a batch\n{as_json(asked)}".encode()).hexdigest()


def _known(calls: Sequence[tuple[int, Call]], now: datetime) -> dict[int, Answer | ApiError]:
    """Calls that were answered before, that somebody else works on now, or whose key stands for another call."""
    if not calls:
        return {}
    busy = _busy([call for _at, call in calls])
    rows = KeptAnswer.objects.filter(token_id=calls[0][1].token_pk, key__in=[call.key for _at, call in calls])
    rows.filter(created_at__lte=now - KEPT_FOR).delete()
    kept = {row.key: row for row in rows.filter(token__in=ApiToken.objects.valid(now))}
    found: dict[int, Answer | ApiError] = {}
    for at, call in calls:
        if call.key in busy:
            found[at] = keys.in_progress(FIELD)
        elif call.key in kept:
            found[at] = _said_before(kept[call.key], call)
    return found


def _said_before(row: KeptAnswer, call: Call) -> Answer | ApiError:
    return keys.again(row, call) if row.fingerprint == call.fingerprint else keys.other_call(FIELD)


def _busy(calls: Sequence[Call]) -> set[str]:
    """Keys that somebody else works on now, as `keys.alone` asks it for one."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l, pg_try_advisory_xact_lock(l) FROM unnest(%s::bigint[]) l", [[keys.lock_of(c) for c in calls]]
        )
        alone = dict(cursor.fetchall())
    return {call.key for call in calls if not alone[keys.lock_of(call)]}
