"""Moving deliveries: the rows, and in the same transaction the tally of their campaign."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import Q

from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.services import using_up
from notifications.states import LEFT, DeliveryState

_SHIFT = "UPDATE notifications_tally SET {assignments} WHERE campaign_id = %s"


def move(rows: DeliveryQuerySet, to: str, *, frm: str, campaign_id: int | None, **changes: object) -> int:
    """Moves those of `rows`, all of one campaign (or of none), that still are in `frm`; returns how many did."""
    with transaction.atomic():
        moved = rows.filter(Q(campaign=campaign_id)).move(to, frm=frm, **changes)
        shift(campaign_id, {frm: -moved, to: moved})
        return moved


def move_ids(
    ids: Iterable[int], to: str, *, frm: str, within: DeliveryQuerySet | None = None, **changes: object
) -> int:
    """The same for rows of any campaigns, by id; `within` narrows them further at the moment of the move."""
    by_campaign: dict[int | None, list[int]] = {}
    rows = Delivery.objects.all() if within is None else within
    with transaction.atomic():
        for pk, campaign_id in Delivery.objects.filter(pk__in=list(ids)).values_list("pk", "campaign_id"):
            by_campaign.setdefault(campaign_id, []).append(pk)
        moved = {
            campaign_id: rows.filter(pk__in=pks).move(to, frm=frm, **changes)
            for campaign_id, pks in by_campaign.items()
        }
        shift_all({campaign_id: {frm: -n, to: n} for campaign_id, n in moved.items()})
        if to in LEFT and frm not in LEFT:
            using_up.use_up([pk for pks in by_campaign.values() for pk in pks])
        return sum(moved.values())


def shift_all(changes: Mapping[int | None, Mapping[str, int]]) -> None:
    """`shift` for several campaigns, by their ids.

    Whoever moves rows takes the tallies after all of its rows, and in this order: so nobody who holds one ever waits
    for somebody who waits for it.
    """
    for campaign_id in sorted(pk for pk in changes if pk is not None):
        shift(campaign_id, changes[campaign_id])


def shift(campaign_id: int | None, changes: Mapping[str, int]) -> None:
    """Adds `changes` (state to difference) to the campaign's tally; call it in the transaction that moved rows."""
    differences = {state: n for state, n in Counter(dict(changes)).items() if n}
    if campaign_id is None or not differences:
        return
    # By hand, twice for each batch that is sent: the ORM takes longer to write this than the database to do it.
    assignments = ", ".join(f'"{name}" = "{name}" + %s' for name in map(_column, differences))
    with connection.cursor() as cursor:
        cursor.execute(_SHIFT.format(assignments=assignments), [*differences.values(), campaign_id])


def _column(state: str) -> str:
    return DeliveryState(state).value
