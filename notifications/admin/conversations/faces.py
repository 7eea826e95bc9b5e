"""What a message looks like: bodies for the one bubble, and links for what no bubble shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from notifications.bubble.reading import mapping, web_address, words

ICONS = {"video": "movie", "audio": "graphic_eq", "location": "location_on", "template": "web_asset"}
NAMES = {
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Voice message"),
    "location": gettext_lazy("Place"),
    "template": gettext_lazy("A message with buttons"),
    "fallback": pgettext_lazy("attachment", "Link"),
}
PICTURES = ("image", "sticker")
TEMPLATES = ("generic", "receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A `body` for the bubble, or an `href` with a label and an icon; without either the label alone is shown."""

    body: Mapping[str, Any] | None = None
    href: str = ""
    label: str = ""
    icon: str = ""
    is_picture: bool = False


def faces(text: str, attachments: Iterable[Mapping[str, Any]]) -> list[Face]:
    said = [Face(body={"text": text})] if text.strip() else []
    return [*said, *(_attached(mapping(each)) for each in attachments)]


def of_body(body: Mapping[str, Any]) -> list[Face]:
    """A message of ours."""
    return [Face(body=body)]


def _attached(attachment: Mapping[str, Any]) -> Face:
    kind, payload = words(attachment.get("type")), mapping(attachment.get("payload"))
    url = web_address(payload.get("url")) or web_address(attachment.get("url"))
    if kind in PICTURES and url:
        picture = {"attachment": {"type": "image", "payload": {"url": url}}}
        return Face(body=picture, href=url, label=_("Open the picture"), is_picture=True)
    if kind == "template" and payload.get("template_type") in TEMPLATES:
        return Face(body={"attachment": attachment})
    if kind == "template" and payload.get("text"):
        return Face(body={"text": words(payload.get("text"))})
    return Face(href=url, label=_label(kind, attachment, url), icon=ICONS.get(kind, "attach_file"))


def _label(kind: str, attachment: Mapping[str, Any], url: str) -> str:
    payload = mapping(attachment.get("payload"))
    title = words(attachment.get("title")) or words(payload.get("title"))
    if kind == "location":
        place = mapping(payload.get("coordinates"))
        where = ", ".join(filter(None, (words(place.get("lat")), words(place.get("long")))))
        return " · ".join(filter(None, (title or str(NAMES[kind]), where)))
    if title or kind in NAMES:
        return title or str(NAMES[kind])
    return unquote(urlsplit(url).path.rpartition("/")[2])[:80] or _("File")
