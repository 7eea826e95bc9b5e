"""Facebook's side of a page: the login that links it, and how it fares there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pages.fields import EncryptedTextField
from pages.models.page import Page


class FacebookLogin(models.Model):
    """One walk through Facebook's dialog, from *Add pages* to the confirmation.

    `state` is what Facebook brings back, stored as SHA-256 and good once; `session` ties it to the browser that
    began. `offered` are the pages the person administers, tokens included, as encrypted JSON: wiped once the walk
    ends or expires. `page` is set where a page is reconnected.
    """

    state_sha256 = models.CharField(max_length=64, unique=True)
    session_sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who"))
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page"))
    begun_at = models.DateTimeField(_("begun"))
    expires_at = models.DateTimeField(_("expires"))
    returned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    facebook_user_id = models.CharField(max_length=64, blank=True, default="")
    facebook_user_name = models.CharField(max_length=200, blank=True, default="")
    offered = EncryptedTextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            # Wiping what was left behind.
            models.Index(fields=["expires_at"], name="facebook_login_left", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Connection(models.Model):
    """How a page that was linked through Facebook stands there, as of the last look.

    `facebook_user_id` is the app-scoped id of the person whose login gave the token. Each list is of Facebook's own
    names: permissions (`pages_messaging`), webhook fields (`message_reads`). `warned_at` is when administrators were
    last told by e-mail.

    A page that was unlinked has its row for as long as Facebook could not be told: `leaving_token` is the page's token,
    kept for that call alone. Once told, the row goes.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="connection")
    facebook_user_id = models.CharField(max_length=64, blank=True, default="")
    facebook_user_name = models.CharField(max_length=200, blank=True, default="")
    connected_at = models.DateTimeField(_("connected"))
    checked_at = models.DateTimeField(_("checked"), null=True)
    token_is_valid = models.BooleanField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    data_access_expires_at = models.DateTimeField(null=True)
    missing_permissions = models.JSONField(default=list)
    missing_fields = models.JSONField(default=list)
    has_get_started = models.BooleanField(null=True)
    # The last event of the page that reached us, whatever it was.
    last_event_at = models.DateTimeField(_("last event"), null=True)
    restricted_at = models.DateTimeField(null=True)
    restriction = models.TextField(blank=True, default="")
    check_error = models.TextField(blank=True, default="")
    warned_at = models.DateTimeField(null=True)
    leaving_token = EncryptedTextField(blank=True, default="")
    leaving_since = models.DateTimeField(null=True)
    leaving_tried_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("connection to Facebook")
        verbose_name_plural = _("connections to Facebook")
        default_permissions = ("view",)
        indexes = [
            # A login that is revoked takes its pages with it.
            models.Index(fields=["facebook_user_id"], name="connection_by_person", condition=~Q(facebook_user_id="")),
            # The sweep: pages that Facebook has not been told of leaving.
            models.Index(
                fields=["leaving_tried_at"], name="connection_leaving", condition=Q(leaving_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.page)


class RequestKind(models.TextChoices):
    DEAUTHORISED = "deauthorised", _("Took away the app's access")
    DELETION = "deletion", _("Asked for the deletion of data")


class FacebookRequest(models.Model):
    """What Facebook asked in the name of somebody who had logged in. `code` names it on the public status page."""

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=RequestKind.choices)
    facebook_user_id = models.CharField(max_length=64)
    # Of the signed request: a repetition is answered with the same code.
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("done"), null=True)
    # What was done: how many pages lost their token, how many logins were forgotten.
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("request through Facebook")
        verbose_name_plural = _("requests through Facebook")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="facebook_request_kind_closed", condition=Q(kind__in=RequestKind.values))
        ]

    def __str__(self) -> str:
        return self.code
