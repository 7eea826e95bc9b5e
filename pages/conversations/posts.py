"""Posts that wait in the inbox, or that nobody could read: what they tell of a person, and how they lose it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from pages.models import Page, WebhookPost
from pages.models.webhook import PostState

# Those that still have their bytes.
WHOLE = (PostState.RECEIVED, PostState.UNREADABLE)
LISTS = ("messaging", "standby", "changes")


def forget(*, page: Page, psid: str) -> int:
    """Returns in how many posts the person stood. Call it in a transaction.

    A post that is being taken apart at this instant is waited for: afterwards its events have rows of their own.
    """
    return sum(_clean(pk, page.page_id, psid) for pk in [pk for pk, _at, _body in _naming(psid)])


def parts_of(*, page: Page, psid: str) -> Iterator[tuple[datetime, Any]]:
    """When each event about the person was received, and the event; nothing of what stands beside it."""
    for _pk, received_at, body in _naming(psid):
        try:
            whole = json.loads(body)
        except (ValueError, RecursionError):
            continue
        entries = whole.get("entry") if isinstance(whole, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and str(entry.get("id")) == page.page_id:
                told = [one for name in LISTS if name in entry for one in _list(entry[name])]
                yield from ((received_at, one) for one in told if _is_of(one, psid))


def _is_of(event: Any, psid: str) -> bool:
    """Whether the person wrote it or it was written to them; naming somebody in a text makes it nobody else's."""
    sides = (event.get(side) for side in ("sender", "recipient")) if isinstance(event, dict) else ()
    return any(isinstance(side, dict) and str(side.get("id")) == psid for side in sides)


def _naming(psid: str) -> Iterator[tuple[int, datetime, bytes]]:
    word = psid.encode()
    posts = WebhookPost.objects.filter(state__in=WHOLE).order_by("pk").values_list("pk", "received_at", "body")
    for pk, received_at, body in posts.iterator(chunk_size=100):
        if word in bytes(body):
            yield pk, received_at, bytes(body)


@transaction.atomic
def _clean(pk: int, page_id: str, psid: str) -> bool:
    post = WebhookPost.objects.filter(pk=pk, state__in=WHOLE).select_for_update().first()
    if post is None:
        return False
    try:
        whole = json.loads(bytes(post.body))
    except (ValueError, RecursionError):
        # Nobody can tell which part of it is whose.
        post.delete()
        return True
    rest = _without(whole, page_id, psid)
    if rest is None:
        post.delete()
    else:
        WebhookPost.objects.filter(pk=pk).update(body=json.dumps(rest).encode())
    return True


def _without(whole: Any, page_id: str, psid: str) -> Any:
    """What is left; None where it is not of the shape that Facebook describes, or nothing is left."""
    entries = whole.get("entry") if isinstance(whole, dict) else None
    if not isinstance(entries, list):
        return None
    kept = [left for entry in entries if (left := _entry_without(entry, page_id, psid)) is not None]
    return {**whole, "entry": kept} if kept else None


def _entry_without(entry: Any, page_id: str, psid: str) -> Any:
    # On another page the same digits are somebody else.
    if not _names(entry, psid) or (isinstance(entry, dict) and str(entry.get("id")) != page_id):
        return entry
    if not isinstance(entry, dict):
        return None
    told = {name: [one for one in _list(entry[name]) if not _names(one, psid)] for name in LISTS if name in entry}
    left = {**entry, **told}
    return left if any(told.values()) and not _names(left, psid) else None


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _names(value: Any, psid: str) -> bool:
    return psid in json.dumps(value, ensure_ascii=False)
