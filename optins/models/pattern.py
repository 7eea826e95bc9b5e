"""What a site's customer_ids look like, what each sort may be used for, and how long it lives."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optins.states import Lifetime, Purpose
from pages.models import Site


class IdPattern(models.Model):
    """`pattern` is the id with its changing parts in angle brackets: `instock-<product>-<session>`, `order-<number>`.

    The first pattern of the site that fits decides; an id that fits none is durable, and may be used for anything.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="id_patterns", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=120)
    pattern = models.CharField(_("pattern"), max_length=255)
    purpose = models.CharField(_("may be used for"), max_length=16, choices=Purpose.choices)
    lifetime = models.CharField(_("lifetime"), max_length=16, choices=Lifetime.choices, default=Lifetime.TEMPORARY)
    days = models.PositiveIntegerField(
        _("days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3_650)],
        help_text=_("How long an agreement under such an id lasts. Empty: until it is taken back."),
    )
    used_up = models.BooleanField(
        _("used up by being sent"), default=False, help_text=_("One message, and the agreement is over: a stock alert.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("customer_id pattern")
        verbose_name_plural = _("customer_id patterns")
        ordering = ["site", "position", "id"]
        constraints = [
            models.UniqueConstraint("site", "pattern", name="id_pattern_once_per_site"),
            models.CheckConstraint(name="id_pattern_purpose_closed", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="id_pattern_lifetime_closed", condition=Q(lifetime__in=Lifetime.values)),
        ]

    def __str__(self) -> str:
        return self.pattern
