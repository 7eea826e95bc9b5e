"""Files of opt-ins on their way in: how far each has come, and every row that was refused."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.states import ImportState
from pages.models import Page


class Import(models.Model):
    """`file` is the path under DATA_DIR of what was uploaded; `offset` the byte after the last row that counts.

    `options` says how the columns are read. A dry run comes first: it writes nothing but its counts and refusals.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="+", verbose_name=_("page"))
    name = models.CharField(_("file"), max_length=255)
    file = models.CharField(max_length=255, blank=True, default="")
    size = models.BigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=16, choices=ImportState.choices, default=ImportState.CHECKING)
    error = models.TextField(_("error"), blank=True, default="")
    offset = models.BigIntegerField(default=0)
    line = models.BigIntegerField(_("rows read"), default=0)
    fresh = models.BigIntegerField(_("new"), default=0)
    known = models.BigIntegerField(_("known already"), default=0)
    refused = models.BigIntegerField(_("refused"), default=0)
    holder = models.CharField(max_length=64, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("uploaded"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        default_permissions = ("add", "view")
        constraints = [models.CheckConstraint(name="import_state_closed", condition=Q(state__in=ImportState.values))]

    def __str__(self) -> str:
        return self.name


class Refusal(models.Model):
    """A row of an import that was not taken; `code` is a key of the sentences of optins/transfer/."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="refusals", db_index=False)
    line = models.BigIntegerField(_("line"))
    code = models.CharField(_("reason"), max_length=32)
    customer_id = models.CharField(_("customer_id"), max_length=300, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["of_id", "line"]
        default_permissions = ()
        constraints = [
            # Also how the report is read. A row is refused once, however often its part of the file is read.
            models.UniqueConstraint("of", "line", name="refusal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"
