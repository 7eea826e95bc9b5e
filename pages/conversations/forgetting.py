"""Forgetting a person's conversation on a page: what was said, name and picture, and the events as Facebook told them.

A thread that was answered stays as a row that names nobody, because the ledger counts what was sent to it.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from pages import audit
from pages.conversations import erased, posts
from pages.models import Page, Thread, WebhookEvent
from pages.models.thread import Direction
from pages.signals import thread_forgotten

# What a forgotten thread's psid begins with; hexadecimal digits of chance follow.
NOBODY = "erased-"


def is_nobody(thread: Thread) -> bool:
    """Whether the person was forgotten, and the row stays for what the ledger counts."""
    return thread.psid.startswith(NOBODY)


def forget(*, page: Page, psid: str, now: datetime) -> bool:
    """Call it in the transaction that erases the person. False: there was no conversation.

    Facebook's own copy stays with Facebook; if the person writes again, a new thread begins. Nothing else brings the
    person back: no event that is told late, and no system.
    """
    erased.note(page=page, psid=psid, now=now)
    posts.forget(page=page, psid=psid)
    WebhookEvent.objects.filter(psid=psid, page_id=page.page_id).delete()
    thread = Thread.objects.select_for_update().filter(page=page, psid=psid).first()
    if thread is None:
        return False
    thread.messages.all().delete()
    thread_forgotten.send(sender=Thread, thread=thread, now=now)
    audit.forget([audit.subject_of(thread)], word=psid)
    try:
        with transaction.atomic():
            thread.delete()
    except ProtectedError:
        _empty(thread, now)
    return True


def _empty(thread: Thread, now: datetime) -> None:
    blank = Thread(
        pk=thread.pk,
        page_id=thread.page_id,
        psid=NOBODY + secrets.token_hex(16),
        first_at=thread.first_at,
        last_at=thread.last_at,
        last_direction=Direction.IN,
        closed_at=now,
        profile_at=now,
    )
    blank.save(force_update=True)
