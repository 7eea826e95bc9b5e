"""What answers tell of the people behind them: who has been told that messages are automated, who takes none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from notifications.gateway.contract import Verdict
from notifications.services.judging import Judged
from pages.models import Thread


@contextmanager
def noted(batch: Sequence[Judged], *, now: datetime) -> Iterator[None]:
    """Writes it in one transaction with the block, which writes down the answers; nothing where nothing was told."""
    told = [one for one in batch if one.marked.parcel and one.marked.parcel.discloses and _accepted(one)]
    gone = [one for one in batch if one.marked.parcel and one.outcome.gone]
    if not told and not gone:
        yield
        return
    with transaction.atomic():
        yield
        Thread.objects.filter(pk__in=_threads(told), disclosed_at=None).update(disclosed_at=now)
        _block(gone, now)


def _block(gone: Sequence[Judged], now: datetime) -> None:
    """Whoever wrote after the message was sent takes messages again."""
    for one in gone:
        mine = Thread.objects.filter(pk__in=_threads([one]), blocked_at=None)
        mine.exclude(acted_at__gt=datetime.fromtimestamp(one.answer.started_at, tz=now.tzinfo)).update(blocked_at=now)


def _accepted(one: Judged) -> bool:
    return one.outcome.verdict is Verdict.ACCEPTED


def _threads(batch: Sequence[Judged]) -> list[int]:
    """In their order, so that two who write the same ones never wait for each other."""
    return sorted({one.marked.parcel.thread_pk for one in batch if one.marked.parcel})
