"""The tables of legal moves, and the compare-and-set that obeys them."""

import pytest

from notifications.models import Delivery
from notifications.states import CAMPAIGN_MOVES, DELIVERY_MOVES, CampaignState, DeliveryState
from optins.states import OPTIN_MOVES, OptInState
from pages.moves import IllegalMove, Moves, origins
from pages.states import PAGE_MOVES, PageState
from tests.factories import DeliveryFactory


@pytest.mark.parametrize(
    ("moves", "states"),
    [
        (DELIVERY_MOVES, DeliveryState),
        (CAMPAIGN_MOVES, CampaignState),
        (OPTIN_MOVES, OptInState),
        (PAGE_MOVES, PageState),
    ],
)
def test_a_table_holds_its_own_states_only_and_each_can_be_reached(moves: Moves, states: type[DeliveryState]) -> None:
    targets = frozenset().union(*moves.values())

    assert set(moves) | targets == set(states.values)
    assert set(states.values) - targets <= {CampaignState.DRAFT, DeliveryState.QUEUED}


@pytest.mark.parametrize("final", ["read", "skipped", "cancelled"])
def test_what_has_ended_stays_ended(final: str) -> None:
    assert DELIVERY_MOVES.get(final, frozenset()) == frozenset()


def test_what_was_refused_is_never_tried_again() -> None:
    assert DELIVERY_MOVES[DeliveryState.FAILED] == {"sent"}


def test_receipts_only_move_forward() -> None:
    assert origins(DELIVERY_MOVES, "delivered") == {"sent", "unknown"}
    assert "delivered" not in DELIVERY_MOVES.get("read", frozenset())


@pytest.mark.django_db
def test_a_row_that_somebody_else_moved_first_does_not_move() -> None:
    row = DeliveryFactory()
    rows = Delivery.objects.filter(pk=row.pk)

    assert rows.move(DeliveryState.CANCELLED) == 1
    assert rows.move(DeliveryState.SKIPPED) == 0


@pytest.mark.django_db
def test_an_illegal_move_is_a_mistake_of_the_code() -> None:
    with pytest.raises(IllegalMove):
        Delivery.objects.all().move(DeliveryState.QUEUED, frm=DeliveryState.SENT)
