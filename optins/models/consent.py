"""The history of an agreement: what was given, taken back or refused, when, and on what evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.models.optin import OptIn
from optins.models.recipient import Recipient
from optins.querysets import ConsentEventQuerySet


class ConsentKind(models.TextChoices):
    GRANTED = "granted", _("Agreed")
    RENEWED = "renewed", _("Agreed again")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")
    USED_UP = "used_up", _("Used up by being sent")
    CONFLICT = "conflict", _("Refused: another person holds this customer_id")


class ConsentEvent(models.Model):
    """`evidence` holds what proves the event: address, look, wording, event id."""

    optin = models.ForeignKey(OptIn, models.CASCADE, related_name="events", verbose_name=_("opt-in"))
    kind = models.CharField(_("event"), max_length=16, choices=ConsentKind.choices)
    at = models.DateTimeField(_("when"))
    # Whoever acted: the person on the page, or one of the staff.
    recipient = models.ForeignKey(Recipient, models.PROTECT, null=True, related_name="+", verbose_name=_("recipient"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("staff")
    )
    evidence = models.JSONField(_("evidence"), default=dict)

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent log")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            # The list of conflicts: few among many.
            models.Index(fields=["-id"], name="consent_conflicts", condition=Q(kind=ConsentKind.CONFLICT)),
        ]
        constraints = [models.CheckConstraint(name="consent_kind_closed", condition=Q(kind__in=ConsentKind.values))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.optin})"
