"""What the screens about Facebook list, and the JSON API with them: tokens are masked everywhere."""

import sqlite3
from typing import Any

from messenger_admin.sandbox.behaviours import digest
from messenger_admin.sandbox.facebook import accounts, grants, profiles, signed_requests, subscriptions
from messenger_admin.sandbox.facebook import people as facebook
from messenger_admin.sandbox.facebook.accounts import Token
from messenger_admin.sandbox.web.threads import moment

Row = dict[str, Any]


def people(store: sqlite3.Connection) -> list[Row]:
    return [person(store, one.user_id) for one in facebook.everybody(store)]


def person(store: sqlite3.Connection, user_id: str) -> Row:
    grant = grants.of(store, user_id)
    return {
        "person": facebook.person(store, user_id),
        "pages": len(facebook.roles(store, user_id)),
        "grant": grant,
        "shared": len(grant.page_ids) if grant else 0,
        "granted_at": moment(grant.granted_at) if grant else None,
        "tokens": len(accounts.living(store, user_id=user_id)),
    }


def pages(store: sqlite3.Connection, user_id: str) -> list[Row]:
    """Those of one person: what they may do there, whether it is shared, and its living tokens."""
    grant = grants.of(store, user_id)
    living: dict[str, list[Row]] = {}
    for token in accounts.living(store, user_id=user_id):
        living.setdefault(token.page_id, []).append(_token(token))
    return [
        {
            "page": role.page,
            "tasks": role.tasks,
            "lacks": [task for task in ("MESSAGING", "MODERATE") if task not in role.tasks],
            "shared": bool(grant and role.page.page_id in grant.page_ids),
            "tokens": living.get(role.page.page_id, []),
        }
        for role in facebook.roles(store, user_id)
    ]


def connected(store: sqlite3.Connection) -> list[Row]:
    """Pages that the app has a living token of, or hears."""
    heard = [row["page_id"] for row in store.execute("SELECT page_id FROM facebook_subscriptions")]
    tokens: dict[str, int] = {}
    for token in accounts.living(store):
        if token.page_id:
            tokens[token.page_id] = tokens.get(token.page_id, 0) + 1
    return [
        {
            "page_id": page_id,
            "name": page_name(store, page_id),
            "tokens": tokens.get(page_id, 0),
            "fields": subscriptions.fields_of(store, page_id),
            "profile": sorted(profiles.of(store, page_id)),
        }
        for page_id in dict.fromkeys((*heard, *tokens))
    ]


def tokens(store: sqlite3.Connection, user_id: str, *, page_id: str) -> list[Row]:
    return [_token(one) for one in accounts.living(store, user_id=user_id) if one.page_id == page_id]


def posted(store: sqlite3.Connection, user_id: str = "") -> list[Row]:
    """Signed requests and their answers, with the page on which the app shows what it did."""
    return [
        {"posted": one, "at": moment(one.sent_at), "link": _link(one.json), "who": facebook.person(store, one.user_id)}
        for one in signed_requests.posted(store, user_id=user_id)
    ]


def page_name(store: sqlite3.Connection, page_id: str) -> str:
    page = facebook.page(store, page_id)
    return page.name if page else page_id


def _link(answer: Any) -> str:
    url = answer.get("url") if isinstance(answer, dict) else None
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def _token(token: Token) -> Row:
    return {
        "masked": f"{token.token[:4]}…{token.token[-4:]}",
        "digest": digest(token.token),
        "page_id": token.page_id,
        "long_lived": token.long_lived,
        "issued_at": moment(token.issued_at),
        "expires_at": moment(token.expires_at) if token.expires_at else None,
    }
