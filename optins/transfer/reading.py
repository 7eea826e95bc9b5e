"""Rows of a CSV file one at a time, each with the byte behind it: whoever stops there goes on there. Pure.

The file is UTF-8, as optins/transfer/decoding.py wrote it. Of a row that is not in order nobody knows where the next
one begins if a quote is open: then the file as a whole is not read.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from optins.transfer.columns import Columns, Unreadable, delimiter_of, recognise

MAX_CELL = 65_536
# In bytes. Below what the csv module takes for a cell, so that it is here that a row is too long.
MAX_ROW = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row between the lines `line` and `last`; `end` is the byte behind it. `problem`: a key of words.REFUSALS."""

    line: int
    last: int
    end: int
    cells: list[str]
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first row says, and where the rows begin."""

    columns: Columns
    delimiter: str
    end: int
    line: int


class _Lines:
    """Lines for the csv module, counted as they are taken. It takes no more of them than the row needs."""

    def __init__(self, stream: BinaryIO, *, offset: int, line: int) -> None:
        self._stream = stream
        self.offset, self.line = offset, line
        self.first, self.size, self.ended = line + 1, 0, False

    def begin_row(self) -> None:
        self.first, self.size = self.line + 1, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(MAX_ROW + 1)
        if not raw:
            self.ended = True
            raise StopIteration
        self.offset += len(raw)
        self.size += len(raw)
        self.line += 1
        if self.size > MAX_ROW:
            raise Unreadable("row_too_long", line=self.first, limit=MAX_ROW // 1_024)
        return raw.decode(errors="replace")


def header_of(stream: BinaryIO) -> Header:
    """Raises Unreadable."""
    stream.seek(0)
    lines = iter(lambda: stream.readline(MAX_ROW), b"")
    first = next((line for line in lines if line.strip()), b"")
    delimiter = delimiter_of(first.decode(errors="replace"))
    record = next(_records(stream, delimiter, offset=0, line=0), None)
    if record is None:
        raise Unreadable("empty")
    if record.problem:
        raise Unreadable("no_header", missing="customer_id")
    return Header(columns=recognise(record.cells), delimiter=delimiter, end=record.end, line=record.last)


def rows_after(stream: BinaryIO, header: Header, *, offset: int, line: int) -> Iterator[Record]:
    """From `offset`, which is 0 or the end of a row, whose last line was `line`. Raises Unreadable."""
    if offset < header.end:
        offset, line = header.end, header.line
    width = header.columns.width
    for record in _records(stream, header.delimiter, offset=offset, line=line):
        yield record if record.problem else _measured(record, width)


def _measured(record: Record, width: int) -> Record:
    cells = record.cells
    if len(cells) != width:
        return _refused(record, "cells", f"{len(cells)} / {width}")
    return record


def _refused(record: Record, problem: str, detail: str) -> Record:
    return Record(
        line=record.line, last=record.last, end=record.end, cells=record.cells, problem=problem, detail=detail
    )


def _records(stream: BinaryIO, delimiter: str, *, offset: int, line: int) -> Iterator[Record]:
    """Rows with nothing in them are passed over."""
    stream.seek(offset)
    lines = _Lines(stream, offset=offset, line=line)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_row()
        problem = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if lines.ended:
                raise Unreadable("quote_open", line=lines.first) from None
            cells, problem = [], "broken"
        if problem or any(map(str.strip, cells)):
            if lines.size > MAX_CELL and any(len(cell) > MAX_CELL for cell in cells):
                problem = "cell_too_long"
            yield Record(line=lines.first, last=lines.line, end=lines.offset, cells=cells, problem=problem)
