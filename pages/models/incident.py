"""Something that keeps a page from sending, told once, until it is mended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.models.page import Page


class IncidentKind(models.TextChoices):
    TOKEN_REFUSED = "token_refused", _("The gateway refused the page's token")
    FORBIDDEN = "forbidden", _("The gateway forbids this page to send")
    MOVED = "moved", _("The gateway answered with a redirect")
    NO_TOKEN = "no_token", _("The page has no token")
    UNREADABLE_TOKEN = "unreadable_token", _("The page's token can't be decrypted")
    RESTRICTED = "restricted", _("Facebook keeps this page from sending")
    DISCONNECTED = "disconnected", _("The page's access to Facebook was taken away")
    MISSING_PERMISSION = "missing_permission", _("A permission is missing on Facebook")
    NOT_SUBSCRIBED = "not_subscribed", _("Facebook does not send us the page's events")


class Incident(models.Model):
    """Administrators are written to once: `told_at` is when; until then the next try is not before `tell_at`."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="incidents", verbose_name=_("page"))
    kind = models.CharField(_("kind"), max_length=32, choices=IncidentKind.choices)
    detail = models.TextField(_("detail"), blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    told_at = models.DateTimeField(_("told"), null=True)
    tell_at = models.DateTimeField(null=True)
    tell_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-id"]
        constraints = [
            # However many answers say the same at once, it is one incident.
            models.UniqueConstraint("page", name="incident_open_once", condition=Q(closed_at=None)),
            models.CheckConstraint(name="incident_kind_closed", condition=Q(kind__in=IncidentKind.values)),
        ]
        indexes = [
            # The sweep: what administrators have not been told yet.
            models.Index(fields=["id"], name="incident_untold", condition=Q(told_at=None, closed_at=None)),
        ]

    def __str__(self) -> str:
        return gettext("%(label)s: %(text)s") % {"label": self.page, "text": self.get_kind_display()}
