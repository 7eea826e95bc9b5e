"""django-environ, but strict: a bad value is named, with what it may be, before anything else happens.

By itself it reads `DEBUG=ture` as false and the number `1x5` as 15. Here an empty value counts as none.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
MAIL = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
BROKERS = ("embedded", "amqp", "amqps", "redis", "rediss")


class Environment(environ.Env):  # type: ignore[misc]  # django-environ ships no types
    def text(self, name: str, *, default: str) -> str:
        return str(self.str(name, default="")).strip() or default

    def require(self, *names: str) -> None:
        missing = [name for name in names if not self.text(name, default="")]
        if missing:
            raise ImproperlyConfigured(f"Set {', '.join(missing)}: nothing starts without them in production.")

    def items(self, name: str, *, default: list[str]) -> list[str]:
        """Comma-separated."""
        return [item for part in self.text(name, default="").split(",") if (item := part.strip())] or default

    def one_of(self, name: str, choices: Collection[str], *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in choices:
            raise _bad(name, value, f"one of {', '.join(choices)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, default=str(default)).lower()
        if value not in TRUE | FALSE:
            raise _bad(name, value, "true or false")
        return value in TRUE

    def whole(self, name: str, *, default: int, least: int = 1, most: int = 1_000_000) -> int:
        value = self.text(name, default=str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise _bad(name, value, f"a whole number from {least} to {most}")
        return int(value)

    def seconds(self, name: str, *, default: float, least: float = 0.001, most: float = 86_400.0) -> float:
        value = self.text(name, default=str(default))
        try:
            number = float(value)
        except ValueError:
            raise _bad(name, value, "a number of seconds") from None
        # Written so that "nan", which is on no side of any number, is refused too.
        if not least <= number <= most:
            raise _bad(name, value, f"a number of seconds from {least:g} to {most:g}")
        return number

    def http_url(self, name: str, *, default: str) -> str:
        """Without a slash at its end."""
        value = self.text(name, default=default)
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise _bad(name, value, "an address such as https://api.example.com")
        return value.rstrip("/")

    def broker_url(self, name: str, *, default: str) -> str:
        """May hold a password: a bad one is not repeated."""
        value = self.text(name, default=default)
        if urlsplit(value).scheme not in BROKERS:
            raise ImproperlyConfigured(f"{name} must begin with one of {', '.join(f'{it}://' for it in BROKERS)}.")
        return value

    def email(self, url: str, *, folder: Path) -> dict[str, Any]:
        """Django's settings for `url` (smtp://, smtp+tls://, smtp+ssl://user:password@host:port); empty: into `folder`.

        May hold a password: a bad one is not repeated.
        """
        if not url:
            return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
        parts = urlsplit(url)
        if parts.scheme not in MAIL or not parts.hostname:
            raise ImproperlyConfigured(f"EMAIL_URL must begin with one of {', '.join(f'{it}://' for it in MAIL)}.")
        found = {name: value for name, value in self.email_url_config(url).items() if name.startswith("EMAIL_")}
        return {**found, "EMAIL_PORT": parts.port or MAIL[parts.scheme]}

    def fernet_keys(self, name: str, *, default: list[str]) -> list[str]:
        """The values are secrets: a bad one is not repeated."""
        keys = self.items(name, default=default)
        for key in keys:
            try:
                Fernet(key)
            except ValueError:
                raise ImproperlyConfigured(f"{name} holds something that is no Fernet key.") from None
        return keys


def _bad(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}; it must be {wanted}.")
