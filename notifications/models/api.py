"""What the HTTP API keeps beside the deliveries it makes: the answers to calls that may be repeated."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models import ApiToken


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, given again whenever the call is repeated.

    `fingerprint` is the SHA-256 of the call: the same key with another one is noticed. A key is its token's own.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        default_permissions = ()
        constraints = [
            # However often and from however many sides at once a call is repeated, it was made once.
            models.UniqueConstraint("token", "key", name="answer_once_per_key"),
        ]
        indexes = [
            # The sweep: answers whose time is over.
            models.Index(fields=["created_at"], name="answer_by_age"),
        ]

    def __str__(self) -> str:
        return self.key
