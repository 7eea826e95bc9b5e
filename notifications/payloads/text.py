"""The kind text, and the text that may go before an attachment."""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from notifications.payloads import limits
from notifications.payloads.parts import Words
from notifications.payloads.problems import Problem, problem

KIND: Final = "text"

Text = Annotated[Words, Field(max_length=limits.TEXT.most)]


def warnings_of(text: str, path: str) -> Iterator[Problem]:
    if len(text) > limits.SHORT_TEXT.most:
        yield problem(path, "long_text", limit=limits.SHORT_TEXT.most, length=len(text))
