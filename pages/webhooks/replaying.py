"""Events and posts processed once more, from what was stored: after a fault of ours, or of what was linked too late."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit, hints
from pages.models import WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState, WebhookEventQuerySet, WebhookPostQuerySet

CHUNK = 1_000


def replay_events(rows: WebhookEventQuerySet, *, now: datetime) -> Iterator[int]:
    """Makes them wait again, a chunk in each transaction; yields how many have been so far.

    What already waits is left as it is. Whatever an event brings about, it brings about once.
    """
    done, last = 0, 0
    rows = rows.exclude(state=EventState.WAITING)
    ceiling = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    while pks := list(rows.filter(pk__gt=last, pk__lte=ceiling).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            done += _wait_again(rows.filter(pk__in=pks), now)
            hints.kick_webhooks()
        last = pks[-1]
        yield done


def replay_posts(rows: WebhookPostQuerySet) -> int:
    """Reads what could not be read once more; returns how many."""
    count = rows.move(PostState.RECEIVED, frm=PostState.UNREADABLE, error="")
    hints.kick_webhooks()
    return count


def replay_chosen(events: Iterable[WebhookEvent], *, actor: AbstractBaseUser, now: datetime) -> int:
    """The same for what a person chose, written down with who that was; returns how many."""
    with transaction.atomic():
        chosen = WebhookEvent.objects.filter(pk__in=[event.pk for event in events])
        moving = list(chosen.about_to_move(EventState.WAITING).values_list("pk", flat=True))
        done = _wait_again(chosen.filter(pk__in=moving), now)
        audit.record_all(actor=actor, action="webhook.replayed", model=WebhookEvent, pks=moving)
        hints.kick_webhooks()
    return done


def replay_post(post: WebhookPost, *, actor: AbstractBaseUser) -> bool:
    """False: it is not unreadable any more."""
    with transaction.atomic():
        done = replay_posts(WebhookPost.objects.filter(pk=post.pk))
        if done:
            audit.record(actor=actor, action="webhook.replayed", subject=post)
    return bool(done)


def _wait_again(rows: WebhookEventQuerySet, now: datetime) -> int:
    return rows.move(EventState.WAITING, tries=0, next_try_at=now, done_at=None, error="")
