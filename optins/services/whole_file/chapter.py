"""What a whole file is made of: chapters of rows, each with how people read it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django_stubs_ext import StrPromise

from optins.services.whole_file.person import Person

# A row: JSON, and besides it times, which each kind of file writes in its own way.
Row = Mapping[str, Any]
Say = Callable[[Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How people read one value of a row. `say` puts a code into words; `rows` are the fields of rows within the row.

    `leads`: it stands above the others and tells the row from its neighbours. `quoted`: it is what somebody wrote.
    """

    label: StrPromise
    say: Say | None = None
    rows: Mapping[str, "Field"] = field(default_factory=dict)
    leads: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """`name` stands in the JSON and never changes. `right` is the permission by which the same is seen on screens.

    `without` says what of it is not in the file, and why. `order` is 0 but for what looks back on the others.
    """

    name: str
    title: StrPromise
    about: StrPromise
    right: str
    fields: Mapping[str, Field]
    rows: Callable[[Person], Iterable[Row]]
    without: StrPromise | None = None
    order: int = 0

    def of(self, person: Person) -> Iterator[Row]:
        """One by one: somebody may have been written to for years. Nothing for a row that names nobody."""
        if person.is_anybody:
            yield from self.rows(person)


def in_words(choices: type[models.TextChoices]) -> Say:
    """A code of `choices` as screens show it; one of another version stands for itself."""
    return lambda code: choices(code).label if code in choices.values else code
