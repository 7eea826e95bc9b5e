"""What Facebook told of a delivery besides its answer: the echo of each part, and receipts."""

from django.db import models

from notifications.models.delivery import Delivery


class Receipt(models.Model):
    """One for each delivery that Facebook told anything of; where its gateway tells nothing there is none.

    `parts_seen` counts the parts that certainly left: echoes showed them. `mid` and `seen_at` are of the last of them,
    by Facebook's clock; `whole`: it is the message's last part. `delivered_at` and `read_at` are when Facebook said so.
    """

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="receipt")
    parts_seen = models.PositiveSmallIntegerField(default=0)
    mid = models.CharField(max_length=255, blank=True, default="")
    seen_at = models.DateTimeField(null=True)
    whole = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
