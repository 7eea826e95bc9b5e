"""Who was erased and stays so: a keyed hash of the customer_id, which names nobody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models import Page


class Suppression(models.Model):
    """`digest` is optins/services/suppressing.py's: without the key nobody can tell whose it is."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        default_permissions = ()
        constraints = [
            # Asked whenever somebody agrees; an id is erased once, however often that is asked for.
            models.UniqueConstraint("page", "digest", name="suppressed_once_per_page"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
