"""How often somebody may ask: one row for each asker, which all web processes share."""

from django.db import models


class Quota(models.Model):
    """`key` names nobody: it is keyed anew every day. `granted_until` is how far the requests granted so far reach."""

    key = models.CharField(max_length=64, primary_key=True)
    granted_until = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            # The sweep: those who asked for nothing since.
            models.Index(fields=["granted_until"], name="quota_by_age"),
        ]

    def __str__(self) -> str:
        return self.key[:12]
