"""Campaigns against their rows."""

from datetime import datetime

from notifications.services.auditing.check import GRACE, Question, question
from notifications.states import DeliveryState

# A cancelled campaign's rows are cancelled in chunks, which takes its time at ten million.
CLOSING = GRACE * 30


def tallies(_now: datetime) -> Question:
    kept = " UNION ALL ".join(
        f"SELECT campaign_id, '{state.value}' AS state, {state.value} AS kept, 0 AS counted FROM notifications_tally"  # noqa: S608  (our own states)
        for state in DeliveryState
    )
    return question(
        f"""
        SELECT campaign_id, state || ' ' || SUM(kept), state || ' ' || SUM(counted)
        FROM ({kept} UNION ALL
            SELECT campaign_id, state, 0, COUNT(*) FROM notifications_delivery
            WHERE campaign_id IS NOT NULL GROUP BY campaign_id, state) AS both_counts
        GROUP BY campaign_id, state HAVING SUM(kept) <> SUM(counted) ORDER BY campaign_id, state
        """  # noqa: S608  (our own states)
    )


_MOVABLE = """EXISTS (SELECT 1 FROM notifications_delivery d WHERE d.campaign_id = c.id
    AND d.state IN ('queued', 'dispatching'))"""


def ended_too_early(_now: datetime) -> Question:
    return question(
        f"SELECT c.id, c.state, 'a row can still move' FROM notifications_campaign c "  # noqa: S608  (our own words)
        f"WHERE c.state = 'finished' AND {_MOVABLE} ORDER BY c.id"
    )


def goes_on_for_nothing(now: datetime) -> Question:
    return question(
        f"""
        SELECT c.id, c.state, 'no row can move' FROM notifications_campaign c
        WHERE c.state = 'running' AND c.expanded_at < %(since)s AND NOT {_MOVABLE}
            AND NOT EXISTS (SELECT 1 FROM notifications_delivery d
                WHERE d.campaign_id = c.id AND d.ended_at >= %(since)s)
        ORDER BY c.id
        """,  # noqa: S608  (our own words)
        since=now - GRACE,
    )


def not_closed(now: datetime) -> Question:
    return question(
        """
        SELECT c.id, c.state, 'a row is queued' FROM notifications_campaign c
        WHERE c.state = 'cancelled' AND c.finished_at < %(since)s AND EXISTS (SELECT 1 FROM notifications_delivery d
            WHERE d.campaign_id = c.id AND d.state = 'queued') ORDER BY c.id
        """,
        since=now - CLOSING,
    )


def rows_before_launch(_now: datetime) -> Question:
    return question(
        """
        SELECT c.id, c.state, 'it has rows' FROM notifications_campaign c
        WHERE c.state IN ('draft', 'scheduled')
            AND EXISTS (SELECT 1 FROM notifications_delivery d WHERE d.campaign_id = c.id) ORDER BY c.id
        """
    )


def outside_the_audience(_now: datetime) -> Question:
    """Agreed between launch and the making of the row; an agreement renewed later is the same audience."""
    return question(
        """
        SELECT d.id, 'campaign ' || c.id, CASE
            WHEN o.id > c.audience_ceiling THEN 'opt-in ' || o.id || ' is newer than the launch'
            WHEN o.agreed_at > c.launched_at THEN 'opt-in ' || o.id || ' agreed after the launch'
            ELSE 'customer_id begins otherwise' END
        FROM notifications_campaign c
        JOIN notifications_delivery d ON d.campaign_id = c.id
        JOIN optins_optin o ON o.id = d.optin_id
        WHERE o.id > c.audience_ceiling OR (o.agreed_at > c.launched_at AND o.agreed_at <= d.created_at)
            OR (c.audience_kind = 'prefix' AND o.state <> 'erased'
                AND SUBSTR(o.customer_id, 1, LENGTH(c.audience_prefix)) <> c.audience_prefix)
        """
    )


def missing_rows(_now: datetime) -> Question:
    """Opt-ins that have been active from the launch until today."""
    return question(
        """
        SELECT c.id, 'expanded', 'no row for opt-in ' || o.id
        FROM notifications_campaign c
        JOIN optins_optin o ON o.page_id = c.page_id AND o.state = 'active' AND o.id <= c.audience_ceiling
            AND o.agreed_at <= c.launched_at AND (o.expires_at IS NULL OR o.expires_at > c.expanded_at)
            AND (o.purpose = c.purpose OR o.purpose = 'marketing')
            AND (c.audience_kind <> 'prefix'
                OR SUBSTR(o.customer_id, 1, LENGTH(c.audience_prefix)) = c.audience_prefix)
        LEFT JOIN notifications_delivery d ON d.campaign_id = c.id AND d.optin_id = o.id
        WHERE c.expanded_at IS NOT NULL AND d.id IS NULL
        """
    )
