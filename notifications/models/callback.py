"""A site's callback: where its events are sent, the events themselves, and the log of the calls."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.querysets import CallbackCallQuerySet
from optins.models import OptIn
from pages.fields import EncryptedTextField
from pages.models import Site


class CallbackState(models.TextChoices):
    """
    ::

        off <-> on -> stopped -> on | off
    """

    OFF = "off", pgettext_lazy("callback", "Off")  # nothing is written down, nothing is sent
    ON = "on", pgettext_lazy("callback", "On")
    # Events are still written down, so that nothing is lost when somebody mends the receiver.
    STOPPED = "stopped", pgettext_lazy("callback", "Stopped")


class CallbackStop(models.TextChoices):
    """Why a callback was stopped without a person's doing."""

    GAVE_UP = "gave_up", _("The receiver took nothing for days")
    GONE = "gone", _("The receiver answered that it is gone (410)")
    UNREADABLE = "unreadable", _("Its secret can't be decrypted any more")


class CallbackOutcome(models.TextChoices):
    TAKEN = "taken", pgettext_lazy("call", "Taken")  # 2xx
    FAILED = "failed", pgettext_lazy("call", "Not taken")  # anything else: it is repeated
    GONE = "gone", pgettext_lazy("call", "Refused for good")  # 410: nothing more is sent


class CallbackFault(models.TextChoices):
    """Why a call has no answer."""

    NOT_FOUND = "not_found", _("The name of the host is unknown")
    REFUSED_ADDRESS = "refused_address", _("The address is not a public one, so nothing was sent")
    NOT_CONNECTED = "not_connected", _("No connection")
    BAD_CERTIFICATE = "bad_certificate", _("The connection is not to be trusted (TLS)")
    TIMED_OUT = "timed_out", _("No answer in time")
    BROKEN_OFF = "broken_off", _("The connection broke off")


class Callback(models.Model):
    """`numbered_to` is the last number given to an event, `taken_to` how far the receiver has come.

    `tries` in a row have failed since `failing_since`; the next one is not before `next_try_at`. `holder` may send
    until `leased_until`. Until `previous_until` calls are signed with both secrets.
    """

    site = models.OneToOneField(Site, models.PROTECT, related_name="callback", verbose_name=_("site"))
    url = models.CharField(_("URL"), max_length=2_000)
    types = models.JSONField(_("events"), default=list)
    state = models.CharField(_("state"), max_length=16, choices=CallbackState.choices, default=CallbackState.OFF)
    stop = models.CharField(max_length=16, choices=CallbackStop.choices, blank=True, default="")
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_until = models.DateTimeField(null=True)
    numbered_to = models.BigIntegerField(default=0)
    taken_to = models.BigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=64, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ["site__name", "id"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(name="callback_state_closed", condition=Q(state__in=CallbackState.values)),
            models.CheckConstraint(
                name="callback_stops_for_a_reason",
                condition=Q(state=CallbackState.STOPPED, stop__in=CallbackStop.values)
                | (~Q(state=CallbackState.STOPPED) & Q(stop="")),
            ),
            models.CheckConstraint(
                name="callback_takes_what_has_a_number", condition=Q(taken_to__lte=F("numbered_to"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.site)


class CallbackEvent(models.Model):
    """Something that happened, as the receiver is told of it. It has no `number` until its turn to be sent comes."""

    # The indexes below begin with it.
    callback = models.ForeignKey(Callback, models.CASCADE, related_name="events", db_index=False)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    type = models.CharField(max_length=32)
    at = models.DateTimeField()
    data = models.JSONField()
    # Whom it is about: what is known of a person is erased with the opt-in.
    optin = models.ForeignKey(OptIn, models.CASCADE, null=True, related_name="+")
    number = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint("callback", "number", name="callback_event_number_once")]
        indexes = [
            # The sender: what has no number yet, oldest first.
            models.Index(fields=["callback", "id"], name="callback_event_waiting", condition=Q(number=None)),
            # What was never taken: to be sent again on request.
            models.Index(
                fields=["callback", "number"], name="callback_event_untaken", condition=Q(taken_at=None, number__gt=0)
            ),
            # The sweep: events that are too old to be kept; and a replay that begins at a time.
            models.Index(fields=["callback", "at"], name="callback_event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number or '-'}"


class CallbackCall(models.Model):
    """One call and its answer: the events from `first_number` to `last_number`. Only ever inserted."""

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="calls", verbose_name=_("site"), db_index=False)
    uuid = models.UUIDField(_("delivery id"), unique=True)
    at = models.DateTimeField(_("when"))
    replay = models.BooleanField(_("sent again"), default=False)
    first_number = models.BigIntegerField(_("from number"))
    last_number = models.BigIntegerField(_("to number"))
    events = models.PositiveIntegerField(_("events"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=CallbackOutcome.choices)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True)
    fault = models.CharField(_("fault"), max_length=16, choices=CallbackFault.choices, blank=True)
    milliseconds = models.PositiveIntegerField(_("duration (ms)"))
    # The first 2 KB of what came back, the secrets masked; or the transport's own words.
    answer = models.TextField(_("answer"), blank=True)

    objects = CallbackCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="callback_call_outcome_closed", condition=Q(outcome__in=CallbackOutcome.values)
            ),
            models.CheckConstraint(
                name="callback_call_fault_closed", condition=Q(fault__in=["", *CallbackFault.values])
            ),
        ]
        indexes = [
            # The log: a site's calls, and what was not taken among them, newest first.
            models.Index(fields=["callback", "-id"], name="callback_call_by_site"),
            models.Index(fields=["outcome", "-id"], name="callback_call_by_outcome"),
            models.Index(
                fields=["callback", "-id"],
                name="callback_call_failed",
                condition=~Q(outcome=CallbackOutcome.TAKEN),
            ),
            # The sweep: calls that are too old to be kept.
            models.Index(fields=["at"], name="callback_call_by_age"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CallbackReplay(models.Model):
    """A person's wish that events be sent again, between two numbers; all of them, or those that were never taken.

    `next_number` is how far it has come.
    """

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="replays", verbose_name=_("site"))
    next_number = models.BigIntegerField()
    last_number = models.BigIntegerField()
    untaken = models.BooleanField(default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            # The sender and the sweep: what is still to be sent again.
            models.Index(fields=["callback", "id"], name="callback_replay_open", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.next_number}-{self.last_number}"
