"""Calls to the API, as a merchant's system makes them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.test import Client
from django.utils import timezone

from pages.models import Page
from pages.scopes import Scope
from pages.services.issuing import Terms, issue

ALL_SCOPES = tuple(Scope.values)


def secret_for(*pages: Page, scopes: tuple[str, ...] = ALL_SCOPES, **terms: Any) -> str:
    """A token for these pages, its secret."""
    _token, secret = issue(
        terms=Terms(name="shop", scopes=scopes, pages=pages, **terms), actor=None, now=timezone.now()
    )
    return secret


@dataclass(frozen=True)
class Caller:
    """Brings its token as Authorization: Bearer."""

    secret: str

    def call(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Any:
        brought = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        return Client().generic(method, path, body, "application/json", headers={**brought, **headers})

    def post(self, path: str, body: str | bytes, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)


def messages_of(page: Page, customer_id: str) -> str:
    """The guide's path; an id may hold anything."""
    return f"/social/facebook/messenger/pages/{page.page_id}/customers/{quote(customer_id, safe='')}/messages"
