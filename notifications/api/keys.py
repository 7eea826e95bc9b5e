"""Idempotency-Key: a call that is repeated with its key is made once, and is answered again as it was answered then.

Kept for thirty days, and only what was taken: a call that was refused leaves its key free for the next try.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifications.api.envelope import ApiError, Fault
from notifications.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=30)

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: dict[str, Any]
    replayed: bool = False


def once(
    request: HttpRequest, raw: bytes, *, token_pk: int, now: datetime, work: Callable[[], dict[str, Any]]
) -> Answer:
    """Does `work` and keeps its answer (202), or gives the one that was kept. Raises ApiError 400, 409 or 422."""
    key = request.headers.get(HEADER)
    if key is None:
        return Answer(status=202, body=work())
    if not _KEY.fullmatch(key):
        raise _refused(400, "bad_key", _("Give a key of 1 to 255 printable ASCII characters, without spaces."))
    with transaction.atomic():
        if not _alone(token_pk, key):
            raise _refused(
                409, "in_progress", _("A call with this key is being worked on. Repeat it in a moment."), "1"
            )
        kept = KeptAnswer.objects.filter(token_id=token_pk, key=key).first()
        if kept and kept.created_at > now - KEPT_FOR:
            return _again(kept, fingerprint(request, raw))
        if kept:
            kept.delete()
        body = work()
        KeptAnswer.objects.create(
            token_id=token_pk,
            key=key,
            fingerprint=fingerprint(request, raw),
            status=202,
            body=json.dumps(body, ensure_ascii=False, default=str),
            created_at=now,
        )
    return Answer(status=202, body=body)


def fingerprint(request: HttpRequest, raw: bytes) -> str:
    """Of the call, without the token: it may be brought in another way the next time."""
    asked = sorted((name, value) for name, value in request.GET.items() if name != "access_token")
    return hashlib.sha256(f"{request.method} {request.path} {asked}\n".encode() + raw).hexdigest()


def _again(kept: KeptAnswer, asked: str) -> Answer:
    if kept.fingerprint != asked:
        raise _refused(422, "other_call", _("This key was used for another call. Use a new key for each message."))
    return Answer(status=kept.status, body=json.loads(kept.body), replayed=True)


def _alone(token_pk: int, key: str) -> bool:
    """Whether nobody else works on this key now. SQLite has one writer at a time: who comes second finds the answer."""
    if connection.vendor != "postgresql":
        return True
    digest = hashlib.sha256(f"{token_pk} {key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
        return bool(cursor.fetchone()[0])


def _refused(status: int, code: str, message: str, retry_after: str = "") -> ApiError:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return ApiError(status, message, faults=[Fault(field=HEADER, code=code, message=message)], headers=headers)
