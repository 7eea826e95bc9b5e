"""Which of the waiting events go together into one POST. Pure but for chance."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from messenger_admin.sandbox.messenger.manners import Manner
from messenger_admin.sandbox.messenger.outbox import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Pages that are told in the same manner share their posts."""

    manner: Manner
    entries: tuple[Entry, ...]


def cut(waiting: Sequence[Entry], manner_of: Callable[[str], Manner], busy: set[Manner], *, most: int) -> list[Batch]:
    """At most `most` batches. In each manner one after the other, so that the order holds; shuffled, side by side.

    `busy` are the manners with a post under way.
    """
    lanes: dict[Manner, list[Entry]] = {}
    manners = {page_id: manner_of(page_id) for page_id in {entry.page_id for entry in waiting}}
    for entry in waiting:
        lanes.setdefault(manners[entry.page_id], []).append(entry)
    found: list[Batch] = []
    for manner, entries in lanes.items():
        if manner.shuffle:
            random.shuffle(entries)
            found += [_batch(manner, entries[at : at + manner.batch]) for at in range(0, len(entries), manner.batch)]
        elif manner not in busy:
            found.append(_batch(manner, entries[: manner.batch]))
    return found[:most]


def _batch(manner: Manner, entries: Sequence[Entry]) -> Batch:
    return Batch(manner=manner, entries=tuple(entries))
