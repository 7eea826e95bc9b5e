"""Deliveries against their own columns, their leases and their opt-ins."""

from datetime import datetime

from django.db import connection

from notifications.reasons import Reason
from notifications.services.auditing.check import GRACE, Question, question


def marked_without_a_lease(now: datetime) -> Question:
    return question(
        """
        SELECT d.id, 'dispatching under fence ' || d.fence, CASE WHEN l.page_id IS NULL THEN 'no lease'
            ELSE 'lease of fence ' || l.fence || CASE WHEN l.expires_at > %(now)s THEN '' ELSE ', run out' END END
        FROM notifications_delivery d LEFT JOIN notifications_lease l ON l.page_id = d.page_id
        WHERE d.state = 'dispatching' AND d.dispatch_started_at < %(since)s
            AND (l.page_id IS NULL OR l.fence <> d.fence OR l.expires_at < %(since)s) ORDER BY d.id
        """,
        now=now,
        since=now - GRACE,
    )


def ahead_of_the_lease(_now: datetime) -> Question:
    return question(
        """
        SELECT top.page_id, 'lease of fence ' || COALESCE(l.fence, 0), 'a row of fence ' || top.fence
        FROM (SELECT page_id, MAX(fence) AS fence FROM notifications_delivery
            WHERE fence IS NOT NULL GROUP BY page_id) AS top
        LEFT JOIN notifications_lease l ON l.page_id = top.page_id
        WHERE top.fence > COALESCE(l.fence, 0) ORDER BY top.page_id
        """
    )


def without_a_reason(_now: datetime) -> Question:
    return question(
        """
        SELECT id, state, 'no reason' FROM notifications_delivery
        WHERE state IN ('failed', 'skipped') AND reason = ''
        UNION ALL SELECT id, state, 'no reason' FROM notifications_delivery WHERE state = 'unknown' AND reason = ''
        """
    )


def of_another_page(_now: datetime) -> Question:
    return question(
        """
        SELECT d.id, 'page ' || d.page_id, 'opt-in of page ' || o.page_id
        FROM notifications_delivery d JOIN optins_optin o ON o.id = d.optin_id WHERE o.page_id <> d.page_id
        UNION ALL
        SELECT d.id, 'page ' || d.page_id, 'conversation of page ' || t.page_id
        FROM notifications_delivery d JOIN pages_thread t ON t.id = d.thread_id WHERE t.page_id <> d.page_id
        UNION ALL
        SELECT d.id, 'page ' || d.page_id, 'campaign of page ' || c.page_id
        FROM notifications_campaign c JOIN notifications_delivery d ON d.campaign_id = c.id
        WHERE c.page_id <> d.page_id
        """
    )


def doubt_without_evidence(_now: datetime) -> Question:
    return question(
        """
        SELECT d.id, 'unknown, ' || d.reason, 'no try that came to nothing'
        FROM notifications_delivery d
        WHERE d.state = 'unknown' AND d.reason NOT IN (%(lost)s, %(restored)s)
            AND NOT EXISTS (SELECT 1 FROM notifications_attempt a
                WHERE a.delivery_id = d.id AND a.outcome = 'unknown') ORDER BY d.id
        """,
        lost=Reason.SENDER_LOST.value,
        restored=Reason.RESTORED.value,
    )


def sent_after_revocation(_now: datetime) -> Question:
    """Later than the batch that was being marked when the agreement was taken back, and not agreed again between."""
    return question(
        f"""
        SELECT d.id, 'sending since ' || d.dispatch_started_at, 'revoked at ' || e.at
        FROM optins_consentevent e
        JOIN notifications_delivery d ON d.optin_id = e.optin_id AND d.dispatch_started_at > e.at
        WHERE e.kind = 'revoked' AND {_seconds_between("e.at", "d.dispatch_started_at")} > %(seconds)s
            AND NOT EXISTS (SELECT 1 FROM optins_consentevent a WHERE a.optin_id = e.optin_id
                AND a.kind IN ('granted', 'renewed') AND a.id > e.id AND a.at <= d.dispatch_started_at)
        """,  # noqa: S608  (our own columns)
        seconds=10,
    )


def _seconds_between(first: str, second: str) -> str:
    if connection.vendor == "postgresql":
        return f"EXTRACT(EPOCH FROM {second} - {first})"
    return f"(julianday({second}) - julianday({first})) * 86400"
