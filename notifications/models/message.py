"""A message as it is composed, and as it is frozen when it is sent."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.states import Kind


class Notification(models.Model):
    """A composed message that can be used again. `body` is the guide's: `text`, `attachment`, or both."""

    name = models.CharField(
        _("name"), max_length=120, unique=True, help_text=_("For your team; customers never see it.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    body = models.JSONField(_("body"))
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
    """A frozen body: the exact JSON text that goes out, stored once under its SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    body = models.TextField(_("body"))
    created_at = models.DateTimeField(_("frozen"), auto_now_add=True)

    class Meta:
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(name="content_kind_closed", condition=Q(kind__in=Kind.values))]

    def __str__(self) -> str:
        return self.sha256[:12]

    @staticmethod
    def digest(body: str) -> str:
        return hashlib.sha256(body.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.body)
        return loaded
