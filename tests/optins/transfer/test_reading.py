"""Any rows in any dialect come back, and whoever stops behind a row goes on with the next one."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.transfer.columns import Unreadable
from optins.transfer.decoding import Decoder, Undecodable
from optins.transfer.reading import MAX_CELL, MAX_ROW, Record, header_of, rows_after

HEADER = ["customer_id", "agreed_at", "proof"]
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12)


def read(data: bytes, *, offset: int = 0, line: int = 0) -> list[Record]:
    stream = io.BytesIO(data)
    return list(rows_after(stream, header_of(stream), offset=offset, line=line))


def written(rows: Sequence[Sequence[str]], **dialect: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows([HEADER, *rows])
    return text.getvalue()


def stored(data: bytes, *, by: int = 7) -> bytes:
    """As an upload that arrives in small pieces is stored."""
    decoder = Decoder()
    pieces = [decoder.feed(data[start : start + by]) for start in range(0, len(data), by)]
    return "".join([*pieces, decoder.end()]).encode()


@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_any_dialect_wrote_comes_back(
    rows: list[list[str]], delimiter: str, ends: str, quoting: int, encoding: str
) -> None:
    if ends == "\n":
        # Python's writer leaves a lone return without quotes here, and could not read it itself.
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    text = written(rows, delimiter=delimiter, lineterminator=ends, quoting=quoting)

    records = read(stored(text.encode(encoding)))

    assert [record.problem for record in records] == [""] * len(records)
    assert [record.cells for record in records] == [row for row in rows if any(cell.strip() for cell in row)]


@given(rows=ROWS)
def test_behind_every_row_a_restart_gives_the_rest(rows: list[list[str]]) -> None:
    data = written(rows).encode()
    records = read(data)

    for number, record in enumerate(records, start=1):
        assert read(data, offset=record.end, line=record.last) == records[number:]


@given(data=st.binary(max_size=300))
def test_whatever_the_bytes_are_each_row_is_read_or_refused_or_the_file_is(data: bytes) -> None:
    data = b"customer_id,agreed_at\n" + data.replace(b"\0", b"")
    try:
        records = read(stored(data))
    except (Unreadable, Undecodable):
        return
    assert all(record.problem or len(record.cells) == 2 for record in records)
    assert [record.end for record in records] == sorted({record.end for record in records})


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    data = b'customer_id,agreed_at\n\na,"1\n2"\nb,3\n,\nc,4\n'

    assert [(each.line, each.last, each.cells[0]) for each in read(data)] == [(3, 4, "a"), (5, 5, "b"), (7, 7, "c")]


@pytest.mark.parametrize(
    ("row", "problem", "detail"),
    [
        ("a", "cells", "1 / 2"),
        ("a,b,c", "cells", "3 / 2"),
        ('"a"b,c', "broken", ""),
        ("a\rb,c", "broken", ""),
        (f"a,{'b' * (MAX_CELL + 1)}", "cell_too_long", ""),
    ],
)
def test_a_row_that_is_not_in_order_is_refused_and_the_next_one_read(row: str, problem: str, detail: str) -> None:
    records = read(f"customer_id,agreed_at\n{row}\nz,1\n".encode())

    assert [(each.line, each.problem, each.detail) for each in records] == [(2, problem, detail), (3, "", "")]


@pytest.mark.parametrize(
    ("rows", "code", "params"),
    [
        ('a,1\nb,"2\nc,3\n', "quote_open", {"line": 3}),
        (f'a,1\nb,"{"2" * 2_000}\n' + "c,3\n" * MAX_ROW, "row_too_long", {"line": 3, "limit": 128}),
        ("a,1\n" + "b" * (MAX_ROW + 1), "row_too_long", {"line": 3, "limit": 128}),
    ],
)
def test_where_nobody_knows_where_the_next_row_begins_the_file_is_not_read(
    rows: str, code: str, params: dict[str, object]
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(f"customer_id,agreed_at\n{rows}".encode())

    assert (caught.value.code, caught.value.params) == (code, params)


def test_blank_lines_may_come_before_the_header() -> None:
    assert [each.cells for each in read(b"\n\ncustomer_id;agreed_at\na;1\n")] == [["a", "1"]]


def test_a_file_without_a_row_has_none() -> None:
    assert read(b"customer_id,agreed_at\n") == []
