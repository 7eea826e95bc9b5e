"""What a campaign and a delivery can be, and every legal move between those states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.moves import Moves


class DeliveryState(models.TextChoices):
    """
    ::

        queued -> dispatching -> sent -> delivered -> read
           |          |-> queued     (it certainly did not go out; due_at says when it is tried again)
           |          |-> failed     (it will never work)
           |          '-> unknown    (it may have gone out; never resent by itself)
           |-> skipped   (opted out, expired, ...)
           |-> failed    (its content can't be sent)
           |-> unknown   (a copy of the database was restored: it may have gone out since the copy was made)
           '-> cancelled (its campaign was)
        unknown -> sent | delivered | read | queued   (a person, a later receipt, or the page's stated policy)
        failed  -> sent      (it was refused, and its echo shows that it went out all the same)
    """

    QUEUED = "queued", _("Waiting")  # may be marked by the page's pump once due_at has passed
    DISPATCHING = "dispatching", pgettext_lazy("delivery", "Sending")  # marked, committed; a socket may be open
    SENT = "sent", _("Sent")  # the gateway accepted it
    DELIVERED = "delivered", _("Delivered")  # a receipt says it reached the person
    READ = "read", _("Read")  # a receipt says the person saw it
    FAILED = "failed", _("Failed")  # refused for good
    UNKNOWN = "unknown", _("In doubt")  # a byte of it left and no answer can be trusted
    SKIPPED = "skipped", _("Skipped")  # not sent, because a condition did not hold when its turn came
    CANCELLED = "cancelled", _("Cancelled")  # not sent, because its campaign was cancelled


D = DeliveryState

DELIVERY_MOVES: Moves = {
    D.QUEUED: frozenset({D.DISPATCHING, D.SKIPPED, D.FAILED, D.UNKNOWN, D.CANCELLED}),
    D.DISPATCHING: frozenset({D.SENT, D.QUEUED, D.FAILED, D.UNKNOWN}),
    D.SENT: frozenset({D.DELIVERED, D.READ}),
    D.DELIVERED: frozenset({D.READ}),
    D.UNKNOWN: frozenset({D.SENT, D.DELIVERED, D.READ, D.QUEUED}),
    D.FAILED: frozenset({D.SENT}),
}

# Rows that the engine still has to bring to an end by itself.
MOVABLE = frozenset({D.QUEUED, D.DISPATCHING})
# Rows whose message left for certain.
LEFT = frozenset({D.SENT, D.DELIVERED, D.READ})


class CampaignState(models.TextChoices):
    """
    ::

        draft <-> scheduled -> running <-> paused
          '---------------------^  |          |
        scheduled -> scheduled   (for another time)
        scheduled | running | paused -> cancelled
        running -> finished -> running   (a person sends a doubtful delivery again)
    """

    DRAFT = "draft", _("Draft")  # being composed; nothing is frozen
    SCHEDULED = "scheduled", _("Scheduled")  # content frozen; launches at scheduled_for
    RUNNING = "running", _("Running")  # its due rows may leave
    PAUSED = "paused", _("Paused")  # its rows wait until a person resumes it
    FINISHED = "finished", _("Finished")  # no row of it can move by itself any more
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")  # what had not left never will


C = CampaignState

CAMPAIGN_MOVES: Moves = {
    C.DRAFT: frozenset({C.SCHEDULED, C.RUNNING}),
    C.SCHEDULED: frozenset({C.DRAFT, C.SCHEDULED, C.RUNNING, C.CANCELLED}),
    C.RUNNING: frozenset({C.PAUSED, C.FINISHED, C.CANCELLED}),
    C.PAUSED: frozenset({C.RUNNING, C.CANCELLED}),
    C.FINISHED: frozenset({C.RUNNING}),
}


class LatePolicy(models.TextChoices):
    """What a campaign does whose time of launch passed while nothing ran."""

    SEND = "send", _("Send it late")
    SKIP = "skip", _("Don't send it")
    ASK = "ask", _("Wait and ask")


class Halt(models.TextChoices):
    """Why a campaign stands still without a person's doing; `halt_detail` has the figures."""

    REFUSED = "refused", _("It could not be launched at its time")  # a draft again; {"problems": [...]}
    LATE = "late", _("Its time passed while nothing ran")  # still scheduled; waits for a person
    FAILURES = "failures", _("Too many failures")  # paused; {"failed": n, "ended": n}
    CANARY = "canary", _("The first slice was sent")  # paused; {"size": n}


class Kind(models.TextChoices):
    """The kinds of message, one module each in notifications/payloads/."""

    TEXT = "text", _("Text")
    IMAGE = "image", _("Image")
    CAROUSEL = "carousel", _("Carousel")
    RECEIPT = "receipt", _("Receipt")


class AudienceKind(models.TextChoices):
    ALL = "all", _("Everyone who opted in on the page")
    PREFIX = "prefix", _("Those whose customer_id begins with…")


class Origin(models.TextChoices):
    """Why a delivery exists."""

    CAMPAIGN = "campaign", _("Campaign")
    TEST = "test", _("Test")
    API = "api", _("API")
    REPLY = "reply", _("Reply")  # an agent answered somebody who wrote; needs no opt-in, but an open window
    ANSWER = "answer", _("Automatic answer")  # the consent question, what follows it, the confirmation of a STOP


# What answers somebody who wrote or came: to a conversation, without an opt-in, ahead of everything else.
ANSWERS = frozenset({Origin.REPLY, Origin.ANSWER})


class Route(models.TextChoices):
    """By what right Facebook takes a message: the messaging type, and the tag where there is one."""

    RESPONSE = "response", _("Answer within 24 hours")
    UPDATE = "update", _("Within 24 hours of the customer's last act")
    HUMAN_AGENT = "human_agent", _("An agent's answer within seven days")
    UTILITY = "utility", _("Utility template that Facebook approved")


class AttemptOutcome(models.TextChoices):
    """What one try came to; the gateway's verdict as it is written down."""

    ACCEPTED = "accepted", _("Accepted")  # the gateway took it
    RETRY = "retry", _("To be tried again")  # it certainly did not go out
    HELD = "held", _("Turned away: the page is on hold")  # unread, because of the page's token or standing
    FAILED = "failed", _("Refused")  # it will never work
    UNKNOWN = "unknown", pgettext_lazy("attempt", "In doubt")  # it may have gone out


class Sign(models.TextChoices):
    """What tells a database that it was restored from a copy."""

    PLACE = "place", _("It is not where it was")
    BEHIND = "behind", _("It knows less than it knew before")


class Waiting(models.TextChoices):
    """What becomes of the deliveries that were waiting when a copy was made, once it may send again."""

    HOLD_BACK = "hold_back", _("Hold them back: each is in doubt until somebody decides")
    SEND = "send", _("Send them; some may arrive twice")
