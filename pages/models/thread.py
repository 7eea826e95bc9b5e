"""A page's private messages, mirrored: one thread for each person, whatever support the messages came from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.models.page import Page


class Direction(models.TextChoices):
    IN = "in", pgettext_lazy("message", "Received")  # the person wrote, tapped or arrived
    OUT = "out", pgettext_lazy("message", "Sent")  # the page wrote, by whatever hand


class Writer(models.TextChoices):
    """Who wrote a message of a thread."""

    PERSON = "person", _("The customer")
    AGENT = "agent", _("An agent, from here")
    NOTIFICATION = "notification", _("A notification")
    PAGE_INBOX = "page_inbox", _("Staff, in Facebook's page inbox")
    OTHER_APP = "other_app", _("Another application")


def _lists(name: str, condition: Q) -> list[models.Index]:
    newest = ["-last_at", "-id"]
    return [
        models.Index(fields=newest, name=f"thread_{name}", condition=condition),
        models.Index(fields=["page", *newest], name=f"thread_{name}_by_page", condition=condition),
    ]


class Thread(models.Model):
    """`psid` is Facebook's page-scoped id.

    `acted_at` is the person's last act that opens the 24-hour window (a message, a tap, an arrival by link, a
    reaction); never a receipt, and never what the page sends. `delivered_to` and `read_to` are receipts' watermarks:
    everything the page sent until then was delivered, or read. `unread` counts the person's messages since an agent
    looked. `last_kind` is what the last message is where it has no words (pages/conversations/excerpts.py).
    `disclosed_at` is when the person was told that automated messages come from this page. `blocked_at`: Facebook says
    that the person takes no messages from the page.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="threads", verbose_name=_("page"))
    psid = models.CharField("PSID", max_length=64)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    picture_url = models.CharField(max_length=2_000, blank=True, default="")
    # When Facebook was last asked for name and picture, and why that gave none.
    profile_at = models.DateTimeField(null=True)
    profile_error = models.CharField(max_length=200, blank=True, default="", db_default="")
    first_at = models.DateTimeField(_("first message"))
    last_at = models.DateTimeField(_("last message"))
    excerpt = models.CharField(_("last words"), max_length=200, blank=True, default="")
    last_kind = models.CharField(max_length=16, blank=True, default="", db_default="")
    last_direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.IN)
    unread = models.PositiveIntegerField(_("unread"), default=0)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Of the forms that the last answers were sent with: a form that comes twice sends once.
    answered = models.JSONField(default=list)
    acted_at = models.DateTimeField(_("last act of the customer"), null=True)
    delivered_to = models.DateTimeField(null=True)
    read_to = models.DateTimeField(null=True)
    disclosed_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_at", "-id"]
        default_permissions = ("view",)
        permissions = [("answer_thread", _("Can answer, assign and close conversations"))]
        constraints = [
            # A person has one thread on a page. Also the pump's way from a PSID to the window.
            models.UniqueConstraint("page", "psid", name="thread_once_per_person"),
            models.CheckConstraint(name="thread_direction_closed", condition=Q(last_direction__in=Direction.values)),
        ]
        indexes = [
            # The lists, newest first, of all pages and of one: what is open, closed, unread, nobody's, somebody's.
            *_lists("open", Q(closed_at=None)),
            *_lists("closed", Q(closed_at__isnull=False)),
            *_lists("unread", Q(unread__gt=0)),
            *_lists("nobodys", Q(closed_at=None, assigned_to=None)),
            models.Index(
                fields=["assigned_to", "-last_at", "-id"],
                name="thread_assigned",
                condition=Q(assigned_to__isnull=False, closed_at=None),
            ),
            # Those whose name nobody asked for.
            models.Index(fields=["-id"], name="thread_profile_due", condition=Q(profile_at=None)),
            # Support asks by the PSID alone; by name and by words see pages/conversations/searching.py.
            models.Index(fields=["psid"], name="thread_by_psid"),
        ]

    def __str__(self) -> str:
        return self.name or self.psid


class ThreadMessage(models.Model):
    """`mid` is Facebook's id of the message; `metadata` what the sender wrote on it, which an echo repeats.

    `attachments` is a list of `{"type", "url" | "payload"}` as Facebook gave them. `reactions` is a list of
    `{"emoji", "at"}`.
    """

    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="messages", verbose_name=_("conversation"), db_index=False
    )
    mid = models.CharField(max_length=255)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    writer = models.CharField(_("written by"), max_length=16, choices=Writer.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agent")
    )
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("text"), blank=True, default="")
    attachments = models.JSONField(_("attachments"), default=list)
    # How it came where it is no plain message: a tapped button's title and payload, a link's ref.
    origin = models.JSONField(default=dict)
    reactions = models.JSONField(default=list)
    reply_to = models.CharField(max_length=255, blank=True, default="")
    metadata = models.CharField(max_length=1_000, blank=True, default="")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-at", "-id"]
        default_permissions = ()
        constraints = [
            # Facebook tells of a message as often as it likes.
            models.UniqueConstraint("thread", "mid", name="thread_message_once"),
            models.CheckConstraint(name="thread_message_direction_closed", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(name="thread_message_writer_closed", condition=Q(writer__in=Writer.values)),
        ]
        indexes = [
            # One thread, newest first, in keyset pages.
            models.Index(fields=["thread", "-at", "-id"], name="thread_message_by_time"),
            # Retention.
            models.Index(fields=["at"], name="thread_message_by_age"),
        ]

    def __str__(self) -> str:
        return self.mid
