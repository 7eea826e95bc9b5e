"""Freezing a message: the exact text that will go out, stored once under its hash."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from notifications.models import Content, Notification
from notifications.payloads import Message, parse
from notifications.payloads.utility import Choice, parse_choice
from notifications.services import sql


def freeze(message: Message, utility: Choice | None = None) -> Content:
    """The Content of this message, and of the template that goes out instead once the window is closed.

    The same twice is the same row.
    """
    return freeze_text(message.as_json(), kind=message.kind, instead=utility.as_json() if utility else "")


def freeze_text(body: str, *, kind: str, instead: str = "") -> Content:
    """The same for JSON texts that were judged."""
    sha256 = Content.digest(body, instead)
    found = Content.objects.filter(sha256=sha256).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Content.objects.create(sha256=sha256, kind=kind, body=body, utility=instead)
    except IntegrityError:
        return Content.objects.get(sha256=sha256)


def freeze_notification(notification: Notification) -> Content:
    """Raises PayloadError where it can't be sent."""
    return freeze(parse(notification.body), choice_of(notification.utility))


def choice_of(stored: object) -> Choice | None:
    """What goes out instead of a message, as a notification keeps it. Raises PayloadError."""
    return parse_choice(stored) if stored is not None else None


def bodies(pks: Collection[int]) -> dict[int, str]:
    """The frozen texts, by id."""
    statement = f"SELECT id, body FROM notifications_content WHERE id {sql.among('ids')}"  # noqa: S608  (no value in it)
    return dict(sql.run(statement, {"ids": sql.ids(pks)})) if pks else {}
