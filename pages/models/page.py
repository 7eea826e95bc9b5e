"""A Facebook page, and which site it belongs to, today and before."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pages.fields import EncryptedTextField
from pages.models.site import Site
from pages.querysets import LinkQuerySet, PageQuerySet
from pages.states import DoubtPolicy, GatewayKind, PageState

# Send API: 300 calls a second per page for text and links (Messenger Platform, "Rate limiting", March 2026).
MAX_MESSAGES_PER_SECOND = 300
DEFAULT_MESSAGES_PER_SECOND = 40


class Page(models.Model):
    page_id = models.CharField(
        _("page id"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{5,32}$", _("A page id is the series of digits in the page's m.me link."))],
        help_text=_("The digits in the page's Messenger link, e.g. m.me/322837607840703."),
    )
    name = models.CharField(_("name"), max_length=120)
    gateway = models.CharField(_("gateway"), max_length=16, choices=GatewayKind.choices, default=GatewayKind.IADVIZE)
    token = EncryptedTextField(_("token"), blank=True, default="", editable=False)
    messages_per_second = models.PositiveSmallIntegerField(
        _("messages per second"),
        default=DEFAULT_MESSAGES_PER_SECOND,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MESSAGES_PER_SECOND)],
    )
    doubt_policy = models.CharField(
        _("deliveries in doubt"), max_length=16, choices=DoubtPolicy.choices, default=DoubtPolicy.ASK
    )
    doubt_minutes = models.PositiveIntegerField(
        _("after so many minutes"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(43_200)],
        help_text=_("How long a person has time to decide before the page's policy does."),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=PageState.choices, default=PageState.ACTIVE, editable=False
    )
    # Facebook's; it changes, and is fetched anew with each look at the page.
    picture_url = models.CharField(max_length=2_000, blank=True, default="", editable=False)
    # App Review granted the Human Agent feature: an agent may answer for seven days.
    human_agent = models.BooleanField(
        _("human agent"),
        default=False,
        help_text=_("Facebook granted the app the “Human Agent” feature: agents may answer up to seven days later."),
    )
    # What a person is told once, before the first automated message; empty: the product's own sentence.
    disclosure = models.CharField(
        _("says that it is automated"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Said once to each person, before the first automated message. Empty: our own sentence."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["name", "page_id"]
        permissions = [
            ("link_page", _("Can link pages to sites")),
            ("set_token", _("Can enter a page's token")),
        ]
        constraints = [
            models.CheckConstraint(name="page_state_closed", condition=Q(state__in=PageState.values)),
            models.CheckConstraint(name="page_gateway_closed", condition=Q(gateway__in=GatewayKind.values)),
            models.CheckConstraint(name="page_doubt_policy_closed", condition=Q(doubt_policy__in=DoubtPolicy.values)),
            models.CheckConstraint(
                name="page_pace_within_facebooks",
                condition=Q(messages_per_second__gte=1, messages_per_second__lte=MAX_MESSAGES_PER_SECOND),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.page_id})"

    @property
    def open_link(self) -> "Link | None":
        return self.links.filter(closed_at=None).select_related("site").first()

    @property
    def site(self) -> Site | None:
        link = self.open_link
        return link.site if link else None


class Link(models.Model):
    """A page's time with a site. Only ever opened and closed: the closed ones answer who owned a page when."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="links", verbose_name=_("page"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="links", verbose_name=_("site"))
    opened_at = models.DateTimeField(_("linked"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("linked by")
    )
    closed_at = models.DateTimeField(_("unlinked"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("unlinked by")
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-id"]
        constraints = [
            # One page, one SID, and one SID, one page: at any time, whoever asks at the same instant.
            models.UniqueConstraint("page", name="link_page_once", condition=Q(closed_at=None)),
            models.UniqueConstraint("site", name="link_site_once", condition=Q(closed_at=None)),
            models.CheckConstraint(
                name="link_closes_after_it_opens",
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} – {self.site}"
