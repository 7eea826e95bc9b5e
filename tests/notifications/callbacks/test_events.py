import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from notifications.callbacks import events
from notifications.callbacks.events import CHOICES, Event, EventType
from notifications.states import CampaignState, DeliveryState

AT = datetime(2026, 3, 1, 9, 30, 0, 123_456, tzinfo=UTC)


def test_every_state_that_a_delivery_ends_in_is_told_and_no_other() -> None:
    told = {state for state in DeliveryState if events.of_delivery(state)}
    assert told == set(DeliveryState) - {DeliveryState.QUEUED, DeliveryState.DISPATCHING}


@pytest.mark.parametrize(
    ("frm", "to", "told"),
    [
        (CampaignState.DRAFT, CampaignState.RUNNING, EventType.CAMPAIGN_LAUNCHED),
        (CampaignState.SCHEDULED, CampaignState.RUNNING, EventType.CAMPAIGN_LAUNCHED),
        (CampaignState.PAUSED, CampaignState.RUNNING, EventType.CAMPAIGN_RESUMED),
        (CampaignState.FINISHED, CampaignState.RUNNING, EventType.CAMPAIGN_RESUMED),
        (CampaignState.RUNNING, CampaignState.PAUSED, EventType.CAMPAIGN_PAUSED),
        (CampaignState.RUNNING, CampaignState.FINISHED, EventType.CAMPAIGN_FINISHED),
        (CampaignState.SCHEDULED, CampaignState.CANCELLED, EventType.CAMPAIGN_CANCELLED),
        (CampaignState.DRAFT, CampaignState.SCHEDULED, None),
        (CampaignState.SCHEDULED, CampaignState.DRAFT, None),
    ],
)
def test_a_campaigns_move_has_a_name(frm: str, to: str, told: EventType | None) -> None:
    assert events.of_campaign(frm, to) is told


def test_the_body_holds_the_events_in_the_order_given() -> None:
    event = Event(number=7, id=UUID(int=1), type="delivery.sent", at=AT, data={"customer_id": "é/1"})

    body = events.body(sid="4014", events=[event], replay=False)

    assert json.loads(body) == {
        "site": "4014",
        "replay": False,
        "events": [
            {
                "number": 7,
                "id": "00000000-0000-0000-0000-000000000001",
                "type": "delivery.sent",
                "at": "2026-03-01T09:30:00.123Z",
                "data": {"customer_id": "é/1"},
            }
        ],
    }
    assert "é/1".encode() in body


def test_a_test_is_not_a_matter_of_choice() -> None:
    assert EventType.TEST not in CHOICES
    assert len(CHOICES) == len(EventType) - 1
