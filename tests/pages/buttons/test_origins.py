"""Where a tag may run: written by people, kept as a browser's Origin header has it."""

import pytest

from pages.buttons.origins import MAX_ORIGINS, OriginError, parse, parse_all


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        ("  HTTPS://Www.Shop.Example/p/1?x=2#y ", "https://www.shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://été.example", "https://xn--t-9fab.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://10.0.0.7", "https://10.0.0.7"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    assert parse(given) == kept
    assert parse(kept) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("shop.example", "address"),
        ("https://", "address"),
        ("https://shop", "address"),
        ("https://shop..example", "address"),
        ("https://-shop.example", "address"),
        ("https://shop.example:99999", "address"),
        ("https://me@shop.example", "address"),
        ("https://shop.example is mine", "address"),
        ("ftp://shop.example", "address"),
        ("null", "address"),
        ("https://[", "address"),
        ("http://shop.example", "http"),
        ("http://localhost.example", "http"),
        ("https://*.shop.example", "wildcard"),
        ("*", "wildcard"),
    ],
)
def test_anything_else_is_refused_with_what_was_written(given: str, code: str) -> None:
    with pytest.raises(OriginError) as refused:
        parse(given)
    assert refused.value.code == code
    assert given in str(refused.value)


def test_one_on_each_line_and_each_once() -> None:
    assert parse_all("https://b.example\n\n https://a.example \r\nhttps://B.example/") == [
        "https://b.example",
        "https://a.example",
    ]


def test_there_is_an_end_to_them() -> None:
    with pytest.raises(OriginError) as refused:
        parse_all("\n".join(f"https://shop{n}.example" for n in range(MAX_ORIGINS + 1)))
    assert refused.value.code == "many"
