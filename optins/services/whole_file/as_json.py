"""A whole file as JSON (docs/whole-file.md): what a machine reads, and another service can take over."""

import json
from datetime import UTC, datetime
from typing import Any, TextIO

from django.core.serializers.json import DjangoJSONEncoder

from optins.services.whole_file.chapter import Chapter, Row
from optins.services.whole_file.person import Person

FORMAT, VERSION = "messenger-admin/whole-file", 1


class Encoder(DjangoJSONEncoder):
    """Times in UTC, in ISO 8601, to the microsecond: what was written down, and nothing rounded."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return super().default(o)


class JsonFile:
    """Written row by row: however much there is, one row is in memory."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.is_first_chapter = self.is_first_row = True

    def begin(self, person: Person, now: datetime) -> None:
        head = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": now,
            "kept": person.is_anybody,
            "page": {"page_id": person.page.page_id, "name": person.page.name},
            "person": {"psid": person.psid or None, "customer_ids": list(person.customer_ids)},
        }
        self.out.write(_dump(head)[:-1] + ', "chapters": {')

    def chapter(self, chapter: Chapter) -> None:
        self.out.write(("" if self.is_first_chapter else "]") + ("" if self.is_first_chapter else ","))
        self.out.write(f"\n{_dump(chapter.name)}: [")
        self.is_first_chapter, self.is_first_row = False, True

    def row(self, row: Row) -> None:
        self.out.write(("" if self.is_first_row else ",") + "\n" + _dump(row))
        self.is_first_row = False

    def end(self, chapters: list[Chapter]) -> None:
        left_out = {chapter.name: str(chapter.without) for chapter in chapters if chapter.without}
        self.out.write(("" if self.is_first_chapter else "]") + f'\n}}, "left_out": {_dump(left_out)}}}\n')


def _dump(value: Any) -> str:
    return json.dumps(value, cls=Encoder, ensure_ascii=False)
