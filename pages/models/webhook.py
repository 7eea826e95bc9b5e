"""The durable inbox: what Facebook posted, and the events in it with what became of each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.moves import Moves, MovingQuerySet


class PostState(models.TextChoices):
    """
    ::

        received -> split
            '-----> unreadable -> received   (a replay)
    """

    RECEIVED = "received", pgettext_lazy("webhook", "Received")  # stored and answered; nobody looked into it yet
    SPLIT = "split", pgettext_lazy("webhook", "Taken apart")  # its events have rows of their own; the body is emptied
    UNREADABLE = "unreadable", pgettext_lazy("webhook", "Unreadable")  # signed, and still not what Facebook describes


POST_MOVES: Moves = {
    PostState.RECEIVED: frozenset({PostState.SPLIT, PostState.UNREADABLE}),
    PostState.UNREADABLE: frozenset({PostState.RECEIVED}),
}


class WebhookPostQuerySet(MovingQuerySet["WebhookPost"]):
    moves = POST_MOVES


class WebhookPost(models.Model):
    """One POST with a valid signature, its bytes as they came. Written before the answer."""

    received_at = models.DateTimeField(_("received"))
    body = models.BinaryField(_("body"))
    state = models.CharField(_("state"), max_length=16, choices=PostState.choices, default=PostState.RECEIVED)
    error = models.TextField(_("error"), blank=True, default="")

    objects = WebhookPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="webhook_post_state_closed", condition=Q(state__in=PostState.values))
        ]
        indexes = [
            # The workers: what was received and not looked into, oldest first.
            models.Index(fields=["id"], name="webhook_post_waiting", condition=Q(state=PostState.RECEIVED)),
            # People: what nobody could read.
            models.Index(fields=["-id"], name="webhook_post_unreadable", condition=Q(state=PostState.UNREADABLE)),
            # Retention.
            models.Index(fields=["received_at"], name="webhook_post_by_age"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class EventState(models.TextChoices):
    """
    ::

        waiting -> done
           |-----> failed -> waiting   (a person, or a replay)
           '-----> ignored             (nothing here knows what it is, or whose page it is)
        done | ignored -> waiting      (a replay)
    """

    WAITING = "waiting", pgettext_lazy("webhook", "Waiting")  # to be processed once next_try_at has passed
    DONE = "done", pgettext_lazy("webhook", "Processed")
    FAILED = "failed", pgettext_lazy("webhook", "Failed")  # it raised, again and again; `error` says what
    IGNORED = "ignored", pgettext_lazy("webhook", "Not for us")  # unknown kind or page; kept, and answered 200


EVENT_MOVES: Moves = {
    EventState.WAITING: frozenset({EventState.DONE, EventState.FAILED, EventState.IGNORED}),
    EventState.FAILED: frozenset({EventState.WAITING}),
    EventState.DONE: frozenset({EventState.WAITING}),
    EventState.IGNORED: frozenset({EventState.WAITING}),
}


class WebhookEventQuerySet(MovingQuerySet["WebhookEvent"]):
    moves = EVENT_MOVES


class WebhookEvent(models.Model):
    """`body` is the event's own part of the post; `key` names it whenever Facebook repeats it.

    `page_id` and `psid` are Facebook's; `kind` is that of pages/events.py, or Facebook's own word. `standby`: it was
    told to this app as one that only listens. Whoever takes a waiting event moves `next_try_at` on; by that it knows
    later whether the event is still its own.
    """

    key = models.CharField(max_length=64, unique=True)
    page_id = models.CharField(_("page id"), max_length=32)
    psid = models.CharField("PSID", max_length=64, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=48)
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"))
    body = models.JSONField(_("body"))
    standby = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=16, choices=EventState.choices, default=EventState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    done_at = models.DateTimeField(_("processed"), null=True)
    error = models.TextField(_("error"), blank=True, default="")

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("replay_webhookevent", _("Can process webhook events again"))]
        constraints = [
            models.CheckConstraint(name="webhook_event_state_closed", condition=Q(state__in=EventState.values))
        ]
        indexes = [
            # The workers: what waits and is due.
            models.Index(fields=["next_try_at", "id"], name="webhook_event_due", condition=Q(state=EventState.WAITING)),
            # People: what failed, and what was not for us, newest first.
            models.Index(fields=["-id"], name="webhook_event_failed", condition=Q(state=EventState.FAILED)),
            models.Index(fields=["-id"], name="webhook_event_ignored", condition=Q(state=EventState.IGNORED)),
            # One kind, newest first.
            models.Index(fields=["kind", "-id"], name="webhook_event_by_kind"),
            # A page's, newest first; its last sign of life.
            models.Index(fields=["page_id", "-id"], name="webhook_event_by_page"),
            # Erasure and support: one person's.
            models.Index(fields=["psid", "-id"], name="webhook_event_by_psid", condition=~Q(psid="")),
            # Retention.
            models.Index(fields=["received_at"], name="webhook_event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
