"""An agent answers somebody who wrote to the page.

An answer needs no opt-in: whoever writes wants one, and Facebook keeps the window open for it. For the same reason STOP
does not forbid it: it ends what a page sends unasked, and a person who says STOP and then asks where the parcel is
asks for an answer. What does forbid it is Facebook (the window, a block) and the page's own state.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from notifications import hints, payloads
from notifications.gateway.meta import rules
from notifications.gateway.meta.rules import Situation
from notifications.models import Delivery
from notifications.payloads import Message, placeholders
from notifications.payloads.utility import Choice
from notifications.reasons import Reason
from notifications.services import personalising
from notifications.services.addressing import is_approved
from notifications.services.contents import freeze
from notifications.services.deliveries import NoValue, PageCannotSend, missing_words, obstacle_of
from notifications.states import DeliveryState, Kind, Origin, Route
from notifications.words import reason_words
from optins.models import OptIn
from pages import audit
from pages.models import Page, Thread
from pages.states import GatewayKind


class CannotReply(Exception):
    """Facebook would not take it. `reason` says why, `str()` says it in the reader's language."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason_words(reason))


def forecast(thread: Thread, now: datetime, *, composed: bool = False, template: bool | None = None) -> Route | Reason:
    """By what right an answer of an agent would leave at `now`, or why it would not.

    `composed`: a notification that was written beforehand, which is no agent's own answer after 24 hours. `template` is
    whether the utility template that stands in for it is approved; None: none stands in.
    """
    if thread.blocked_at is not None:
        return Reason.UNREACHABLE
    situation = replace(_situation(thread, composed=composed), template=template)
    chosen = rules.choose(situation, now=now, region=settings.FACEBOOK_REGION)
    return chosen if isinstance(chosen, Reason) else Route(chosen.way.value)


def open_until(thread: Thread, now: datetime, *, composed: bool = False) -> datetime | None:
    """The last moment at which the same kind of answer may leave, if any may at `now`."""
    if thread.blocked_at is not None:
        return None
    ends = [
        rules.ends_at(_situation(thread, composed=composed), now=at, region=settings.FACEBOOK_REGION)
        for at in (now, *_ends(thread))
        if at >= now
    ]
    return max((end for end in ends if end is not None), default=None)


def _ends(thread: Thread) -> list[datetime]:
    """Right after one right has ended, another may hold."""
    instant = timedelta(microseconds=1)
    withins = {rule.within for rule in rules.RULES if rule.way and rule.within}
    return [thread.acted_at + within + instant for within in withins] if thread.acted_at else []


def _situation(thread: Thread, *, composed: bool) -> Situation:
    return Situation(acted_at=thread.acted_at, answers=True, typed=not composed, human_agent=thread.page.human_agent)


def reply(
    *,
    thread: Thread,
    body: Mapping[str, object],
    actor: AbstractBaseUser,
    now: datetime,
    composed: bool = False,
    utility: Choice | None = None,
) -> Delivery:
    """Queues the answer ahead of everything else of the page. `body` is the guide's: `text`, `attachment`, or both.

    In typed words braces are text; the placeholders of a `composed` notification are filled with what is known of the
    person, and its `utility` template goes out instead once the window is closed. Raises PayloadError, NoValue,
    PageCannotSend, or CannotReply.
    """
    message = payloads.parse(body, filled=not composed)
    page = Page.objects.get(pk=thread.page_id)
    if obstacle := obstacle_of(page):
        raise PageCannotSend(obstacle)
    own_words = not composed and message.kind == Kind.TEXT
    approved = is_approved(page.pk, utility) if utility else None
    route: Route | Reason = Reason.NO_PSID
    if page.gateway == GatewayKind.META:
        route = forecast(thread, now, composed=not own_words, template=approved)
    if isinstance(route, Reason):
        raise CannotReply(route)
    words = utility.as_json() if utility and route is Route.UTILITY else message.as_json()
    values = _attributes(thread, words, now) if composed else _as_written(message)
    with transaction.atomic():
        delivery = Delivery.objects.create(
            page=page,
            thread=thread,
            content=freeze(message, utility),
            origin=Origin.REPLY,
            requested_by_id=actor.pk,
            personal=personalising.given(values),
            state=DeliveryState.QUEUED,
            created_at=now,
            due_at=now,
            expires_at=_useful_until(thread, now, composed=not own_words),
            route=route,
        )
        audit.record(actor=actor, action="conversation.answered", subject=delivery, thread=thread.pk)
        hints.kick_page(page.pk)
    return delivery


def _useful_until(thread: Thread, now: datetime, *, composed: bool) -> datetime:
    """Not beyond the right by which it was written."""
    longest = now + timedelta(seconds=settings.MESSAGE_LIFE)
    ends = open_until(thread, now, composed=composed)
    return min(ends, longest) if ends else longest


def _attributes(thread: Thread, words: str, now: datetime) -> Mapping[str, object]:
    """Of the person's newest agreement on this page, whichever customer_id it was given under."""
    template = payloads.compiled(words)
    agreed = OptIn.objects.active(now).filter(recipient__page=thread.page_id, recipient__psid=thread.psid)
    known: Mapping[str, object] = agreed.order_by("-pk").values_list("attributes", flat=True).first() or {}
    if missing := template.missing(known):
        raise NoValue(missing_words(missing))
    return {name: known[name] for name in template.names if name in known}


def _as_written(message: Message) -> Mapping[str, object]:
    """What looks like a placeholder in typed words stands for itself."""
    return {placeholder.name: match.group() for match, placeholder in placeholders.found(message.text or "")}
