"""A person on a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models import Page


class Recipient(models.Model):
    """`psid` is Facebook's page-scoped id: the same person has another one on every page.

    `stopped_at` is when the person last wrote STOP; what was agreed to before that is over, whenever it is told.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="recipients", verbose_name=_("page"))
    psid = models.CharField("PSID", max_length=64)
    stopped_at = models.DateTimeField(_("said STOP"), null=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [models.UniqueConstraint("page", "psid", name="recipient_once_per_page")]

    def __str__(self) -> str:
        return self.psid
