"""Name and picture of somebody who wrote to a page (Messenger Platform, "User Profile API")."""

from dataclasses import dataclass
from typing import Any

from pages.graph import client


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProfile:
    """Both may be empty: people choose what a page sees of them. The picture's address lasts some days."""

    name: str
    picture_url: str


def person(psid: str, token: str) -> PersonProfile:
    """Raises GraphError: 2018218 for whoever has no profile, 230 or 100/33 where this page may not look."""
    found = client.get(psid, token=token, fields="name,first_name,last_name,profile_pic")
    url = str(found.get("profile_pic") or "")
    return PersonProfile(
        name=_name(found)[:200],
        picture_url=url if url.startswith(("https://", "http://")) and len(url) <= 2_000 else "",
    )


def _name(found: dict[str, Any]) -> str:
    whole = str(found.get("name") or "").strip()
    parts = (str(found.get(part) or "").strip() for part in ("first_name", "last_name"))
    return whole or " ".join(part for part in parts if part)
