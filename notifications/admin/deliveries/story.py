"""What became of one delivery, in sentences that support can read out on the telephone."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin import times
from notifications.gateway.meta import parts, rules
from notifications.models import Delivery
from notifications.reasons import UNFILLED, Reason
from notifications.states import LEFT, CampaignState, DeliveryState
from pages.models import Page
from pages.states import GatewayKind, PageState

D = DeliveryState

# Gateways that accept a message and never say whether it arrived.
WITHOUT_RECEIPTS = frozenset({GatewayKind.IADVIZE, GatewayKind.SANDBOX})


def story(delivery: Delivery) -> str:
    when = delivery.sent_at or delivery.ended_at or delivery.created_at
    return _sentence(delivery) % {
        "customer": delivery.whom,
        "page": delivery.page.name,
        "when": times.said(when, times.zone_of(delivery.page)),
        "tries": tries_words(delivery.attempts),
    }


def _sentence(delivery: Delivery) -> str:
    state = DeliveryState(delivery.state)
    if state in LEFT:
        return _sentence_of_one_that_left(delivery, state)
    if state == D.FAILED and delivery.reason in UNFILLED:
        return _(
            "Not sent to customer %(customer)s on %(page)s: its turn came on %(when)s, and it could not be filled in."
        )
    if state == D.QUEUED and delivery.attempts:
        return _("Not sent yet to customer %(customer)s on %(page)s: it did not go out %(tries)s, and is tried again.")
    return {
        D.QUEUED: _("Waiting since %(when)s to be sent to customer %(customer)s on %(page)s."),
        D.DISPATCHING: _("Being sent to customer %(customer)s on %(page)s this moment."),
        D.UNKNOWN: _("In doubt since %(when)s: customer %(customer)s on %(page)s may have got it, or not."),
        D.FAILED: _("Not sent to customer %(customer)s on %(page)s: refused for good on %(when)s, %(tries)s."),
        D.SKIPPED: _("Not sent to customer %(customer)s on %(page)s: skipped on %(when)s."),
        D.CANCELLED: _("Not sent to customer %(customer)s on %(page)s: its campaign was cancelled before its turn."),
    }[state]


def _sentence_of_one_that_left(delivery: Delivery, state: DeliveryState) -> str:
    if delivery.reason == Reason.TREATED_AS_SENT_BY_POLICY and state == D.SENT:
        return _("Treated as sent to customer %(customer)s on %(page)s: the page's policy decided so on %(when)s.")
    if delivery.reason == Reason.TREATED_AS_SENT and state == D.SENT:
        return _("Treated as sent to customer %(customer)s on %(page)s: a person decided so on %(when)s.")
    if delivery.reason == Reason.SETTLED_BY_FACEBOOK and state == D.SENT:
        return _("Sent on %(when)s to customer %(customer)s on %(page)s: no answer said so, but Facebook showed it.")
    return {
        D.SENT: _("Sent on %(when)s to customer %(customer)s on %(page)s, %(tries)s."),
        D.DELIVERED: _("Sent on %(when)s to customer %(customer)s on %(page)s, %(tries)s; it reached the person."),
        D.READ: _("Sent on %(when)s to customer %(customer)s on %(page)s, %(tries)s; the person saw it."),
    }[state]


def tries_words(count: int) -> str:
    """As part of a sentence."""
    named = {0: _("without a try"), 1: _("at the first try"), 2: _("at the second try"), 3: _("at the third try")}
    return named.get(count) or ngettext("after %(count)d try", "after %(count)d tries", count) % {"count": count}


def waits_for(delivery: Delivery, *, now: datetime) -> Iterator[str]:
    """Why a delivery that waits does not go; nothing for one that doesn't wait."""
    if delivery.state != D.QUEUED:
        return
    page, campaign, zone = delivery.page, delivery.campaign, times.zone_of(delivery.page)
    if page.state == PageState.ON_HOLD:
        yield _("The page %(page)s is on hold: nothing leaves until that is mended.") % {"page": page.name}
    if times.link_of(page) is None:
        yield _("The page %(page)s belongs to no site.") % {"page": page.name}
    if campaign and campaign.state == CampaignState.PAUSED:
        yield _("Its campaign %(campaign)s is paused.") % {"campaign": campaign.name}
    if delivery.due_at > now:
        yield _("The next try is due on %(when)s.") % {"when": times.said(delivery.due_at, zone)}
    if delivery.expires_at:
        yield _("After %(when)s it is too old to be useful, and is skipped.") % {
            "when": times.said(delivery.expires_at, zone)
        }


