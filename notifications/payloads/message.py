"""A whole message: a text, an attachment, or both. One that exists is valid."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from notifications.payloads import carousel, image, receipt, text
from notifications.payloads.parts import Part
from notifications.payloads.problems import Problem, Refusal
from notifications.payloads.text import Text

# Made once: `json.dumps` would make one for each message.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class TemplateAttachment(Part):
    """A carousel or a receipt."""

    type: Literal["template"]
    payload: Annotated[carousel.CarouselPayload | receipt.ReceiptPayload, Field(discriminator="template_type")]


Attachment = Annotated[image.ImageAttachment | TemplateAttachment, Field(discriminator="type")]


class Message(Part):
    """The body of a message to one person: a text, an attachment, or both, the text going first."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["text"]}, {"required": ["attachment"]}]})

    text: Text | None = None
    attachment: Attachment | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.attachment is None:
            raise Refusal("empty")
        return self

    @property
    def kind(self) -> str:
        """The kind of the attachment; a message without one is a text."""
        match self.attachment:
            case None:
                return text.KIND
            case image.ImageAttachment():
                return image.KIND
            case TemplateAttachment(payload=carousel.CarouselPayload()):
                return carousel.KIND
        return receipt.KIND

    def as_dict(self) -> dict[str, Any]:
        """The message as decoded JSON: exactly the keys that were given, in their order."""
        return self.model_dump(mode="json", exclude_none=True)

    def as_json(self) -> str:
        return _encode(self.as_dict())


def warnings_of(message: Message) -> tuple[Problem, ...]:
    """What Facebook accepts and people may regret."""
    return tuple(_warnings(message))


def _warnings(message: Message) -> Iterator[Problem]:
    if message.text is not None:
        yield from text.warnings_of(message.text, "text")
    if message.attachment is None:
        return
    path = "attachment.payload"
    match message.attachment.payload:
        case image.ImagePayload() as payload:
            yield from image.warnings_of(payload, path)
        case carousel.CarouselPayload() as payload:
            yield from carousel.warnings_of(payload, path)
        case receipt.ReceiptPayload() as payload:
            yield from receipt.warnings_of(payload, path)
