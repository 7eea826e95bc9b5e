"""Freezing a message: the exact text that will go out, stored once under its hash."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from notifications.models import Content
from notifications.payloads import Message
from notifications.services import sql


def freeze(message: Message) -> Content:
    """The Content of this message; the same message twice is the same row."""
    body = message.as_json()
    sha256 = Content.digest(body)
    found = Content.objects.filter(sha256=sha256).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Content.objects.create(sha256=sha256, kind=message.kind, body=body)
    except IntegrityError:
        return Content.objects.get(sha256=sha256)


def bodies(pks: Collection[int]) -> dict[int, str]:
    """The frozen texts, by id."""
    statement = f"SELECT id, body FROM notifications_content WHERE id {sql.among('ids')}"  # noqa: S608  (no value in it)
    return dict(sql.run(statement, {"ids": sql.ids(pks)})) if pks else {}
