"""What a check is: one set-based query on both databases, whose rows are disagreements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django_stubs_ext import StrPromise

# How long the engine may take, in seconds, to see to what is meant to hold: a lease that ran out, a campaign that
# came to its end. What is younger is work in progress.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The query gives (id, what is written down, what the rows say); `values` are its named parameters."""

    sql: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`subject` is what the ids are of: campaign, delivery, or page."""

    code: str
    subject: str
    words: StrPromise
    ask: Callable[[datetime], Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    check: str
    subject: str
    id: int
    written: str
    found: str


def question(sql: str, **values: object) -> Question:
    """Times become what each database stores."""
    plain = {
        name: connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return Question(sql=sql, values=plain)
