"""An address is checked, and comes back exactly as it was given."""

import pytest

from notifications.payloads import parse
from tests.notifications.payloads.findings import found, image

URL = "attachment.payload.url"


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "http://shop.example/view_item?item_id=100",
        "HTTPS://Shop.Example:8443/a%20b;c=1?d=[e]&f=é#g",
        "https://écharpes.example/écharpe.png",
        "https://user:secret@shop.example/",
        "https://127.0.0.1:8000/1.png",
        "https://[2001:db8::1]/1.png",
        "https://shop_1.example./",
        "https://shop.example/" + "x" * (2048 - len("https://shop.example/")),
    ],
)
def test_an_address_comes_back_as_it_was_given(url: str) -> None:
    assert parse(image(url=url)).as_dict() == image(url=url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "blank"),
        ("shop.example/1.png", "url_scheme"),
        ("//shop.example/1.png", "url_scheme"),
        ("ftp://shop.example/1.png", "url_scheme"),
        ("javascript:alert(1)", "url_scheme"),
        ("data:image/png;base64,AAAA", "url_scheme"),
        ("https:", "url_host"),
        ("https://", "url_host"),
        ("https:///1.png", "url_host"),
        ("https://?a=1", "url_host"),
        ("https://:80/", "url_host"),
        ("https://shop..example/", "url_host"),
        ("https://-shop.example/", "url_host"),
        ("https://<shop>.example/", "url_host"),
        ("https://shop.example:http/", "url_host"),
        ("https://shop.example:99999/", "url_host"),
        ("https://[2001:db8::1/", "url_host"),
        ("https://shop\u2100.example/", "url_host"),
        (f"https://{'x' * 254}/", "url_host"),
        (" https://shop.example/", "url_blanks"),
        ("https://shop.example/a b", "url_blanks"),
        ("https://shop.exa\nmple/", "url_blanks"),
        ("https://shop.example/\t", "url_blanks"),
        ("https://shop.example/\x7f", "url_blanks"),
        ("https://shop.example/" + "x" * 2048, "too_long"),
    ],
)
def test_what_is_no_address_is_refused(url: str, code: str) -> None:
    assert found(image(url=url)) == [(URL, code)]
