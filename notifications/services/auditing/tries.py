"""Deliveries against their tries, and against what was decided about them."""

from datetime import datetime

from notifications.reasons import Reason
from notifications.services.auditing.check import Question, question

# How often a delivery was sent again after a doubt: by its page's policy, or by a person.
_SENT_AGAIN = """(CASE WHEN d.policy_sent_again_at IS NULL THEN 0 ELSE 1 END
    + (SELECT COUNT(*) FROM pages_auditentry e WHERE e.action = 'delivery.sent_again'
        AND e.subject = 'notifications.delivery:' || d.id))"""
_SETTLED = (
    Reason.TREATED_AS_SENT.value,
    Reason.TREATED_AS_SENT_BY_POLICY.value,
    Reason.SETTLED_BY_FACEBOOK.value,
)


def counted_otherwise(_now: datetime) -> Question:
    """Tries of a sender that was lost are counted and can't be written down: one for each doubt at most.

    The parts of one message are tried under one number.
    """
    return question(
        f"""
        SELECT d.id, 'tries ' || d.attempts, 'tries ' || COALESCE(t.n, 0)
        FROM notifications_delivery d
        LEFT JOIN (SELECT delivery_id, COUNT(*) AS n
            FROM (SELECT DISTINCT delivery_id, number, fence FROM notifications_attempt) AS each_once
            GROUP BY delivery_id) AS t ON t.delivery_id = d.id
        WHERE d.attempts <> COALESCE(t.n, 0) AND (COALESCE(t.n, 0) > d.attempts
            OR d.attempts - COALESCE(t.n, 0) > {_SENT_AGAIN}
                + CASE WHEN d.state = 'dispatching' THEN 1 ELSE 0 END
                + CASE WHEN d.reason IN (%(lost)s, %(person)s, %(policy)s, %(facebook)s) THEN 1 ELSE 0 END)
        """,  # noqa: S608  (our own words)
        lost=Reason.SENDER_LOST.value,
        person=_SETTLED[0],
        policy=_SETTLED[1],
        facebook=_SETTLED[2],
    )


def sent_without_proof(_now: datetime) -> Question:
    return question(
        """
        SELECT d.id, 'sent', 'nobody accepted it, and nobody decided so' FROM notifications_delivery d
        LEFT JOIN notifications_attempt a ON a.delivery_id = d.id AND a.outcome = 'accepted'
        WHERE d.state = 'sent' AND d.reason NOT IN (%(person)s, %(policy)s, %(facebook)s) AND a.id IS NULL
        """,
        person=_SETTLED[0],
        policy=_SETTLED[1],
        facebook=_SETTLED[2],
    )


def accepted_twice(_now: datetime) -> Question:
    return question(
        f"""
        SELECT d.id, 'sent again ' || {_SENT_AGAIN} || ' times', 'accepted ' || twice.n || ' times'
        FROM (SELECT delivery_id, MAX(n) AS n FROM (SELECT delivery_id, part, COUNT(*) AS n
                FROM notifications_attempt WHERE outcome = 'accepted'
                GROUP BY delivery_id, part HAVING COUNT(*) > 1) AS parts GROUP BY delivery_id) AS twice
        JOIN notifications_delivery d ON d.id = twice.delivery_id
        WHERE twice.n > 1 + {_SENT_AGAIN} ORDER BY d.id
        """  # noqa: S608  (our own words)
    )
