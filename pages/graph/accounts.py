"""The pages that a person administers, each with the token that Facebook gives for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pages.graph import client

FIELDS = "id,name,access_token,category,tasks,picture"
PER_ANSWER = 100
# Without these tasks on the page, its token may neither write to people nor listen to them.
NEEDED_TASKS = ("MESSAGING", "MODERATE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`token` is empty where the person's task does not give one. `tasks` are Facebook's words."""

    page_id: str
    name: str
    token: str = field(repr=False)
    category: str = ""
    tasks: tuple[str, ...] = ()
    picture_url: str = ""

    @property
    def missing_tasks(self) -> tuple[str, ...]:
        return tuple(task for task in NEEDED_TASKS if task not in self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProfile:
    name: str
    picture_url: str


def administered(token: str) -> Iterator[Account]:
    """Every page that the person lets the app see, across result pages. None at all is a usual answer."""
    for item in client.listing("me/accounts", token=token, fields=FIELDS, limit=str(PER_ANSWER)):
        if str(item.get("id") or "").isdecimal():
            yield _account(item)


def profile(page_id: str, token: str) -> PageProfile:
    """Name and picture as they are today; the picture's address changes."""
    found = client.get(page_id, token=token, fields="name,picture")
    return PageProfile(name=str(found.get("name") or "")[:120], picture_url=_picture(found))


def _account(item: Mapping[str, Any]) -> Account:
    tasks = item.get("tasks")
    return Account(
        page_id=str(item["id"]),
        name=str(item.get("name") or item["id"])[:120],
        token=str(item.get("access_token") or ""),
        category=str(item.get("category") or "")[:120],
        tasks=tuple(str(task) for task in tasks) if isinstance(tasks, list) else (),
        picture_url=_picture(item),
    )


def _picture(item: Mapping[str, Any]) -> str:
    """`{"data": {"url": …}}`; anything but a web address is left out, and what doesn't fit into its column."""
    picture = item.get("picture")
    data = picture.get("data") if isinstance(picture, dict) else None
    url = str(data.get("url") or "") if isinstance(data, dict) else ""
    return url if url.startswith(("https://", "http://")) and len(url) <= 2_000 else ""
