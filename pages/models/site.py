"""A merchant's site, known to iAdvize by its SID."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is no time zone. Give one of the IANA names, such as Europe/Paris."),
            params={"zone": value},
        )


class Site(models.Model):
    sid = models.CharField(
        _("SID"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_-]+$", _("A SID is made of letters, digits, - and _."))],
        help_text=_("The site's number in iAdvize's tag."),
    )
    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Paris",
        validators=[validate_zone],
        help_text=_("Schedules and times of this site are read in this zone."),
    )
    # Where the tag may run: `https://shop.example`, scheme, host and port, as a browser's Origin header has them.
    origins = models.JSONField(_("addresses of the shop"), default=list, blank=True)
    privacy_url = models.CharField(
        _("privacy notice"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Linked beside each button that asks for consent."),
    )
    # The custom data that targeting compares and the tag may read, `{"name", "type": "text" | "number"}` each.
    custom_data = models.JSONField(_("custom data"), default=list, blank=True)
    tag_changed_at = models.DateTimeField(_("tag changed"), null=True, editable=False)
    tag_seen_at = models.DateTimeField(_("tag last seen"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name", "sid"]

    def __str__(self) -> str:
        return f"{self.name} ({self.sid})"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)
