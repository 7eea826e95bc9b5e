"""The keys of the HTTP API: what each opens, what it may do there, and until when."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pages.models.page import Page
from pages.models.site import Site
from pages.querysets import ApiTokenQuerySet
from pages.scopes import validate_scopes

DEFAULT_REQUESTS_PER_SECOND = 50
MAX_REQUESTS_PER_SECOND = 1000


class ApiToken(models.Model):
    """The secret itself is nowhere: `sha256` finds it again, `prefix` lets people recognise it.

    Neither a state nor a job ends a token: it holds while `revoked_at` is empty and `expires_at` is not past.
    """

    name = models.CharField(_("name"), max_length=120, help_text=_("Who uses it: a system, a shop, a person."))
    prefix = models.CharField(_("begins with"), max_length=16)
    # Every request asks by it; unique, and so an index.
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list, validators=[validate_scopes])
    requests_per_second = models.PositiveSmallIntegerField(
        _("requests per second"),
        default=DEFAULT_REQUESTS_PER_SECOND,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_REQUESTS_PER_SECOND)],
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    # Written at most once a minute.
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    # The day on which the audit log last said that the token came in a query string.
    flagged_on = models.DateField(null=True, blank=True)
    # How far the requests that were granted reach, at the token's pace (pages/services/rate_limits.py).
    granted_until = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]
        default_permissions = ("add", "view")
        permissions = [("revoke_apitoken", _("Can revoke and replace API tokens"))]
        constraints = [
            models.CheckConstraint(
                name="api_token_rate_in_bounds",
                condition=Q(requests_per_second__gte=1, requests_per_second__lte=MAX_REQUESTS_PER_SECOND),
            ),
            models.CheckConstraint(
                name="api_token_ends_after_it_begins",
                condition=(Q(expires_at=None) | Q(expires_at__gt=F("created_at")))
                & (Q(revoked_at=None) | Q(revoked_at__gte=F("created_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class Binding(models.Model):
    """What a token opens: the page that `site` holds today. With `page`, only while that is this page.

    So a page that moves to another merchant's site is closed to the tokens of the first, and a token without any
    binding opens nothing.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="bindings", verbose_name=_("API token"))
    # A site or page whose tokens were used stays, and with it the answer to who could write there.
    site = models.ForeignKey(Site, models.PROTECT, related_name="bindings", verbose_name=_("site"))
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="bindings", verbose_name=_("page"))

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        default_permissions = ()
        constraints = [
            # One site, or pages: a token has one binding without a page, or none.
            models.UniqueConstraint("token", name="binding_one_site", condition=Q(page=None)),
            models.UniqueConstraint("token", "page", name="binding_page_once"),
        ]

    def __str__(self) -> str:
        return str(self.page or self.site)
