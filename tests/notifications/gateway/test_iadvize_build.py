"""The guide's call as it is built: address, headers, body. Without any network."""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway import iadvize
from notifications.gateway.contract import Envelope, Gateway

CUSTOMER_IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def envelope(**fields: Any) -> Envelope:
    return Envelope(
        **{
            "delivery_id": 42,
            "page_id": "322837607840703",
            "customer_id": "instock-AB123-k45332j9i54",
            "body": '{"text":"Été"}',
            "base_url": "https://api.iadvize.com",
            "token": "tok/en+1",
            **fields,
        }
    )


def test_the_module_is_a_gateway() -> None:
    gateway: Gateway = iadvize
    assert gateway.build is iadvize.build


def test_the_call_is_the_guides() -> None:
    built = iadvize.build(envelope())
    assert built.url == (
        "https://api.iadvize.com/social/facebook/messenger/pages/322837607840703"
        "/customers/instock-AB123-k45332j9i54/messages?access_token=tok%2Fen%2B1"
    )
    assert built.body == '{"text":"Été"}'.encode()
    assert built.headers == (
        "Content-Type: application/json",
        "Accept: application/json",
        "X-Request-Id: delivery-42",
    )


@pytest.mark.parametrize(
    ("customer_id", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("100%", "100%25"),
        ("é à", "%C3%A9%20%C3%A0"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        ("../../admin", "..%2F..%2Fadmin"),
        ("a.b-c_d~e", "a.b-c_d~e"),
        ("a&b=c;d+e", "a%26b%3Dc%3Bd%2Be"),
        ("😀", "%F0%9F%98%80"),
    ],
)
def test_a_customer_id_is_one_segment_of_the_path(customer_id: str, segment: str) -> None:
    assert f"/customers/{segment}/messages?" in iadvize.build(envelope(customer_id=customer_id)).url


@given(CUSTOMER_IDS)
def test_any_customer_id_can_be_read_back_from_the_path(customer_id: str) -> None:
    url = iadvize.build(envelope(customer_id=customer_id)).url
    segments = url.split("?")[0].split("/")
    assert len(segments) == 11
    assert segments[9] not in {".", ".."}
    assert unquote(segments[9], errors="strict") == customer_id


@given(CUSTOMER_IDS)
def test_a_page_id_and_a_token_leave_the_address_whole_too(text: str) -> None:
    url = iadvize.build(envelope(page_id=text, token=text)).url
    assert url.isascii()
    assert url.count("/") == 10
    assert url.count("?") == 1
    assert "#" not in url


def test_the_token_shows_in_no_repr() -> None:
    secret = envelope(token="s3cr3t")
    assert "s3cr3t" not in repr(secret) + repr(iadvize.build(secret))
