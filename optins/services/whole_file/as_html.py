"""A whole file as a page that a person reads, keeps and prints: it needs nothing from outside, and loads nothing."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TextIO

from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_stubs_ext import StrPromise

from optins.services.whole_file.chapter import Chapter, Field, Row
from optins.services.whole_file.labels import label_of
from optins.services.whole_file.person import Person

# Where the template is cut: the rows are written one by one between its two halves.
ROWS = "<!-- rows -->"
# Deeper than that it is no text for people any more, and is shown as JSON.
DEEPEST = 5


class HtmlFile:
    """In the language and on the clock of whoever is active. Chapters and rows are written as they come."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.counts: dict[str, int] = {}
        self.current: Chapter | None = None

    def chapter(self, chapter: Chapter) -> None:
        self._close()
        self.current, self.counts[chapter.name] = chapter, 0
        head = '<section id="{}">\n<h2>{}</h2>\n<p class="about">{}</p>\n'
        self.out.write(format_html(head, chapter.name, chapter.title, chapter.about))

    def row(self, row: Row) -> None:
        if self.current:
            self.counts[self.current.name] += 1
            self.out.write(_article(row, self.current.fields))

    def end(self) -> None:
        self._close()

    def _close(self) -> None:
        if self.current is None:
            return
        if not self.counts[self.current.name]:
            self.out.write(format_html('<p class="nothing">{}</p>\n', _("Nothing is kept here.")))
        if self.current.without:
            words = (_("Not in this chapter:"), self.current.without)
            self.out.write(format_html('<p class="without"><strong>{}</strong> {}</p>\n', *words))
        self.out.write("</section>\n")
        self.current = None


def frame(person: Person, chapters: list[Chapter], counts: Mapping[str, int], now: datetime) -> tuple[str, str]:
    """What stands before the rows, and what behind them."""
    contents = [(chapter, counts.get(chapter.name, 0)) for chapter in chapters]
    zone = timezone.get_current_timezone_name()
    context = {"person": person, "contents": contents, "made_at": moment(now), "zone": zone, "rows": mark_safe(ROWS)}  # noqa: S308  (a constant)
    before, _rows, after = render_to_string("optins/whole_file.html", context).partition(ROWS)
    return before, after


def moment(at: datetime) -> SafeString:
    local = timezone.localtime(at)
    said = formats.date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), said)


def _article(row: Row, fields: Mapping[str, Field]) -> SafeString:
    shown = [(field, row[name]) for name, field in fields.items() if _says_something(row.get(name))]
    leads = format_html_join(mark_safe(" <i>·</i> "), "{}", ((_said(f, v),) for f, v in shown if f.leads))
    quotes = format_html_join("", "<blockquote>{}</blockquote>\n", ((_said(f, v),) for f, v in shown if f.quoted))
    rest = _pairs((f.label, _said(f, v)) for f, v in shown if not (f.leads or f.quoted))
    return format_html("<article>\n<h3>{}</h3>\n{}{}</article>\n", leads, quotes, rest)


def _pairs(pairs: Iterator[tuple[str | StrPromise, object]]) -> SafeString:
    told = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>\n", pairs)
    return format_html("<dl>\n{}</dl>\n", told) if told else told


def _said(field: Field, value: Any) -> object:
    if field.rows:
        rows = value if isinstance(value, list) else [value]
        return format_html_join("", "{}", ((_article(row, field.rows),) for row in rows))
    return _value(field.say(value) if field.say else value)


def _value(value: Any, depth: int = 0) -> object:
    """Anything that JSON can hold, for people: names and values, lists, texts."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list) and depth == DEEPEST:
        return format_html("<code>{}</code>", json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict):
        named = ((label_of(name), _value(each, depth + 1)) for name, each in value.items() if _says_something(each))
        return _pairs(named)
    if isinstance(value, list):
        items = ((_value(each, depth + 1),) for each in value if _says_something(each))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
    return value


def _says_something(value: Any) -> bool:
    """0 and False are something."""
    return value is not None and value not in ("", [], {})
