"""How long data of people may stay, in days; 0 is for good. Nothing defaults to less than WEBHOOK_DAYS asks for."""

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from messenger_admin.environment import Environment

# A hundred years: more is a slip of the finger.
MOST = 36_500


def retention(env: "Environment", *, webhook_days: int) -> dict[str, int]:
    """Each setting by its name. Raises ImproperlyConfigured, also where one would undo what another promises."""
    days = {
        # Clicks on a button, the question and its answer; the proof of an agreement is a copy of its own.
        "RETENTION_CLICK_DAYS": env.whole("RETENTION_CLICK_DAYS", default=max(90, webhook_days), least=0, most=MOST),
        # After an agreement ended; French law lets most claims be brought for five years (Code civil, article 2224).
        "RETENTION_CONSENT_DAYS": env.whole(
            "RETENTION_CONSENT_DAYS", default=max(1_826, webhook_days), least=0, most=MOST
        ),
        # The words that were sent, and the far end's answers; the ledger's rows and counts stay.
        "RETENTION_MESSAGE_DAYS": env.whole(
            "RETENTION_MESSAGE_DAYS", default=max(730, webhook_days), least=0, most=MOST
        ),
        "RETENTION_CONVERSATION_DAYS": env.whole(
            "RETENTION_CONVERSATION_DAYS", default=max(730, webhook_days), least=0, most=MOST
        ),
        "RETENTION_REFUSAL_DAYS": env.whole("RETENTION_REFUSAL_DAYS", default=30, least=0, most=MOST),
        "RETENTION_FINDING_DAYS": env.whole("RETENTION_FINDING_DAYS", default=90, least=0, most=MOST),
        "RETENTION_AUDIT_DAYS": env.whole("RETENTION_AUDIT_DAYS", default=1_826, least=0, most=MOST),
    }
    # An event that is processed again within WEBHOOK_DAYS has to find what it did the first time. The answers of the
    # API are kept for 30 days, by what was sent then. A STOP that comes late has to find the agreement.
    for name, least in (
        ("RETENTION_CLICK_DAYS", webhook_days),
        ("RETENTION_CONVERSATION_DAYS", webhook_days),
        ("RETENTION_MESSAGE_DAYS", max(30, webhook_days)),
        ("RETENTION_CONSENT_DAYS", max(365, webhook_days)),
        ("RETENTION_AUDIT_DAYS", 30),
    ):
        if 0 < days[name] < least:
            raise ImproperlyConfigured(f"{name} is '{days[name]}'; it must be 0 (for good) or at least {least} days.")
    if days["RETENTION_CONSENT_DAYS"] and not 0 < days["RETENTION_MESSAGE_DAYS"] <= days["RETENTION_CONSENT_DAYS"]:
        raise ImproperlyConfigured(
            "RETENTION_MESSAGE_DAYS must not be longer than RETENTION_CONSENT_DAYS: words that were sent to somebody "
            "would outlive whom they were sent to."
        )
    return days
