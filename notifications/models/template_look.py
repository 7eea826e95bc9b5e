"""When a page's templates on Facebook were last looked at without being asked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pages.models import Page


class LookTrouble(models.TextChoices):
    """Why Facebook did not list them: what a person does differs."""

    UNREACHABLE = "unreachable", _("No answer")
    TOKEN = "token", _("Token refused")
    PERMISSION = "permission", _("Permission missing")
    BUSY = "busy", _("Too many calls")
    REFUSED = "refused", _("Refused")


class TemplateLook(models.Model):
    """The last look at a page's templates; `trouble` is empty where it was taken to its end.

    `detail` is Facebook's words of a refusal that is no other trouble.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="template_look")
    looked_at = models.DateTimeField()
    trouble = models.CharField(max_length=16, choices=LookTrouble.choices, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="template_look_trouble_closed", condition=Q(trouble__in=["", *LookTrouble.values])
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.trouble or 'well'}"
