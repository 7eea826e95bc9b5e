"""Which headers are the answer's."""

import pytest

from notifications.gateway.heads import final_head

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("lines", "headers"),
    [
        ([], None),
        ([OK], None),
        ([OK, b"A: 1\r\n"], None),
        ([OK, b"\r\n"], {}),
        ([OK, b"A: 1\n", b"\n"], {"a": "1"}),
        ([OK, b"A:  1 : 2 \r\n", b"\r\n"], {"a": "1 : 2"}),
        ([OK, b"A: 1\r\n", b"a: 2\r\n", b"\r\n"], {"a": "1, 2"}),
        ([OK, b"A: caf\xe9\r\n", b"\r\n"], {"a": "café"}),
        ([b"HTTP/1.1 100 Continue\r\n", b"B: 1\r\n", b"\r\n", OK, b"A: 1\r\n", b"\r\n"], {"a": "1"}),
        ([b"HTTP/1.1 100 Continue\r\n", b"\r\n", OK, b"A: 1\r\n"], None),
        ([OK, b"A: 1\r\n", b"\r\n", b"Trailer: 1\r\n"], {"a": "1"}),
        ([OK, b"A: 1\r\n", b"\r\n", b"Trailer: 1\r\n", b"\r\n"], {"a": "1"}),
    ],
)
def test_the_head_is_that_of_the_last_answer_and_whole_or_none(
    lines: list[bytes], headers: dict[str, str] | None
) -> None:
    assert final_head(lines) == headers
