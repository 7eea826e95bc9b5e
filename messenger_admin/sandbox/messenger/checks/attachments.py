"""What hangs on a message: a file by its address or id, several pictures, or a template. Pure.

Messenger Platform, "Send API", "Saving assets" (May 2026).
"""

from collections.abc import Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import shapes
from messenger_admin.sandbox.messenger.checks.templates import TEMPLATES
from messenger_admin.sandbox.messenger.refusals import refused

KINDS = frozenset({"image", "video", "audio", "file", "template"})
MAX_PICTURES = 30
MAX_URL = 2_083


def check(attachment: Mapping[str, Any]) -> None:
    kind = shapes.one_of(attachment.get("type"), KINDS, "attachment.type")
    payload = shapes.mapping(attachment.get("payload"), "attachment.payload")
    if kind == "template":
        _template(payload)
    else:
        _file(payload)


def check_several(value: object) -> None:
    for attachment in shapes.items(value, "message.attachments", least=1, most=MAX_PICTURES):
        if attachment.get("type") != "image":
            raise refused(100, 0, "Several attachments can only be images")
        _file(shapes.mapping(attachment.get("payload"), "attachments.payload"))


def _file(payload: Mapping[str, Any]) -> None:
    if payload.get("attachment_id") is not None:
        # Nothing was ever uploaded here.
        raise refused(100, 2018074)
    url = shapes.text(payload, "url", most=MAX_URL, where="attachment.payload.")
    shapes.web_address(url, "attachment.payload.url")


def _template(payload: Mapping[str, Any]) -> None:
    check_template = TEMPLATES.get(str(payload.get("template_type")))
    if check_template is None:
        raise refused(100, 0, "Invalid template type")
    check_template(payload)
