"""A message in a few words, as a list of conversations shows it, pure."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

MAX_LENGTH = 200
# Where a message has no words: what it is. Anything else that is attached is called a file.
ATTACHED = ("image", "video", "audio", "sticker", "template", "location", "file")
ARRIVAL = "arrival"


def excerpt(text: str, attachments: Iterable[Mapping[str, Any]]) -> str:
    """The first words there are: its text, or what is written on what is attached."""
    found = next(filter(None, chain([text], (_written_on(each) for each in attachments))), "")
    return " ".join(found.split())[:MAX_LENGTH]


def kind(attachments: Iterable[Mapping[str, Any]]) -> str:
    """What is attached, in one of the words above; empty where nothing is."""
    for each in attachments:
        told = str(each.get("type", ""))
        return told if told in ATTACHED else "file"
    return ""


def _written_on(attachment: Mapping[str, Any]) -> str:
    payload = attachment.get("payload")
    if not isinstance(payload, Mapping):
        return str(attachment.get("title") or "")
    elements = payload.get("elements")
    first = elements[0] if isinstance(elements, list) and elements and isinstance(elements[0], Mapping) else {}
    return str(payload.get("text") or first.get("title") or payload.get("title") or attachment.get("title") or "")
