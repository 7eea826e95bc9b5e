"""Files of opt-ins on their way in: how far each has come, and every row that was refused."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.querysets import ImportQuerySet
from optins.states import ImportState
from pages.models import Page


class Import(models.Model):
    """`file` is the path under DATA_DIR of the upload, as UTF-8; `offset` the byte after the last row that counts.

    `size` is that file's, `sha256` that of the file as it came. `options` says how it is read: `proof` is the sentence
    for rows without one of their own, `dates` how their days are written, `encoding` what the file came in, and once it
    is checked `delimiter`, `columns` and `ignored`, the names of columns that say nothing to us.

    A dry run comes first: it writes nothing but its counts and refusals. When it is over its counts stand in `checked`,
    and the run counts anew. `error` is a key of the sentences of optins/transfer/words.py, filled with `error_params`.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="+", verbose_name=_("page"))
    name = models.CharField(_("file"), max_length=255)
    file = models.CharField(max_length=255, blank=True, default="")
    size = models.BigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=16, choices=ImportState.choices, default=ImportState.CHECKING)
    error = models.TextField(_("error"), blank=True, default="")
    error_params = models.JSONField(default=dict, db_default={})
    offset = models.BigIntegerField(default=0)
    # The last line read, as an editor counts them: a row may take several, and the first one names the columns.
    line = models.BigIntegerField(_("line"), default=0)
    # Of the run, or of the dry run while there was none. Each row read counts in one of them.
    fresh = models.BigIntegerField(_("new"), default=0)
    renewed = models.BigIntegerField(_("renewed"), default=0, db_default=0)
    known = models.BigIntegerField(_("known already"), default=0)
    refused = models.BigIntegerField(_("refused"), default=0)
    # What the dry run found: `fresh`, `renewed`, `known`, `refused`. Empty until it is over.
    checked = models.JSONField(default=dict, db_default={})
    holder = models.CharField(max_length=64, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("uploaded"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        default_permissions = ("add", "view")
        constraints = [models.CheckConstraint(name="import_state_closed", condition=Q(state__in=ImportState.values))]

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> int:
        """Read so far, by the dry run or by the run."""
        return self.fresh + self.renewed + self.known + self.refused


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
