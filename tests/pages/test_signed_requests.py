"""Only Facebook, only lately, only for this app."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.signed_requests import NotSigned, read

SECRET = "the app's secret"
NOW = 1_790_000_000.0
GOOD = {"algorithm": "HMAC-SHA256", "issued_at": NOW - 5, "user_id": "218471"}


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(said: Any, *, secret: str = SECRET) -> str:
    payload = b64url(json.dumps(said).encode())
    return b64url(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()) + "." + payload


def test_who_it_is_about() -> None:
    assert read(signed(GOOD), secret=SECRET, now=NOW).user_id == "218471"


def test_a_number_for_an_id_is_fine() -> None:
    assert read(signed(GOOD | {"user_id": 218471}), secret=SECRET, now=NOW).user_id == "218471"


def test_the_same_again_has_the_same_digest() -> None:
    raw = signed(GOOD)
    assert read(raw, secret=SECRET, now=NOW) == read(raw, secret=SECRET, now=NOW + 60)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no dot",
        ".",
        "é.é",
        signed(GOOD, secret="another app's"),
        signed(GOOD)[:-2],
        "A" + signed(GOOD)[1:],
        signed(GOOD | {"algorithm": "none"}),
        signed(GOOD | {"issued_at": NOW - 90_000}),
        signed(GOOD | {"issued_at": NOW + 3_600}),
        signed(GOOD | {"issued_at": "soon"}),
        signed(GOOD | {"user_id": ""}),
        signed(GOOD | {"user_id": "9" * 65}),
        signed({"algorithm": "HMAC-SHA256"}),
        signed([1, 2]),
        signed("words"),
        signed(GOOD | {"more": "x" * 10_000}),
    ],
)
def test_anything_else_is_refused(raw: str) -> None:
    with pytest.raises(NotSigned):
        read(raw, secret=SECRET, now=NOW)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(NotSigned):
        read(signed(GOOD, secret=""), secret="", now=NOW)


@given(st.text())
def test_no_text_breaks_it(raw: str) -> None:
    with pytest.raises(NotSigned):
        read(raw, secret=SECRET, now=NOW)
