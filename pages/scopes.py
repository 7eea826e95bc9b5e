"""What an API token may be allowed to do: a closed set."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """`subject:act`. To write does not include to read: a system that only sends learns nothing."""

    MESSAGES_SEND = "messages:send", _("Send messages, one by one and in batches")
    MESSAGES_READ = "messages:read", _("Read what became of messages")
    OPTINS_READ = "optins:read", _("Read opt-ins")
    OPTINS_WRITE = "optins:write", _("Create, revoke and erase opt-ins")
    CAMPAIGNS_READ = "campaigns:read", _("Read campaigns and their tallies")
    CAMPAIGNS_RUN = "campaigns:run", _("Create, launch, pause, resume and cancel campaigns")


def validate_scopes(value: object) -> None:
    """A list of scopes, each once, at least one."""
    words = value if isinstance(value, list) else []
    if not words or len(set(words)) != len(words) or not set(words) <= set(Scope.values):
        raise ValidationError(
            _("Give one or more of these scopes, each once: %(scopes)s."), params={"scopes": ", ".join(Scope.values)}
        )


def known(words: Sequence[str]) -> frozenset[Scope]:
    """A word that is no scope, perhaps of a newer version, allows nothing."""
    return frozenset(Scope(word) for word in words if word in Scope.values)
