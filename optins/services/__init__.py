"""The only writers of opt-ins: giving an agreement, taking it back, letting it expire, and saying who it is."""

from optins.services.agreeing import Agreement, HeldByAnother, agree
from optins.services.describing import ChangedMeanwhile, describe
from optins.services.ending import expire_due, revoke

__all__ = ["Agreement", "ChangedMeanwhile", "HeldByAnother", "agree", "describe", "expire_due", "revoke"]
