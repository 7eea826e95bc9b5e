"""What a kind of kept data is: its words, how long it may stay, which rows are due, and the step that removes some."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_stubs_ext import StrPromise

# Rows of one transaction: what others may have to wait for.
CHUNK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`before`: what is older is due. `after` is where the step before stopped, empty at the beginning."""

    now: datetime
    before: datetime
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many rows were removed or emptied; `after` is where the next step goes on, None where nothing is left."""

    removed: int
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`keep` is how long, None for good; where no setting decides, `how_long` says it in words.

    `due` gives the rows that are older than a moment and still there, `at` the field that tells their age. Without a
    `step` another sweep removes them, every few seconds.
    """

    name: str
    words: StrPromise
    about: StrPromise
    due: Callable[[datetime], QuerySet[Any]]
    at: str
    keep: Callable[[], timedelta | None]
    setting: str = ""
    how_long: StrPromise | str = ""
    step: Callable[[Turn], Step] | None = None

    def turn(self, now: datetime, after: str = "") -> Turn | None:
        """None: it is kept for good."""
        keep = self.keep()
        return None if keep is None else Turn(now=now, before=now - keep, after=after)

    def rows_due(self, now: datetime) -> QuerySet[Any]:
        turn = self.turn(now)
        return self.due(turn.before) if turn else self.due(now).none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is not removed by age, and why."""

    words: StrPromise | str
    why: StrPromise | str


def days_of(setting: str) -> Callable[[], timedelta | None]:
    """Of a setting in days; 0 is for good."""

    def keep() -> timedelta | None:
        days: int = settings.RETENTION[setting] if setting in settings.RETENTION else getattr(settings, setting)
        return timedelta(days=days) if days else None

    return keep


def deleting(due: Callable[[datetime], QuerySet[Any]], *, at: str) -> Callable[[Turn], Step]:
    """The step of rows that go as a whole, the oldest first. An index serves `due` in the order of `at`."""

    def step(turn: Turn) -> Step:
        rows = due(turn.before)
        with transaction.atomic():
            pks = list(rows.order_by(at).values_list("pk", flat=True)[:CHUNK])
            # Asked once more: what was changed at this instant stays.
            _all, by_model = due(turn.before).filter(pk__in=pks).delete() if pks else (0, {})
        return Step(removed=by_model.get(rows.model._meta.label, 0), after="" if len(pks) == CHUNK else None)

    return step


def pointed_at(model: type[models.Model], *, but: tuple[type[models.Model], ...] = ()) -> Q:
    """Whether a row of any table stands on a row of `model`, those of `but` apart, and would go or forbid its going."""
    standing = Q(pk__in=[])
    for relation in model._meta.related_objects:
        if relation.on_delete is not models.SET_NULL and relation.related_model not in but:
            rows = relation.related_model._base_manager  # noqa: SLF001  (the manager Django deletes with)
            standing |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return standing
