"""The kind text, and the text that may go before an attachment."""

from collections.abc import Iterator
from typing import Annotated, Final

from notifications.payloads import limits
from notifications.payloads.parts import Words, at_most, sized
from notifications.payloads.placeholders import shown
from notifications.payloads.problems import Problem, problem

KIND: Final = "text"

Text = Annotated[Words, at_most(limits.TEXT), sized(limits.TEXT)]


def warnings_of(text: str, path: str) -> Iterator[Problem]:
    length = len(shown(text))
    if length > limits.SHORT_TEXT.most:
        yield problem(path, "long_text", limit=limits.SHORT_TEXT.most, length=length)
