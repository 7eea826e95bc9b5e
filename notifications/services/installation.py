"""Whether this database is the one that sends, or a copy of it that was restored and must wait for a person.

A copy does not know what its original sent since it was made, and would send it again. Two signs tell it apart: it is
in another place, or it has come less far than somebody remembers (`beats`, which every sweep lets grow).
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet

from notifications.models import Delivery, Installation
from notifications.services import place, witness
from notifications.states import Sign
from pages import audit

logger = logging.getLogger(__name__)

THE_ONE = 1
# What a query on what may be sent has to exclude.
DISARMED = Installation.objects.filter(pk=THE_ONE, armed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the database says of itself, and where it is."""

    uuid: UUID
    known_place: str
    here: str
    beats: int
    armed: bool


def is_armed() -> bool:
    """What was found out so far. A database that nobody looked at yet is armed."""
    return not DISARMED.exists()


def stands(*, now: datetime) -> bool:
    """Looks for the signs of a copy and returns whether anything may be sent; disarms a copy.

    The first look at a fresh database makes it an installation.
    """
    seen = _look()
    if not seen.armed:
        return False
    sign = _sign_of_a_copy(seen)
    if sign:
        disarm(sign=sign, seen=seen, now=now)
        return False
    if seen.known_place != seen.here:
        # Moved, or its server says more or less of itself than before.
        _of(seen.uuid).filter(place=seen.known_place).update(place=seen.here)
    witness.remember(seen.uuid, seen.beats)
    return True


def uuid() -> UUID:
    """By which other installations tell our messages from theirs."""
    return _look().uuid


def beat(*, now: datetime) -> bool:
    """`stands`, and then one beat more; every sweep does it."""
    if not stands(now=now):
        return False
    Installation.objects.filter(pk=THE_ONE, armed=True).update(beats=F("beats") + 1)
    return True


def _look() -> Seen:
    fields = ("uuid", "place", "beats", "armed")
    row = Installation.objects.filter(pk=THE_ONE).values_list(*fields).first()
    if row is None:
        Installation.objects.get_or_create(pk=THE_ONE, defaults={"place": place.here()})
        row = Installation.objects.values_list(*fields).get(pk=THE_ONE)
    uuid, known_place, beats, armed = row
    here = place.here()
    return Seen(uuid=uuid, known_place=known_place or here, here=here, beats=beats, armed=armed)


def _sign_of_a_copy(seen: Seen) -> Sign | None:
    if place.is_elsewhere(seen.known_place, seen.here):
        return Sign.PLACE
    most = witness.remembered(seen.uuid)
    if seen.beats >= most:
        return None
    # Another worker may have let it grow, and remembered that, after it was read here: what is remembered now was
    # committed by now.
    return Sign.BEHIND if _of(seen.uuid).filter(beats__lt=most).exists() else None


def disarm(*, sign: Sign, seen: Seen, now: datetime) -> bool:
    """Stops all sending within one batch. False: somebody did already."""
    with transaction.atomic():
        top = Delivery.objects.aggregate(top=Max("pk"))["top"] or 0
        stopped = (
            _of(seen.uuid)
            .filter(armed=True)
            .update(armed=False, disarmed_at=now, disarmed_why=sign, disarmed_top=top, arming="", arming_by=None)
        )
        if stopped:
            detail = {"sign": sign.value, "known": seen.known_place, "here": seen.here}
            audit.record(actor=None, action="installation.disarmed", subject=Installation(pk=THE_ONE), **detail)
            logger.error("This database is a restored copy (%s): nothing is sent until a person arms it.", sign.value)
        return bool(stopped)


def _of(uuid: UUID) -> QuerySet[Installation]:
    return Installation.objects.filter(pk=THE_ONE, uuid=uuid)
