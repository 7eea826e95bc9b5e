"""From a click to an agreement: what the shop's visitor was shown, bound to a token that Facebook brings back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.customer_ids import MAX_LENGTH
from optins.models.optin import OptIn
from optins.models.recipient import Recipient
from optins.querysets import InvitationQuerySet
from optins.states import InvitationState
from pages.models import Button, Page, Site, Wording


class Invitation(models.Model):
    """`token_sha256` is of the token in the link, which is nowhere else; `code_sha256` of the short one to type.

    The customer_id never travels: the token stands for it. `recipient` is who presented the token first, `refused` who
    came with it later: `{"recipient", "at"}` each, by our own number. `proof` is how Facebook told of the arrival and
    what the person was asked. Until `expires_at` it waits for whoever comes, and then for the answer. A question that
    is put again after a START has no link; `again` says so.
    """

    token_sha256 = models.CharField(max_length=64, unique=True)
    code_sha256 = models.CharField(max_length=64, blank=True, default="")
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name=_("page"))
    button = models.ForeignKey(Button, models.SET_NULL, null=True, related_name="+", verbose_name=_("button"))
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+", verbose_name=_("wording"))
    customer_id = models.CharField(_("customer_id"), max_length=MAX_LENGTH)
    address = models.CharField(_("address"), max_length=2_000)
    # What was clicked, as it looked: {"kind", "size", "colour", "label"}.
    look = models.JSONField(default=dict)
    language = models.CharField(_("language"), max_length=16)
    state = models.CharField(_("state"), max_length=16, choices=InvitationState.choices, default=InvitationState.ISSUED)
    created_at = models.DateTimeField(_("clicked"))
    expires_at = models.DateTimeField(_("expires"))
    arrived_at = models.DateTimeField(_("arrived"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    recipient = models.ForeignKey(Recipient, models.SET_NULL, null=True, related_name="+", verbose_name=_("recipient"))
    refused = models.JSONField(default=list)
    proof = models.JSONField(default=dict)
    again = models.BooleanField(default=False, db_default=False)
    optin = models.ForeignKey(OptIn, models.SET_NULL, null=True, related_name="+", verbose_name=_("opt-in"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="invitation_state_closed", condition=Q(state__in=InvitationState.values))
        ]
        indexes = [
            # A typed code, among those of its page that are still good.
            models.Index(fields=["page", "code_sha256"], name="invitation_by_code", condition=~Q(code_sha256="")),
            # The sweep: what nobody came with, or nobody answered.
            models.Index(
                fields=["expires_at"],
                name="invitation_expiring",
                condition=Q(state__in=[InvitationState.ISSUED, InvitationState.ASKED]),
            ),
            # What a person was asked and has not answered.
            models.Index(
                fields=["recipient", "-id"], name="invitation_asked", condition=Q(state=InvitationState.ASKED)
            ),
            # Retention, and erasure by customer_id.
            models.Index(fields=["created_at"], name="invitation_by_age"),
            models.Index(fields=["page", "customer_id"], name="invitation_by_customer"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
