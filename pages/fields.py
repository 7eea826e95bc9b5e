"""Text that the database only ever sees encrypted."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured("TOKEN_KEYS holds something that is no Fernet key.") from error


def cipher() -> MultiFernet:
    """The first of TOKEN_KEYS encrypts; every one of them decrypts, so that keys can be rotated."""
    return _cipher(tuple(settings.TOKEN_KEYS))


class Unreadable(str):
    """A secret encrypted with a key that TOKEN_KEYS no longer holds: as good as none, and stored again as it was."""

    stored: str

    def __new__(cls, stored: str) -> "Unreadable":
        empty = super().__new__(cls)
        empty.stored = stored
        return empty


class EncryptedTextField(models.TextField[str, str]):
    """Fernet (AES-128-CBC with HMAC-SHA256) in a text column. Not searchable; empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.stored
        return cipher().encrypt(value.encode()).decode("ascii") if value else value

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode("ascii")).decode()
        except InvalidToken:
            return Unreadable(value)