def cannot_be_known(delivery: Delivery) -> str:
    """What this page's gateway never reports, said so that nobody waits for it; or what it has not reported yet."""
    if delivery.state not in LEFT:
        return ""
    return unreported_words(delivery.page) or _not_yet(delivery)


def _not_yet(delivery: Delivery) -> str:
    if delivery.state == D.SENT:
        return _(
            "No receipt came yet: Facebook sends one once the message reaches a device. While the person is away, or "
            "turned messages off, whether it arrived cannot be known."
        )
    if delivery.state == D.DELIVERED:
        return _("Whether the person saw it cannot be known before Facebook says so.")
    return ""


def unreported_words(page: Page) -> str:
    if page.gateway not in WITHOUT_RECEIPTS:
        return ""
    return _("Whether a message was delivered or read cannot be known: %(gateway)s does not report it.") % {
        "gateway": page.get_gateway_display()
    }


def parts_words(delivery: Delivery) -> str:
    """Of a message in several parts that has not left whole: how much of it did. Empty for any other."""
    if not delivery.parts_sent or delivery.state in LEFT:
        return ""
    total = parts.count(delivery.content.body)
    return ngettext(
        "Of its %(total)d parts %(count)d went out for certain and is never repeated: this is about the rest.",
        "Of its %(total)d parts %(count)d went out for certain and are never repeated: this is about the rest.",
        delivery.parts_sent,
    ) % {"total": total, "count": delivery.parts_sent}


def right_words(delivery: Delivery) -> str:
    """Which of Facebook's rules let it out, and where that is written; empty where none was asked."""
    rule = next((rule for rule in rules.RULES if rule.code == delivery.rule), None)
    return _("Rule %(rule)s: %(source)s") % {"rule": rule.code, "source": rule.source} if rule else delivery.rule


def meaning(delivery: Delivery) -> str:
    """What the state says for certain, and no more: a doubt that a person settled was confirmed by nobody else."""
    if delivery.state == D.SENT and delivery.reason in (Reason.TREATED_AS_SENT, Reason.TREATED_AS_SENT_BY_POLICY):
        return _("The gateway never confirmed it.")
    if delivery.state == D.SENT and delivery.reason == Reason.SETTLED_BY_FACEBOOK:
        return _("It stands in the conversation.")
    if delivery.state == D.UNKNOWN and delivery.reason == Reason.RESTORED:
        return _("It had not left when the copy was made; what was sent since then, this database cannot know.")
    if delivery.state == D.FAILED and delivery.reason in UNFILLED:
        return _("It never left, and is not tried again.")
    return {
        D.QUEUED: _("It is in the queue and has not left."),
        D.DISPATCHING: _("It has been taken out of the queue; a connection may be open for it."),
        D.SENT: _("The gateway accepted it."),
        D.DELIVERED: _("A receipt says that it reached the person."),
        D.READ: _("A receipt says that the person saw it."),
        D.FAILED: _("It was refused for good and is not tried again."),
        D.UNKNOWN: _("A part of it left and no answer can be trusted. It is never sent again by itself."),
        D.SKIPPED: _("A condition did not hold when its turn came, so it was not sent."),
        D.CANCELLED: _("It had not left when its campaign was cancelled, and never will."),
    }[DeliveryState(delivery.state)]
