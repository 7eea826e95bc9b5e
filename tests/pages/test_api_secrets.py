"""The secret of an API token: recognisable, and never mistaken for a word that only looks like it."""

import re

import pytest

from pages import api_secrets

ENTROPY = bytes(range(22))
SECRET = api_secrets.make(ENTROPY)


def test_it_begins_with_what_scanners_look_for_and_needs_no_escaping_anywhere() -> None:
    assert re.fullmatch(r"ma_[0-9A-Za-z]{36}", SECRET)


@pytest.mark.parametrize("entropy", [ENTROPY, bytes(22), b"\xff" * 22])
def test_every_one_that_is_made_is_well_formed(entropy: bytes) -> None:
    assert api_secrets.is_well_formed(api_secrets.make(entropy))


@pytest.mark.parametrize("byte", range(22))
def test_every_byte_of_chance_counts(byte: int) -> None:
    other = bytearray(ENTROPY)
    other[byte] ^= 0xFF
    assert api_secrets.make(bytes(other)) != SECRET


@pytest.mark.parametrize("entropy", [b"", bytes(21), bytes(23)])
def test_less_or_more_chance_is_refused(entropy: bytes) -> None:
    with pytest.raises(ValueError, match="22 bytes"):
        api_secrets.make(entropy)


@pytest.mark.parametrize("position", range(len(SECRET)))
def test_a_typo_is_noticed_wherever_it_is(position: int) -> None:
    wrong = "x" if SECRET[position] != "x" else "y"
    assert not api_secrets.is_well_formed(SECRET[:position] + wrong + SECRET[position + 1 :])


@pytest.mark.parametrize(
    "text", ["", "ma_", SECRET[:-1], SECRET + "0", f" {SECRET}", f"{SECRET}\n", SECRET.upper(), "é" * 39, "\0" * 39]
)
def test_what_is_no_secret_is_not_taken_for_one(text: str) -> None:
    assert not api_secrets.is_well_formed(text)


def test_what_is_stored_is_the_sha_256() -> None:
    assert api_secrets.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_another_products_token_is_none_of_ours_however_it_was_made() -> None:
    body = "gh_" + SECRET[3:-6]
    assert not api_secrets.is_well_formed(body + api_secrets._checksum(body))
