"""Who works: a page's pump, held by a lease, and the workers' last sign of life."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.states import Sign, Waiting
from pages.models import Page


class Lease(models.Model):
    """The right to send for a page. The `fence` grows by one with each holder and never goes back.

    `next_send_at` hands the pace over: no holder sends before it. `rest_until` is set when the far end asked
    for a rest (429, 503) or could not be reached. `in_flight` is how many requests at once the last holder found good,
    and `latency` (seconds) the best it saw lately. `slowed_to` is the share of the page's pace that was left after the
    far end asked to slow down, at `slowed_at`.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="lease")
    fence = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=120, blank=True, default="")
    expires_at = models.DateTimeField()
    next_send_at = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    # How many times in a row the page had to rest; each rest is longer than the one before.
    rests = models.PositiveSmallIntegerField(default=0)
    in_flight = models.PositiveSmallIntegerField(null=True)
    latency = models.FloatField(null=True)
    slowed_to = models.FloatField(default=1.0)
    slowed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.page_id}: {self.holder or '-'} ({self.fence})"


class Installation(models.Model):
    """This database's idea of where it is and how far it has come; the one row has the key 1.

    `place` names the database as the server sees it, `beats` only ever grows: a copy that was restored finds itself in
    another place, or behind what a worker remembers, and nothing is sent until a person arms it again.
    `disarmed_top` is the newest delivery of the copy. `arming` is what a person chose to do with what was waiting in
    it; it is set while that is being done.
    """

    uuid = models.UUIDField(default=uuid.uuid4)
    place = models.CharField(max_length=255, blank=True, default="")
    beats = models.BigIntegerField(default=0)
    armed = models.BooleanField(default=True)
    disarmed_at = models.DateTimeField(null=True)
    disarmed_why = models.CharField(max_length=16, choices=Sign.choices, blank=True, default="")
    disarmed_top = models.BigIntegerField(null=True)
    arming = models.CharField(max_length=16, choices=Waiting.choices, blank=True, default="")
    arming_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        permissions = [("arm_installation", _("Can let a restored copy send again"))]
        constraints = [models.CheckConstraint(name="installation_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.uuid)


class Heartbeat(models.Model):
    """When a part of the system was last seen working; `name` is `worker`."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.seen_at:%Y-%m-%d %H:%M:%S}"
