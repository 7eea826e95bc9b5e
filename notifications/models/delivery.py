"""The ledger: one row for each message to each opt-in, and one for each try at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.campaign import Campaign
from notifications.models.message import Content
from notifications.querysets import AttemptQuerySet, DeliveryQuerySet
from notifications.reasons import Reason
from notifications.states import ANSWERS, AttemptOutcome, DeliveryState, Origin, Route
from optins.models import OptIn
from pages.models import ApiToken, Page, Thread


class Delivery(models.Model):
    """`attempts` counts the tries that may have cost something; `fence` is that of the pump that marked it.

    `reason` is a code of notifications/reasons.py and `detail` the far end's own words, without any token.

    A reply to somebody who wrote and an automatic answer have a `thread` and no opt-in; anything else has an opt-in.
    `answers_to` names the event that an automatic answer follows: each is answered once. Through Facebook a message
    may be several parts, sent in their order: `parts_sent` of them went out for certain, and are never repeated.
    `route` is the right by which Facebook takes it and `rule` names the row of the dated table that said so
    (notifications/gateway/meta/rules.py).
    """

    # The indexes below serve these keys better than indexes of their own, which each row would pay for.
    page = models.ForeignKey(Page, models.PROTECT, related_name="deliveries", verbose_name=_("page"), db_index=False)
    optin = models.ForeignKey(
        OptIn, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("opt-in"), db_index=False
    )
    thread = models.ForeignKey(
        Thread, models.PROTECT, null=True, related_name="+", verbose_name=_("conversation"), db_index=False
    )
    content = models.ForeignKey(
        Content, models.PROTECT, related_name="deliveries", verbose_name=_("content"), db_index=False
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("campaign"), db_index=False
    )
    origin = models.CharField(_("origin"), max_length=16, choices=Origin.choices)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("sent by"),
        db_index=False,
    )
    # The merchant's system that asked for it.
    api_token = models.ForeignKey(
        ApiToken,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("API token"),
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=16, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    reason = models.CharField(_("reason"), max_length=32, blank=True, default="")
    detail = models.TextField(_("detail"), blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    # After this time the message is too old to be useful, and is skipped.
    expires_at = models.DateTimeField(_("useful until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    fence = models.BigIntegerField(null=True)
    dispatch_started_at = models.DateTimeField(_("sending since"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    # The last word of it, or the beginning of its doubt.
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The page's policy for doubts sends a delivery again once; a doubt that comes back waits for a person.
    policy_sent_again_at = models.DateTimeField(null=True)
    provider_message_id = models.CharField(_("message id"), max_length=255, blank=True, default="")
    # What was put into the content's placeholders, by name: the words that were sent.
    personal = models.JSONField(_("put in"), null=True)
    # With defaults in the database: rows are inserted by hand too.
    parts_sent = models.PositiveSmallIntegerField(_("parts that went out"), default=0, db_default=0)
    route = models.CharField(
        _("by what right"), max_length=16, choices=Route.choices, blank=True, default="", db_default=""
    )
    rule = models.CharField(max_length=48, blank=True, default="", db_default="")
    answers_to = models.CharField(max_length=255, blank=True, default="", db_default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("resolve_delivery", _("Can decide what became of a doubtful delivery"))]
        constraints = [
            # Launching, resuming and expanding again can never make a second one.
            models.UniqueConstraint("campaign", "optin", name="delivery_once_per_campaign"),
            models.CheckConstraint(name="delivery_state_closed", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(name="delivery_origin_closed", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(
                name="delivery_of_a_campaign_has_one",
                condition=Q(origin=Origin.CAMPAIGN, campaign__isnull=False)
                | (~Q(origin=Origin.CAMPAIGN) & Q(campaign__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_has_somebody",
                condition=Q(optin__isnull=False) & ~Q(origin__in=sorted(ANSWERS))
                | Q(optin=None, thread__isnull=False, origin__in=sorted(ANSWERS)),
            ),
            # However often Facebook tells of an event, or a person has it processed again.
            models.UniqueConstraint(
                "thread", "answers_to", name="delivery_answers_once", condition=Q(origin=Origin.ANSWER)
            ),
            models.CheckConstraint(
                name="delivery_dispatching_is_fenced",
                condition=~Q(state=DeliveryState.DISPATCHING)
                | Q(fence__isnull=False, dispatch_started_at__isnull=False),
            ),
        ]
        indexes = [
            # The pump: a page's due rows, transactional ones (campaign null) and each running campaign's.
            models.Index(
                fields=["page", "campaign", "due_at", "id"],
                name="delivery_due",
                condition=Q(state=DeliveryState.QUEUED),
            ),
            # The pump: replies and automatic answers go before everything else.
            models.Index(
                fields=["page", "due_at", "id"],
                name="delivery_replies_due",
                condition=Q(state=DeliveryState.QUEUED, origin__in=sorted(ANSWERS)),
            ),
            # After a crash: what an older fence left behind.
            models.Index(
                fields=["page", "fence"],
                name="delivery_dispatching",
                condition=Q(state=DeliveryState.DISPATCHING),
            ),
            # Support: what waits for a person.
            models.Index(fields=["-id"], name="delivery_in_doubt", condition=Q(state=DeliveryState.UNKNOWN)),
            # The page's policy: doubts that are old enough. What a restored copy holds back may be the whole ledger,
            # is no affair of the policy, and would be read in each sweep.
            models.Index(
                fields=["page", "ended_at"],
                name="delivery_doubts",
                condition=Q(state=DeliveryState.UNKNOWN) & ~Q(reason=Reason.RESTORED),
            ),
            # The sweep: rows that became too old while they waited, wherever they wait. Without it each sweep would
            # read all that is queued, on pages on hold and in paused campaigns too, to find that none is.
            models.Index(
                fields=["expires_at"],
                name="delivery_expiring",
                condition=Q(state=DeliveryState.QUEUED, expires_at__isnull=False),
            ),
            # History: one customer's deliveries, a page's, a campaign's, newest first.
            models.Index(fields=["optin", "-id"], name="delivery_by_optin"),
            models.Index(fields=["page", "-id"], name="delivery_by_page"),
            models.Index(fields=["campaign", "state", "-id"], name="delivery_by_campaign"),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
            models.Index(fields=["origin", "-id"], name="delivery_by_origin", condition=~Q(origin=Origin.CAMPAIGN)),
            models.Index(fields=["created_at", "id"], name="delivery_by_day"),
            # Retention and erasure: whose a single message's content is. What a campaign sends is the shop's own.
            models.Index(
                fields=["content", "created_at"], name="delivery_by_content", condition=~Q(origin=Origin.CAMPAIGN)
            ),
            # A conversation's replies.
            models.Index(fields=["thread", "-id"], name="delivery_by_thread", condition=Q(thread__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def whom(self) -> str:
        """Whom it is to, as people know them: by customer_id, or as the conversation names who wrote."""
        return self.optin.customer_id if self.optin else str(self.thread or "")


class Attempt(models.Model):
    """One try: when it began, how far it came, what the other side answered. Only ever inserted."""

    # The constraint below begins with it. `part` is which part of the message was tried, from 0.
    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="tries", verbose_name=_("delivery"), db_index=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    fence = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(_("part"), default=0, db_default=0)
    started_at = models.DateTimeField(_("started"))
    milliseconds = models.PositiveIntegerField(_("duration (ms)"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=AttemptOutcome.choices)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True)
    bytes_sent = models.PositiveIntegerField(_("bytes of the request that left"))
    # The first 4 KB of what came back, the token masked; or the transport's own words.
    answer = models.TextField(_("answer"), blank=True)
    # Facebook's id of this part; the delivery has that of the last one.
    message_id = models.CharField(_("message id"), max_length=255, blank=True, default="", db_default="")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["delivery_id", "id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="attempt_outcome_closed", condition=Q(outcome__in=AttemptOutcome.values)),
            models.UniqueConstraint("delivery", "number", "fence", "part", name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.delivery_id}/{self.number}"
