"""Who did what: every act that sends, resolves, links, reveals or erases."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.append_only import AppendOnlyQuerySet


class AuditEntry(models.Model):
    """`actor` is empty for the system itself; `subject` is `app.model:pk`; `detail` holds no secret."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=48)
    subject = models.CharField(_("subject"), max_length=96)
    detail = models.JSONField(_("detail"), default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_by_subject"),
            # Retention.
            models.Index(fields=["at"], name="audit_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
