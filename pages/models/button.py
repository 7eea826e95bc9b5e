"""The buttons that a site's tag shows: their look, where they stand, and who sees them."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.models.site import Site
from pages.querysets import WordingQuerySet


class ButtonKind(models.TextChoices):
    MESSAGE_US = "message_us", _("Message Us")  # opens the conversation; asks for nothing
    SEND_TO_MESSENGER = "send_to_messenger", _("Send to Messenger")  # asks to be written to, under a customer_id


class ButtonSize(models.TextChoices):
    STANDARD = "standard", pgettext_lazy("button", "Standard")
    LARGE = "large", pgettext_lazy("button", "Large")
    XLARGE = "xlarge", pgettext_lazy("button", "XLarge")


class ButtonColour(models.TextChoices):
    BLUE = "blue", _("Blue on white")
    WHITE = "white", _("White on blue")


class Placement(models.TextChoices):
    FLOATING = "floating", _("Floating")  # above the page, in a corner
    FIXED = "fixed", _("Fixed")  # inside the element that the selector finds


class Corner(models.TextChoices):
    """Of the window, seen in the direction in which the page's language is read: `end` is right in French."""

    BOTTOM_END = "bottom-end", _("Bottom, at the end of the line")
    BOTTOM_START = "bottom-start", _("Bottom, at the beginning of the line")
    TOP_END = "top-end", _("Top, at the end of the line")
    TOP_START = "top-start", _("Top, at the beginning of the line")


class Button(models.Model):
    """`labels` and `wordings` are by language, `{"en": …, "fr": …}`; an empty label is the kind's own.

    The wording stands beside the button: who writes, why, and how to stop. Each text that was ever shown is a Wording.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="buttons", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=120, help_text=_("For your team; visitors never see it."))
    kind = models.CharField(_("kind"), max_length=24, choices=ButtonKind.choices)
    enabled = models.BooleanField(pgettext_lazy("button", "switched on"), default=True)
    size = models.CharField(_("size"), max_length=16, choices=ButtonSize.choices, default=ButtonSize.LARGE)
    colour = models.CharField(_("colour"), max_length=16, choices=ButtonColour.choices, default=ButtonColour.BLUE)
    placement = models.CharField(_("placement"), max_length=16, choices=Placement.choices, default=Placement.FLOATING)
    selector = models.CharField(
        _("CSS selector"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Of the element that receives a fixed button, e.g. #alert-me. The first that matches is taken."),
    )
    corner = models.CharField(_("corner"), max_length=16, choices=Corner.choices, default=Corner.BOTTOM_END)
    offset_x = models.PositiveSmallIntegerField(
        _("distance from the side (pixels)"), default=24, validators=[MaxValueValidator(400)]
    )
    offset_y = models.PositiveSmallIntegerField(
        _("distance from above or below (pixels)"), default=24, validators=[MaxValueValidator(400)]
    )
    labels = models.JSONField(_("label"), default=dict, blank=True)
    wordings = models.JSONField(_("wording of the consent"), default=dict, blank=True)
    # Facebook's own plugin instead of our link; it sets cookies, and so waits for the shop's consent.
    legacy = models.BooleanField(_("Facebook's own plugin"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("button")
        verbose_name_plural = _("buttons")
        ordering = ["site", "position", "id"]
        constraints = [
            models.CheckConstraint(name="button_kind_closed", condition=Q(kind__in=ButtonKind.values)),
            models.CheckConstraint(name="button_size_closed", condition=Q(size__in=ButtonSize.values)),
            models.CheckConstraint(name="button_colour_closed", condition=Q(colour__in=ButtonColour.values)),
            models.CheckConstraint(name="button_placement_closed", condition=Q(placement__in=Placement.values)),
            models.CheckConstraint(name="button_corner_closed", condition=Q(corner__in=Corner.values)),
            models.CheckConstraint(
                name="button_fixed_has_a_place", condition=~Q(placement=Placement.FIXED) | ~Q(selector="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ButtonRule(models.Model):
    """All its conditions hold, or it does not; a button shows where one of its rules holds, or where it has none.

    `conditions` is a list of `{"what", "operator", "value"}`, judged by pages/buttons/targeting.py.
    """

    button = models.ForeignKey(Button, models.CASCADE, related_name="rules", verbose_name=_("button"))
    name = models.CharField(_("name"), max_length=120)
    enabled = models.BooleanField(pgettext_lazy("rule", "switched on"), default=True)
    conditions = models.JSONField(_("conditions"), default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("targeting rule")
        verbose_name_plural = _("targeting rules")
        ordering = ["position", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A text that visitors agreed to. Only ever inserted: an agreement names the one that was shown."""

    button = models.ForeignKey(Button, models.PROTECT, related_name="texts", verbose_name=_("button"))
    language = models.CharField(_("language"), max_length=16)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("since"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint("button", "language", "version", name="wording_version_once")]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"
