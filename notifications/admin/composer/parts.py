"""A form over one JSON object of a body.

A form shows some keys of its object. The others travel along in the hidden field `kept`, so that opening and saving
a message loses nothing that its form doesn't know, and a form that is sent again needs no look into the database.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from notifications.admin.composer.fields import BodyField

Object = dict[str, Any]
# Where a path of the body is shown: the form, and its field, if it is one field and not the object as a whole.
Place = tuple["PartForm", str | None]


class PartForm(forms.Form):
    """`paths` says for each field where in the object its value stands, with dots between the keys."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    paths: ClassVar[Mapping[str, str]] = {}
    # Where a row stands among all that the person sees, from 1; how the error summary calls it; whether it goes.
    position: int = 0
    heading: str = ""
    removed: bool = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, part: object = None, **options: Any) -> None:
        prefix = options.get("prefix")
        posted = data.get(f"{prefix}-kept" if prefix else "kept") if data is not None else None
        self.part = _object(posted) if posted else dict(part) if isinstance(part, Mapping) else {}
        initial = {name: self.body_field(name).show(dig(self.part, path)) for name, path in self.paths.items()}
        options["initial"] = {"kept": json.dumps(self.part, ensure_ascii=False), **initial}
        super().__init__(data, **options)

    @classmethod
    def body_field(cls, name: str) -> BodyField:
        field = cls.base_fields[name]
        if not isinstance(field, BodyField):
            raise TypeError(f"{cls.__name__} shows {name} itself, not by `paths`")
        return field

    def clean(self) -> None:
        for name, path in self.paths.items():
            try:
                self.cleaned_data[name] = self.body_field(name).read(self._text(name), dig(self.part, path))
            except ValidationError as error:
                self.add_error(name, error)

    def write(self) -> Object:
        """The object as the form now says. What can't be read goes in as its text, for the parser to refuse."""
        whole = deepcopy(self.part)
        for name, path in self.paths.items():
            if self.is_bound and name in self.changed_data:
                put(whole, path, self._text(name) if self.has_error(name) else self.cleaned_data.get(name))
        return whole

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        """The paths under `base` that this form shows."""
        yield base, (self, None)
        for name, path in self.paths.items():
            yield join(base, path), (self, name)

    def within(self) -> "Iterator[PartForm]":
        """This form and those inside it."""
        yield self

    @property
    def anchor(self) -> str:
        """The id of the element around this part."""
        return f"part-{self.prefix}" if self.prefix else ""

    @property
    def is_blank(self) -> bool:
        return not self.part and not any(self._text(name).strip() for name in self.paths)

    def _text(self, name: str) -> str:
        return str(self[name].value() or "")


def dig(whole: Mapping[str, Any], path: str) -> object:
    """What stands at `path`, or None."""
    here: object = whole
    for key in path.split("."):
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def put(whole: Object, path: str, value: object) -> None:
    """Puts `value` at `path`; None takes away what stands there, with the objects that it leaves empty."""
    key, _, rest = path.partition(".")
    if rest:
        inner = whole.get(key)
        inner = inner if isinstance(inner, dict) else {}
        put(inner, rest, value)
        value = inner or None
    if value is None:
        whole.pop(key, None)
    else:
        whole[key] = value


def join(base: str, path: str) -> str:
    return f"{base}.{path}" if base and path else base or path


def _object(text: object) -> Object:
    try:
        value = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
