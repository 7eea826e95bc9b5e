"""Who works: a page's pump, held by a lease, and the workers' last sign of life."""

from django.db import models

from pages.models import Page


class Lease(models.Model):
    """The right to send for a page. The `fence` grows by one with each holder and never goes back.

    `next_send_at` hands the pace over: no holder sends before it. `rest_until` is set when the far end asked
    for a rest (429, 503) or could not be reached.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="lease")
    fence = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=120, blank=True, default="")
    expires_at = models.DateTimeField()
    next_send_at = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    # How many times in a row the page had to rest; each rest is longer than the one before.
    rests = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.page_id}: {self.holder or '-'} ({self.fence})"


class Heartbeat(models.Model):
    """When a part of the system was last seen working; `name` is `worker`."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.seen_at:%Y-%m-%d %H:%M:%S}"
