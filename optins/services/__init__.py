"""The only writers of opt-ins: giving an agreement, taking it back, letting it expire, and who it is, and erasing."""

from optins.services.agreeing import Agreement, HeldByAnother, TakenBack, agree
from optins.services.describing import ChangedMeanwhile, describe, describe_more
from optins.services.ending import expire_due, revoke, use_up
from optins.services.erasing import AgreedMeanwhile, StillLeaving, erase
from optins.services.recognising import agree_as
from optins.services.suppressing import Suppressed

__all__ = [
    "AgreedMeanwhile",
    "Agreement",
    "ChangedMeanwhile",
    "HeldByAnother",
    "StillLeaving",
    "Suppressed",
    "TakenBack",
    "agree",
    "agree_as",
    "describe",
    "describe_more",
    "erase",
    "expire_due",
    "revoke",
    "use_up",
]
