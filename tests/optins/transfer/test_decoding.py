"""Which letters a file is written in, however small the pieces in which it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.transfer.decoding import HEAD, Decoder, Undecodable


def decoded(data: bytes, *, by: int) -> tuple[str, str]:
    decoder = Decoder()
    pieces = [decoder.feed(data[start : start + by]) for start in range(0, len(data), by)]
    return "".join([*pieces, decoder.end()]), decoder.encoding


@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(str.strip),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    by=st.integers(1, 9),
)
def test_a_mark_says_it(text: str, encoding: str, by: int) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    assert decoded(mark + text.encode(encoding), by=by)[0] == text


@pytest.mark.parametrize("by", [5, 100_000])
@pytest.mark.parametrize("before", [0, HEAD - 1, HEAD, 3 * HEAD])
def test_without_one_it_is_utf_8_and_else_what_excel_writes(by: int, before: int) -> None:
    text = "a" * before + "né à Orléans: 5 €"

    assert decoded(text.encode(), by=by) == (text, "utf-8")
    assert decoded(text.encode("cp1252"), by=by) == (text, "windows-1252")


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (b"", "empty", {}),
        (b" \r\n\n", "empty", {}),
        (b"PK\x03\x04rest", "spreadsheet", {}),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet", {}),
        (b"\x1f\x8brest", "compressed", {}),
        ("a\né\n".encode() + b"\xe9", "mixed", {"line": 3}),
        (b"\xef\xbb\xbfa\n\xe9", "mixed", {"line": 2}),
        (b"a\n\x81", "not_text", {"line": 2}),
        (b"a\nb\0", "not_text", {"line": 2}),
        (b"a" * HEAD + b"\nb\0", "not_text", {"line": 2}),
        ("a,b".encode("utf-16-le"), "not_text", {"line": 1}),
        (b"\xff\xfea\0\0\xd8b\0", "not_text", {"line": 1}),
        (b"\xff\xfea", "not_text", {"line": 1}),
    ],
)
def test_what_is_no_text_is_said_to_be_none(data: bytes, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded(data, by=3)

    assert (caught.value.code, caught.value.params) == (code, params)


def test_the_line_ends_of_an_old_macintosh_are_line_ends() -> None:
    assert decoded(b"a,b\r1,2\r", by=2)[0] == "a,b\n1,2\n"
    assert decoded(b"a,b\r\n1,2\r\n", by=1)[0] == "a,b\r\n1,2\r\n"
