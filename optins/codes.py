"""The tokens of links, and the short codes that a person can type where Facebook lost the link's ref. Pure.

A token is 192 bits of chance in letters that an m.me link may hold. A code is six signs without any that are mistaken
for another, among them a letter and a digit, so that no word and no number is one.
"""

import hashlib
import re
import secrets

TOKEN_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}\Z")

LETTERS, DIGITS = "ABCDEFGHJKMNPQRSTVWXYZ", "23456789"
ALPHABET = LETTERS + DIGITS
LENGTH = 6
# As people type it: small, with a blank or a dash in the middle, with a dot at the end.
_BETWEEN = re.compile(r"[\s.\-_]+")
LONGEST = 16


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def looks_like_token(ref: str) -> bool:
    return bool(TOKEN.match(ref))


def new_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
        if is_code(code):
            return code


def is_code(code: str) -> bool:
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return False
    return bool(set(code) & set(LETTERS)) and bool(set(code) & set(DIGITS))


def typed(text: str) -> str | None:
    """The code that is the whole message; None where it is something else."""
    if len(text) > LONGEST:
        return None
    code = _BETWEEN.sub("", text).upper()
    return code if is_code(code) else None
