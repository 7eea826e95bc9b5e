"""The kind image: one picture that Facebook fetches by its address."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from notifications.payloads import limits
from notifications.payloads.parts import Part
from notifications.payloads.problems import Problem, problem, under
from notifications.payloads.urls import WebUrl, http_warning

KIND: Final = "image"


class ImagePayload(Part):
    """`is_reusable` lets Facebook keep the picture for messages to come."""

    url: WebUrl
    is_reusable: bool | None = None


class ImageAttachment(Part):
    """A picture by its address."""

    type: Literal["image"]
    payload: ImagePayload


def warnings_of(payload: ImagePayload, path: str) -> Iterator[Problem]:
    yield from http_warning(payload.url, under(path, "url"))


def ratio_warning(width: int, height: int, path: str) -> Problem | None:
    """For whoever knows the picture's size, in pixels: a warning unless it is 1.91:1, as Messenger expects."""
    if height > 0 and abs(Decimal(width) / height - limits.IMAGE_RATIO) <= limits.IMAGE_RATIO_TOLERANCE:
        return None
    return problem(path, "image_ratio", width=width, height=height)
