"""A message that is not filled yet, as a person looks at it: its placeholders show what a customer would see, and
stand out.

The marks go round the words before the message is rendered, as characters of private use, and become elements in the
finished HTML: so every template of a message shows them, and none of them knows of it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from notifications.bubble.reading import loaded
from notifications.payloads.placeholders import Placeholder, found
from optins.attributes import words_of

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED: Final = re.compile(f"{_OPEN}(\\d+){_MIDDLE}([^{_OPEN}{_MIDDLE}{_CLOSE}]*){_CLOSE}")
# What is left of a mark that a tag cut in two, or that stands inside one.
_REST: Final = re.compile(f"{_OPEN}\\d+{_MIDDLE}|{_CLOSE}")
_PRIVATE: Final = re.compile(f"[{_OPEN}{_MIDDLE}{_CLOSE}]")
_TAG: Final = re.compile(r"(<[^>]*>)")
# Nothing stands out in an address: nobody reads it.
_ADDRESSES: Final = frozenset({"url", "image_url", "order_url"})


class Composed:
    """`values` are a customer's; without any, each placeholder shows its default, or its name."""

    def __init__(self, body: object, values: Mapping[str, object] | None = None) -> None:
        self._values = values or {}
        self._written: list[str] = []
        self.body = self._marked(loaded(body))

    def stand_out(self, html: str) -> SafeString:
        """`html`, made from `body`, with its placeholders as `<mark>`."""
        pieces = (_REST.sub("", each) if each.startswith("<") else self._elements(each) for each in _TAG.split(html))
        # The pieces are those of finished HTML; what came in between was escaped.
        return mark_safe("".join(pieces))  # noqa: S308

    def _elements(self, text: str) -> str:
        return _REST.sub("", _MARKED.sub(self._element, text))

    def _element(self, match: re.Match[str]) -> str:
        """The words were escaped when the message was rendered."""
        words = mark_safe(match[2])  # noqa: S308
        return format_html('<mark title="{}">{}</mark>', self._written[int(match[1])], words)

    def _marked(self, value: object, key: str = "") -> Any:
        match value:
            case Mapping():
                return {name: self._marked(item, str(name)) for name, item in value.items()}
            case list() | tuple():
                return [self._marked(item, key) for item in value]
            case str():
                return self._text(_PRIVATE.sub("", value), stands_out=key not in _ADDRESSES)
        return value

    def _text(self, text: str, *, stands_out: bool) -> str:
        parts, end = [], 0
        for match, placeholder in found(text):
            words = self._words(placeholder)
            parts += [text[end : match.start()], self._mark(placeholder, words) if stands_out else words]
            end = match.end()
        return "".join([*parts, text[end:]])

    def _words(self, placeholder: Placeholder) -> str:
        value = words_of(self._values.get(placeholder.name))
        if value is not None:
            return _PRIVATE.sub("", value)
        return placeholder.name if placeholder.default is None else placeholder.default

    def _mark(self, placeholder: Placeholder, words: str) -> str:
        self._written.append(placeholder.written)
        return f"{_OPEN}{len(self._written) - 1}{_MIDDLE}{words}{_CLOSE}"
