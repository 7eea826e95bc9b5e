"""Idempotency-Key: a call that is repeated with its key is made once, and is answered again as it was answered then.

Kept for thirty days, and only what was taken: a call that was refused leaves its key free for the next try.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from notifications.api.access import access_of
from notifications.api.answers import answer, as_json
from notifications.api.envelope import ApiError, Fault
from notifications.models import KeptAnswer
from notifications.services.forgetting import KEPT_FOR
from pages.models import ApiToken

HEADER = "Idempotency-Key"
_IN_META = "HTTP_IDEMPOTENCY_KEY"
REPLAYED = "Idempotency-Replayed"

PATTERN = "[!-~]{1,255}"  # printable ASCII without spaces
_KEY = re.compile(PATTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that may be repeated: a key is its token's own, and stands for what `fingerprint` was made of.

    Without a key (it is empty) none is invented: the same call twice is two calls.
    """

    token_pk: int
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body` is the whole envelope."""

    body: Mapping[str, Any]
    status: int = 200
    location: str = ""
    replayed: bool = False

    def response(self) -> HttpResponse:
        headers = {"Location": self.location} if self.location else {}
        replayed = {REPLAYED: "true"} if self.replayed else {}
        return answer(self.body, status=self.status, headers=headers | replayed)


def call_of(request: HttpRequest, raw: bytes) -> Call:
    """The token is no part of what was asked: it may be brought in another way the next time. Raises ApiError 400."""
    key = judged(request.META.get(_IN_META))
    return Call(token_pk=access_of(request).token_pk, key=key, fingerprint=_fingerprint(request, raw) if key else "")


def _fingerprint(request: HttpRequest, raw: bytes) -> str:
    asked = sorted((name, value) for name, value in request.GET.items() if name != "access_token")
    return hashlib.sha256(f"{request.method} {request.path} {asked}\n".encode() + raw).hexdigest()


def judged(key: str | None, *, field: str = HEADER) -> str:
    """The key; empty where there is none. Raises ApiError 400."""
    if key is None:
        return ""
    if _KEY.fullmatch(key):
        return key
    raise ApiError(400, bad_key_words(), faults=[Fault(field=field, code="bad_key", message=bad_key_words())])


def bad_key_words() -> str:
    return _("Give a key of 1 to 255 printable ASCII characters, without spaces.")


def once(call: Call, *, now: datetime, work: Callable[[], Answer]) -> Answer:
    """Does `work` and keeps its answer, or gives the one that was kept. Raises ApiError 409 or 422.

    `work` writes in the transaction that its answer is kept in: either both are there or neither is.
    """
    if not call.key:
        return work()
    with transaction.atomic():
        if not alone(call):
            raise in_progress()
        found = kept(call, now=now)
        if found:
            return found
        done = work()
        keep([(call, done)], now=now)
    return done


def kept(call: Call, *, now: datetime) -> Answer | None:
    """The answer of thirty days at most, for a token that still holds. Raises ApiError 422 for another call's key."""
    rows = KeptAnswer.objects.filter(token_id=call.token_pk, key=call.key)
    rows.filter(created_at__lte=now - KEPT_FOR).delete()
    found = rows.filter(token__in=ApiToken.objects.valid(now)).first()
    return again(found, call) if found else None


def again(found: KeptAnswer, call: Call) -> Answer:
    """Raises ApiError 422 for another call's key."""
    if found.fingerprint != call.fingerprint:
        raise other_call()
    told = json.loads(found.body)
    return Answer(status=found.status, body=told["body"], location=told["location"], replayed=True)


def keep(done: list[tuple[Call, Answer]], *, now: datetime) -> None:
    KeptAnswer.objects.bulk_create(
        KeptAnswer(
            token_id=call.token_pk,
            key=call.key,
            fingerprint=call.fingerprint,
            status=said.status,
            body=as_json({"body": said.body, "location": said.location}),
            created_at=now,
        )
        for call, said in done
    )


def alone(call: Call) -> bool:
    """Whether nobody else works on this key now. SQLite has one writer at a time: who comes second finds the answer."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_of(call)])
        return bool(cursor.fetchone()[0])


def lock_of(call: Call) -> int:
    digest = hashlib.sha256(f"{call.token_pk} {call.key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def in_progress(field: str = HEADER) -> ApiError:
    words = _("A call with this key is being worked on. Repeat it in a moment.")
    fault = Fault(field=field, code="in_progress", message=words)
    return ApiError(409, words, faults=[fault], headers={"Retry-After": "1"})


def other_call(field: str = HEADER) -> ApiError:
    words = _("This key was used for another call. Use a new key for each message.")
    return ApiError(422, words, faults=[Fault(field=field, code="other_call", message=words)])
