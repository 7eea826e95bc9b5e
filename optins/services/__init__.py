"""The only writers of opt-ins: giving an agreement, taking it back, letting it expire."""

from optins.services.agreeing import Agreement, HeldByAnother, agree
from optins.services.ending import expire_due, revoke

__all__ = ["Agreement", "HeldByAnother", "agree", "expire_due", "revoke"]
