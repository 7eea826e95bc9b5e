"""A notification, an audience and a time; and the count of what became of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.message import Content, Notification
from notifications.querysets import CampaignQuerySet
from notifications.states import MOVABLE, AudienceKind, CampaignState, DeliveryState, Halt, LatePolicy
from optins.states import Purpose
from pages.models import Page
from pages.models.page import MAX_MESSAGES_PER_SECOND


class Campaign(models.Model):
    """`content`, `audience_ceiling` and `expanded_to` are set at launch: what was frozen, and how far the
    expansion has come (both ends are opt-in ids; it is complete when `expanded_at` is set).

    `rests_until` is the end of the quiet hours that the engine found it in; `next_send_at` hands its own pace over from
    one holder of the page's lease to the next. `halt` says why it stands still without a person's doing.
    """

    name = models.CharField(_("name"), max_length=120)
    notification = models.ForeignKey(
        Notification, models.PROTECT, related_name="campaigns", verbose_name=_("notification")
    )
    page = models.ForeignKey(Page, models.PROTECT, related_name="campaigns", verbose_name=_("page"))
    audience_kind = models.CharField(
        _("audience"), max_length=16, choices=AudienceKind.choices, default=AudienceKind.ALL
    )
    audience_prefix = models.CharField(
        _("customer_id begins with"), max_length=255, blank=True, help_text=_("For example instock-AB123-")
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=16,
        choices=Purpose.choices,
        default=Purpose.MARKETING,
        db_default=Purpose.MARKETING.value,
        help_text=_("Only those are written to who agreed to it."),
    )
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    useful_until = models.DateTimeField(
        _("useful until"), null=True, blank=True, help_text=_("What has not left by then is skipped.")
    )
    if_late = models.CharField(
        _("if its time was missed"),
        max_length=16,
        choices=LatePolicy.choices,
        default=LatePolicy.ASK,
        help_text=_("What happens when the system was down at the time of launch."),
    )
    messages_per_second = models.PositiveSmallIntegerField(
        _("messages per second"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MESSAGES_PER_SECOND)],
        help_text=_("Its own pace, where it is to be slower than the page's."),
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    canary_size = models.PositiveIntegerField(
        _("first slice"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("So many are sent first; then it pauses, and a person looks and resumes it."),
    )
    canary_passed_at = models.DateTimeField(null=True, editable=False)
    failure_ceiling = models.PositiveSmallIntegerField(
        _("pause at this share of failures (%)"),
        null=True,
        blank=True,
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Failed and doubtful deliveries, among the latest. Empty: never."),
    )
    rests_until = models.DateTimeField(null=True, editable=False)
    next_send_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=16, choices=CampaignState.choices, default=CampaignState.DRAFT, editable=False
    )
    content = models.ForeignKey(Content, models.PROTECT, null=True, editable=False, verbose_name=_("content"))
    audience_ceiling = models.BigIntegerField(null=True, editable=False)
    expanded_to = models.BigIntegerField(default=0, editable=False)
    expanded_at = models.DateTimeField(null=True, editable=False)
    launched_at = models.DateTimeField(_("launched"), null=True, editable=False)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("launched by"),
    )
    finished_at = models.DateTimeField(_("ended"), null=True, editable=False)
    halt = models.CharField(max_length=16, choices=Halt.choices, blank=True, default="", editable=False)
    halt_detail = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        permissions = [("launch_campaign", _("Can launch, pause, resume and cancel campaigns"))]
        constraints = [
            models.CheckConstraint(name="campaign_state_closed", condition=Q(state__in=CampaignState.values)),
            models.CheckConstraint(name="campaign_purpose_closed", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="campaign_audience_closed", condition=Q(audience_kind__in=AudienceKind.values)),
            models.CheckConstraint(name="campaign_if_late_closed", condition=Q(if_late__in=LatePolicy.values)),
            models.CheckConstraint(name="campaign_halt_closed", condition=Q(halt__in=["", *Halt.values])),
            models.CheckConstraint(
                name="campaign_quiet_hours_have_two_ends",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=models.F("quiet_until")),
            ),
            models.CheckConstraint(
                name="campaign_frozen_once_it_leaves_draft",
                condition=Q(state=CampaignState.DRAFT) | Q(content__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_launched_has_its_audience",
                condition=Q(state__in=[CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.CANCELLED])
                | Q(launched_at__isnull=False, audience_ceiling__isnull=False),
            ),
        ]
        indexes = [
            # The sweep: campaigns to launch, to go on expanding, or to finish.
            models.Index(
                fields=["state", "scheduled_for"],
                name="campaign_open",
                condition=Q(state__in=[CampaignState.SCHEDULED, CampaignState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How many deliveries of a campaign are in each state.

    Written in the transaction that moves the rows, so that reading progress costs the same at any size.
    `judged_failed` and `judged_ended` are what had failed and ended when the present look at its failures began.
    """

    campaign = models.OneToOneField(Campaign, models.CASCADE, primary_key=True, related_name="tally")
    queued = models.BigIntegerField(_("waiting"), default=0)
    dispatching = models.BigIntegerField(_("sending"), default=0)
    sent = models.BigIntegerField(_("sent"), default=0)
    delivered = models.BigIntegerField(_("delivered"), default=0)
    read = models.BigIntegerField(_("read"), default=0)
    failed = models.BigIntegerField(_("failed"), default=0)
    unknown = models.BigIntegerField(_("in doubt"), default=0)
    skipped = models.BigIntegerField(_("skipped"), default=0)
    cancelled = models.BigIntegerField(_("cancelled"), default=0)
    judged_failed = models.BigIntegerField(default=0)
    judged_ended = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    def by_state(self) -> dict[DeliveryState, int]:
        return {state: getattr(self, state.value) for state in DeliveryState}

    @property
    def total(self) -> int:
        return sum(self.by_state().values())

    @property
    def movable(self) -> int:
        return sum(count for state, count in self.by_state().items() if state in MOVABLE)

    @property
    def done(self) -> int:
        return self.total - self.movable
