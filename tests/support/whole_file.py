"""A whole file as it is made, unpacked."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from optins.services.whole_file import making
from optins.services.whole_file.person import Person
from tests.support.known import NOW


def made(person: Person, subject: Any = None) -> tuple[str, dict[str, Any]]:
    """The page for people, and the JSON."""
    out = io.BytesIO()
    making.make(person=person, subject=subject or person.page, actor=None, now=NOW, out=out)
    with zipfile.ZipFile(out) as archive:
        page, data = archive.namelist()
        return archive.read(page).decode(), json.loads(archive.read(data))


def values(data: dict[str, Any], place: str) -> Iterator[Any]:
    chapter, *names = place.split(".")
    yield from _within(data["chapters"][chapter], names)


def _within(found: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(found, list) and names:
        for each in found:
            yield from _within(each, names)
    elif names:
        yield from _within((found or {}).get(names[0]), names[1:])
    else:
        yield found
