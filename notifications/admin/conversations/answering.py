"""An answer from the screen: what was typed, a composed notification, or one that did not go out, once more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from notifications.admin.composer.sentences import sentence
from notifications.admin.conversations.entries import LOST
from notifications.admin.conversations.windows import window
from notifications.admin.lookups import by_pk
from notifications.models import Delivery, Notification
from notifications.payloads import PayloadError
from notifications.payloads.utility import Choice, parse_choice
from notifications.services.deliveries import NoValue, PageCannotSend
from notifications.services.personalising import words_sent
from notifications.services.replies import CannotReply, reply
from notifications.states import Route
from pages.models import Thread

# So many forms are remembered: a form that comes twice sends once.
REMEMBERED = 20
LONGEST_NAME = 64


class Refused(Exception):
    """Nothing was sent; `str()` says why, in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: Mapping[str, Any]
    composed: bool = False
    utility: Choice | None = None


def read(thread: Thread, sent: QueryDict, now: datetime) -> Answer:
    """What the form asks for. Raises Refused."""
    if "again" in sent:
        return _again(thread, sent.get("again", ""), now)
    if "notification" in sent:
        notification = by_pk(Notification.objects.all(), sent.get("notification"))
        if notification is None:
            raise Refused(_("Choose a notification."))
        return Answer(body=notification.body, composed=True, utility=_stands_in(notification))
    text = sent.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write something first."))
    return Answer(body={"text": text})


def _stands_in(notification: Notification) -> Choice | None:
    try:
        return parse_choice(notification.utility) if notification.utility else None
    except PayloadError as error:
        raise Refused(" ".join(sentence(problem) for problem in error.problems[:2])) from error


def _again(thread: Thread, number: str, now: datetime) -> Answer:
    """The same words as before, as they were filled then. After 24 hours nothing but what was typed as an answer."""
    rows = Delivery.objects.filter(thread=thread, optin=None, state__in=LOST).select_related("content")
    lost = by_pk(rows, number)
    if lost is None:
        raise Refused(_("That answer is on its way after all, or went out."))
    if window(thread, now).state == "agent" and lost.route != Route.HUMAN_AGENT:
        raise Refused(_("Only what an agent types is taken now: write it again."))
    return Answer(body=json.loads(words_sent(lost.content, lost.personal) or lost.content.body))


def send(*, thread: Thread, answer: Answer, form: str, actor: AbstractBaseUser, now: datetime) -> Delivery | None:
    """None: this form was sent before. Whoever answers has the conversation, if nobody had it. Raises Refused."""
    try:
        with transaction.atomic():
            held = Thread.objects.select_for_update().get(pk=thread.pk)
            if form and form in held.answered:
                return None
            delivery = reply(
                thread=thread,
                body=answer.body,
                actor=actor,
                now=now,
                composed=answer.composed,
                utility=answer.utility,
            )
            _note(held, form[:LONGEST_NAME], actor)
            return delivery
    except PayloadError as error:
        raise Refused(" ".join(sentence(problem) for problem in error.problems[:2])) from error
    except (CannotReply, NoValue, PageCannotSend) as error:
        raise Refused(str(error)) from error


def _note(held: Thread, form: str, actor: AbstractBaseUser) -> None:
    changed: dict[str, Any] = {"unread": 0, "closed_at": None}
    if form:
        changed["answered"] = [*held.answered, form][-REMEMBERED:]
    if held.assigned_to_id is None:
        changed["assigned_to"] = actor.pk
    Thread.objects.filter(pk=held.pk).update(**changed)
