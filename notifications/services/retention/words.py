"""The words of old deliveries, the answers to them, and the bodies of single messages. The rows and every count stay.

What has not come to its end is never touched: it is still to be sent, or somebody is still to decide about it.
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from notifications.models import Attempt, Campaign, Content, Delivery, Receipt
from notifications.services.erasing import GONE, GONE_BODY
from notifications.states import DeliveryState, Origin
from pages import append_only
from pages.retention.kind import CHUNK, Step, Turn

OPEN = (DeliveryState.QUEUED, DeliveryState.DISPATCHING, DeliveryState.UNKNOWN)
_SILENT = Q(personal=None, detail="", provider_message_id="")
# How the hash of a body begins that is to go: nobody finds it any more, so no new message can be made of it.
RETIRED = "retired-"


def due(before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(created_at__lt=before).exclude(state__in=OPEN).exclude(_SILENT)


def blank(turn: Turn) -> Step:
    """Goes through the days, by the index delivery_by_day; `after` is the time and the key that were looked at last."""
    rows = Delivery.objects.filter(created_at__lt=turn.before)
    if turn.after:
        at, _bar, pk = turn.after.partition("|")
        since = datetime.fromisoformat(at)
        # The first condition is where the index begins, the second what was seen already.
        rows = rows.filter(created_at__gte=since).exclude(created_at=since, pk__lte=int(pk))
    seen = list(rows.order_by("created_at", "pk").values_list("pk", "created_at", "state")[:CHUNK])
    removed = _blank([pk for pk, _at, state in seen if state not in OPEN])
    after = f"{seen[-1][1].isoformat()}|{seen[-1][0]}" if len(seen) == CHUNK else None
    return Step(removed=removed, after=after)


def _blank(pks: Collection[int]) -> int:
    if not pks:
        return 0
    with transaction.atomic():
        rows = Delivery.objects.filter(pk__in=pks).exclude(state__in=OPEN)
        blanked = rows.exclude(_SILENT).update(personal=None, detail="", provider_message_id="")
        Receipt.objects.filter(delivery__in=pks).exclude(mid="").update(mid="")
        tries = list(Attempt.objects.filter(delivery__in=rows.values("pk")).exclude(answer="", message_id=""))
        for each in tries:
            each.answer = each.message_id = ""
        append_only.write_all_anew(tries)
    return blanked


def bodies_due(before: datetime) -> QuerySet[Content]:
    """Of single messages none of which is young or open; a campaign's is the shop's own words."""
    return Content.objects.filter(created_at__lt=before).exclude(body=GONE_BODY).exclude(_in_use(before))


def _in_use(before: datetime) -> Q:
    """Served by the indexes delivery_by_content and delivery_in_doubt, delivery_due and their like."""
    alone = Delivery.objects.exclude(origin=Origin.CAMPAIGN).filter(content=OuterRef("pk"))
    young = Exists(alone.filter(created_at__gte=before))
    is_open = Exists(alone.filter(state__in=OPEN))
    return Q(young) | Q(is_open) | Q(Exists(Campaign.objects.filter(content=OuterRef("pk"))))


def empty_bodies(turn: Turn) -> Step:
    """In two runs, a day apart: first nobody can find the body any more, and what was made of it meanwhile shows.

    `after` is the last key that was looked at.
    """
    rows = Content.objects.filter(pk__gt=int(turn.after or 0)).order_by("pk")
    seen = list(rows.values_list("pk", "created_at")[:CHUNK])
    old = [pk for pk, at in seen if at < turn.before]
    with transaction.atomic():
        mine = bodies_due(turn.before).filter(pk__in=old)
        retired = list(mine.filter(sha256__startswith=RETIRED).values_list("pk", flat=True))
        found = list(mine.exclude(pk__in=retired).values_list("pk", flat=True))
        emptied = Content.objects.filter(pk__in=retired).update(**GONE, sha256=_nobodys("gone-"))
        Content.objects.filter(pk__in=found).update(sha256=_nobodys(RETIRED))
    # Keys grow with time: where all of a chunk is young, the rest is younger.
    goes_on = len(seen) == CHUNK and bool(old)
    return Step(removed=emptied, after=str(seen[-1][0]) if goes_on else None)


def _nobodys(beginning: str) -> Concat:
    """A hash of no body; the chance is new each time, and the key keeps rows apart."""
    return Concat(Value(f"{beginning}{secrets.token_hex(12)}-"), Cast("pk", CharField()))
