"""How long after a person's last act a page may write, and what. Pure.

Messenger Platform, "Messaging windows", "Message tags", "Utility messages" (March to May 2026).
"""

from messenger_admin.sandbox.messenger.checks.envelope import Right
from messenger_admin.sandbox.messenger.refusals import refused

DAY = 86_400.0
WEEK = 7 * DAY
# Seconds; a right that is not here has no end.
LASTS = {
    Right.RESPONSE: DAY,
    Right.UPDATE: DAY,
    Right.HUMAN_AGENT: WEEK,
    Right.CUSTOMER_FEEDBACK: WEEK,
}


def check(right: Right, acted_at: float | None, now: float) -> None:
    """Raises Refusal outside the window; `acted_at` is None where the person never did anything that opens it."""
    if right is Right.NEWS:
        raise refused(10, 0, "NON_PROMOTIONAL_SUBSCRIPTION is for registered news pages")
    lasts = LASTS.get(right)
    if lasts is not None and (acted_at is None or now - acted_at > lasts):
        raise refused(10, 2018278)
