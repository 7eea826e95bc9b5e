"""What is remembered of keeping data no longer than it may be kept: one row for each kind of data."""

from django.db import models


class RetentionRun(models.Model):
    """`kind` is the name of a pages/retention/kind.py. The last run, or the present one while `ended_at` is empty.

    `after` is how far the present run has come, in the kind's own words. Whoever works on a kind moves `next_at` on
    first; so nobody else does at the same time, and somebody else does later if the worker dies. `error` is why the
    last try came to nothing.
    """

    kind = models.CharField(max_length=48, primary_key=True)
    next_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    after = models.CharField(max_length=120, blank=True, default="")
    removed = models.BigIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind
