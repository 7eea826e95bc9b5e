"""What names an event for good, so that telling it twice leaves one row: a SHA-256 of what it says. Pure.

A message has Facebook's own id. Receipts and arrivals have none: there the person, the time and the words tell one
from the other. The time is Facebook's as it came: what stands in for a missing one differs from receipt to receipt.
"""

import hashlib
import json
from collections.abc import Sequence

from pages import events
from pages.webhooks.parsing import kind_of
from pages.webhooks.unpacking import RawEvent


def key_of(event: events.Event, raw: RawEvent) -> str:
    words = json.dumps([kind_of(event), event.page_id, *_words(event, raw)], sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def _words(event: events.Event, raw: RawEvent) -> Sequence[object]:
    match event:
        case events.MessageReceived() | events.PostbackReceived() | events.Echoed() if event.mid:
            return [event.mid]
        case events.Delivered():
            # As it came: one that lies in the future is taken for the time of each receipt.
            return [event.psid, raw.body["delivery"].get("watermark"), sorted(event.mids)]
        case events.WasRead():
            return [event.psid, raw.body["read"].get("watermark")]
    # An event is told again word for word.
    return [raw.body.get("timestamp", raw.time), raw.body]
