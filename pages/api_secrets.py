"""The secret of an API token: `ma_`, thirty random characters, and six that prove that it was copied whole. Pure.

The prefix lets scanners of source code and of logs find a token that got lost; the checksum lets them, and us, tell
one from a word that only looks like it, without asking the database.
"""

import hashlib
import zlib

START = "ma_"
# Bytes of chance in a secret: 176 bits, which nobody guesses.
ENTROPY = 22
# Of a secret, the part that is kept to know it again: `ma_` and six characters. 142 bits stay unknown.
SHOWN = 9

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM = 30  # 62 ** 30 > 256 ** 22
_CHECK = 6  # 62 ** 6 > 2 ** 32
LENGTH = len(START) + _RANDOM + _CHECK


def make(entropy: bytes) -> str:
    """The secret of `ENTROPY` bytes, which the caller takes from `secrets.token_bytes`."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"A secret is made of {ENTROPY} bytes.")
    body = START + _base62(int.from_bytes(entropy, "big"), _RANDOM)
    return body + _checksum(body)


def is_well_formed(text: str) -> bool:
    """Whether it can be a secret of ours; a typo can't, but for one in four thousand million."""
    body, check = text[:-_CHECK], text[-_CHECK:]
    return len(text) == LENGTH and text.isascii() and text.startswith(START) and check == _checksum(body)


def digest(secret: str) -> str:
    """What is stored: SHA-256, in hex.

    A slow, salted hash protects what people choose, because that can be guessed. 176 bits of chance can't, and this is
    reckoned for every request.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK)


def _base62(number: int, width: int) -> str:
    letters = []
    for _position in range(width):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
