"""Freezing a message: the exact text that will go out, stored once under its hash."""

from django.db import IntegrityError, transaction

from notifications.models import Content
from notifications.payloads import Message


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
