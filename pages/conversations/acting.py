"""What staff do with a conversation beside answering: who looks after it, whether it is closed, what was read."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit
from pages.models import Thread
from pages.models.thread import Direction


def assign(*, thread: Thread, to: AbstractBaseUser | None, actor: AbstractBaseUser) -> bool:
    """False: it was so already. `to` None gives it back to everybody."""
    rows = Thread.objects.filter(pk=thread.pk).exclude(assigned_to=to.pk if to else None)
    with transaction.atomic():
        changed = rows.update(assigned_to=to.pk if to else None)
        if changed:
            audit.record(actor=actor, action="thread.assigned", subject=thread, to=to.get_username() if to else None)
    return bool(changed)


def take(*, thread: Thread, actor: AbstractBaseUser) -> bool:
    """For oneself, where nobody has it. False: somebody was first, or it is one's own already."""
    with transaction.atomic():
        taken = Thread.objects.filter(pk=thread.pk, assigned_to=None).update(assigned_to=actor.pk)
        if taken:
            audit.record(actor=actor, action="thread.assigned", subject=thread, to=actor.get_username())
    return bool(taken)


def close(*, thread: Thread, actor: AbstractBaseUser, now: datetime) -> bool:
    """Until the person writes again. False: it was closed."""
    with transaction.atomic():
        closed = Thread.objects.filter(pk=thread.pk, closed_at=None).update(closed_at=now, unread=0)
        if closed:
            audit.record(actor=actor, action="thread.closed", subject=thread)
    return bool(closed)


def reopen(*, thread: Thread, actor: AbstractBaseUser) -> bool:
    with transaction.atomic():
        opened = Thread.objects.filter(pk=thread.pk, closed_at__isnull=False).update(closed_at=None)
        if opened:
            audit.record(actor=actor, action="thread.reopened", subject=thread)
    return bool(opened)


def mark_read(*, thread: Thread, until: int) -> None:
    """Whoever looked saw the messages up to the one with this key. What was mirrored since then stays unread, also
    where it is older: it came late.
    """
    with transaction.atomic():
        held = Thread.objects.select_for_update().filter(pk=thread.pk, unread__gt=0).first()
        if held is None:
            return
        newer = held.messages.filter(direction=Direction.IN, pk__gt=until).exclude(text="", attachments=[])
        left = newer.order_by()[: held.unread].count()
        if left < held.unread:
            Thread.objects.filter(pk=held.pk).update(unread=left)


def mark_unread(*, thread: Thread) -> None:
    """To come back to it."""
    Thread.objects.filter(pk=thread.pk, unread=0).update(unread=1)
