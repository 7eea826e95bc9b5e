"""What the tag noticed on a shop's pages, for administrators; visitors never see it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pages.models import Site


class FindingCode(models.TextChoices):
    """The tag's own words, and what only the server can notice."""

    PLACEHOLDER = "placeholder", _("A placeholder was left in the customer_id")
    NOTHING = "nothing", _("The customer_id says nothing, such as “undefined” or 0")
    NUMBER = "number", _("The customer_id is a number too long for JavaScript: put it in quotes")
    TOO_LONG = "too_long", _("The customer_id is longer than 255 characters")
    UNPRINTABLE = "unprintable", _("The customer_id holds control or invisible characters")
    E_MAIL = "e_mail", _("The customer_id is an e-mail address, for every script on the page to read")
    SAME_ID = "same_id", _("Many visitors have the same customer_id")
    TAG_TWICE = "tag_twice", _("The tag is on a page twice")
    FACEBOOK_SDK = "facebook_sdk", _("A page loads Facebook's own SDK; its language rules the plugin's buttons")
    SDK_ABSENT = "facebook_sdk_absent", _("Facebook's own plugin was asked for, and its SDK did not load")
    PLUGIN_ABSENT = "facebook_plugin_absent", _("Facebook's own plugin showed nothing; our link was shown instead")


class TagFinding(models.Model):
    """One row for each sort of finding on a site, counted. `dismissed_at`: an administrator has seen to it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="tag_findings", verbose_name=_("site"))
    code = models.CharField(_("finding"), max_length=32, choices=FindingCode.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True, default="")
    address = models.CharField(_("page"), max_length=500, blank=True, default="")
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))
    count = models.PositiveIntegerField(_("times"), default=1)
    dismissed_at = models.DateTimeField(_("seen to"), null=True)

    class Meta:
        verbose_name = _("finding of the tag")
        verbose_name_plural = _("findings of the tag")
        ordering = ["-last_at"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint("site", "code", name="tag_finding_once"),
            models.CheckConstraint(name="tag_finding_code_closed", condition=Q(code__in=FindingCode.values)),
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class IdUse(models.Model):
    """That somebody with this address clicked under this id, as keyed hashes: many for one id is a mistake."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    id_digest = models.CharField(max_length=64)
    client_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint("site", "id_digest", "client_digest", name="id_use_once")]
        indexes = [
            # Forgetting.
            models.Index(fields=["at"], name="id_use_by_age"),
        ]

    def __str__(self) -> str:
        return self.id_digest[:12]
