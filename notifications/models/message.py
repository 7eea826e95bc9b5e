"""A message as it is composed, and as it is frozen when it is sent."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.states import Kind
from pages.models import Page


class Notification(models.Model):
    """A composed message that can be used again. `body` is the guide's: `text`, `attachment`, or both."""

    name = models.CharField(
        _("name"), max_length=120, unique=True, help_text=_("For your team; customers never see it.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    body = models.JSONField(_("body"))
    # What goes out instead once Facebook's window is closed: {"name", "language", "parameters"} of a utility template.
    utility = models.JSONField(_("utility template"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("composed by")
    )
    created_at = models.DateTimeField(_("composed"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-updated_at", "-id"]
        permissions = [("send_test", _("Can send a notification as a test"))]
        constraints = [models.CheckConstraint(name="notification_kind_closed", condition=Q(kind__in=Kind.values))]

    def __str__(self) -> str:
        return self.name


class Content(models.Model):
    """A frozen body: the exact JSON text that goes out, stored once under its SHA-256.

    `utility` is the frozen JSON text of the utility template that goes out instead once the window is closed, or empty.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    body = models.TextField(_("body"))
    utility = models.TextField(_("utility template"), blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("frozen"), auto_now_add=True)

    class Meta:
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(name="content_kind_closed", condition=Q(kind__in=Kind.values))]

    def __str__(self) -> str:
        return self.sha256[:12]

    @staticmethod
    def digest(body: str, utility: str = "") -> str:
        # JSON text has no NUL: no two pairs give the same bytes, and a body alone keeps the digest it always had.
        return hashlib.sha256(f"{body}\0{utility}".encode() if utility else body.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.body)
        return loaded


class TemplateStatus(models.TextChoices):
    """Facebook's words for a utility template, and ours for one that is no longer there."""

    PENDING = "PENDING", _("Being looked at by Facebook")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    PAUSED = "PAUSED", _("Paused by Facebook")
    DISABLED = "DISABLED", _("Disabled by Facebook")
    GONE = "GONE", _("No longer on Facebook")


class UtilityTemplate(models.Model):
    """A page's template for messages outside the 24-hour window; Facebook's own copy is the truth.

    `components` are Facebook's (Messenger Platform, "Utility Messages", March 2026): HEADER, BODY, BUTTONS.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="utility_templates", verbose_name=_("page"))
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=16)
    facebook_id = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=16, choices=TemplateStatus.choices, default=TemplateStatus.PENDING
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    components = models.JSONField(_("components"), default=list)
    parameter_format = models.CharField(max_length=16, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"))
    synced_at = models.DateTimeField(_("last heard of"))

    class Meta:
        verbose_name = _("utility template")
        verbose_name_plural = _("utility templates")
        ordering = ["page", "name", "language"]
        default_permissions = ("add", "delete", "view")
        constraints = [
            models.UniqueConstraint("page", "name", "language", name="utility_template_once"),
            models.CheckConstraint(
                name="utility_template_status_closed", condition=Q(status__in=TemplateStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
