"""An agreement to be written to, under a customer_id that the shop chose."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.customer_ids import MAX_LENGTH
from optins.models.recipient import Recipient
from optins.querysets import OptInQuerySet
from optins.states import Lifetime, OptInState, Purpose, Source
from pages.models import Page


class OptIn(models.Model):
    """`recipient` is empty where iAdvize holds the person and we know the customer_id alone."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="optins", verbose_name=_("page"))
    customer_id = models.CharField(_("customer_id"), max_length=MAX_LENGTH)
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, null=True, blank=True, related_name="optins", verbose_name=_("recipient")
    )
    lifetime = models.CharField(_("lifetime"), max_length=16, choices=Lifetime.choices)
    state = models.CharField(_("state"), max_length=16, choices=OptInState.choices, default=OptInState.ACTIVE)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    # What it may be used for, and whether one message ends it; from the site's patterns when it was given.
    purpose = models.CharField(
        _("may be used for"), max_length=16, choices=Purpose.choices, default=Purpose.MARKETING, db_default="marketing"
    )
    used_up = models.BooleanField(_("used up by being sent"), default=False, db_default=False)
    agreed_at = models.DateTimeField(_("agreed"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)

    objects = OptInQuerySet.as_manager()

    class Meta:
        verbose_name = _("opt-in")
        verbose_name_plural = _("opt-ins")
        ordering = ["-id"]
        permissions = [("erase_optin", _("Can erase customers"))]
        constraints = [
            # The guide: a shared customer_id sends messages to people who should not get them.
            models.UniqueConstraint("page", "customer_id", name="optin_customer_id_once_per_page"),
            models.CheckConstraint(name="optin_state_closed", condition=Q(state__in=OptInState.values)),
            models.CheckConstraint(name="optin_lifetime_closed", condition=Q(lifetime__in=Lifetime.values)),
            models.CheckConstraint(name="optin_source_closed", condition=Q(source__in=Source.values)),
            models.CheckConstraint(name="optin_purpose_closed", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="optin_customer_id_given", condition=~Q(customer_id="")),
        ]
        indexes = [
            # Support looks a customer up without knowing the page, by the whole id or its beginning.
            models.Index(fields=["customer_id"], name="optin_by_customer", opclasses=["varchar_pattern_ops"]),
            # The list of opt-ins, one state at a time, newest first.
            models.Index(fields=["state", "-id"], name="optin_by_state"),
            # The sweep: agreements whose time is over.
            models.Index(
                fields=["expires_at"],
                name="optin_expiring",
                condition=Q(state=OptInState.ACTIVE, expires_at__isnull=False),
            ),
            # Expansion of a campaign: the page's active opt-ins in keyset chunks by id.
            models.Index(fields=["page", "id"], name="optin_audience", condition=Q(state=OptInState.ACTIVE)),
        ]

    def __str__(self) -> str:
        return self.customer_id
