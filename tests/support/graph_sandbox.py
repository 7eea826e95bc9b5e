"""The sandbox's Graph API, called over real HTTP, and people who have let the app in."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from django.conf import settings

from messenger_admin.sandbox.facebook import accounts, grants, people
from messenger_admin.sandbox.facebook.cast import CLAIRE
from messenger_admin.sandbox.facebook.people import Person
from messenger_admin.sandbox.store import connect, transaction

VERSION = "v26.0"


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    json: Any

    @property
    def error(self) -> tuple[int, int]:
        """Code and subcode; both 0 where it is none."""
        error = self.json.get("error", {})
        return error.get("code", 0), error.get("error_subcode", 0)

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.json["data"]]


@dataclass(frozen=True)
class Graph:
    url: str

    def get(self, path: str, token: str = "", **params: Any) -> Said:
        return self.call("GET", path, token, params=params)

    def post(self, path: str, token: str = "", json: Any = None, **params: Any) -> Said:
        return self.call("POST", path, token, params=params, json=json)

    def delete(self, path: str, token: str = "", json: Any = None, **params: Any) -> Said:
        return self.call("DELETE", path, token, params=params, json=json)

    def call(self, method: str, path: str, token: str = "", *, version: str = VERSION, **options: Any) -> Said:
        headers = options.pop("headers", {"Authorization": f"Bearer {token}"} if token else {})
        answer = requests.request(
            method, f"{self.url}/{version}/{path}", headers=headers, timeout=10, allow_redirects=False, **options
        )
        return Said(status=answer.status_code, headers=dict(answer.headers), json=answer.json())

    def exchange(self, **params: str) -> Said:
        """`oauth/access_token`, as the app."""
        app = {"client_id": settings.FACEBOOK_APP_ID, "client_secret": settings.FACEBOOK_APP_SECRET}
        return self.get("oauth/access_token", **app | params)

    def debug(self, token: str) -> dict[str, Any]:
        app = f"{settings.FACEBOOK_APP_ID}|{settings.FACEBOOK_APP_SECRET}"
        data: dict[str, Any] = self.get("debug_token", app, input_token=token).json["data"]
        return data


def let_in(
    path: Path,
    who: Person = CLAIRE,
    *,
    scopes: Sequence[str] | None = None,
    page_ids: Sequence[str] | None = None,
    long_lived: bool = True,
) -> str:
    """The person shares pages with the app, all of them where none are named; their token."""
    with closing(connect(path)) as store, transaction(store):
        own = [role.page.page_id for role in people.roles(store, who.user_id)]
        grants.give(
            store,
            who.user_id,
            scopes=settings.FACEBOOK_SCOPES if scopes is None else scopes,
            page_ids=own if page_ids is None else page_ids,
        )
        seconds = accounts.LONG_LIVED if long_lived else accounts.SHORT_LIVED
        return accounts.issue(store, who.user_id, long_lived=long_lived, expires_at=time.time() + seconds).token


def page_token(path: Path, token: str, page_id: str) -> str:
    """The token of a page that the person with `token` shared."""
    with closing(connect(path)) as store, transaction(store):
        owner = accounts.find(store, token)
        assert owner
        return accounts.page_token(store, owner, page_id).token
