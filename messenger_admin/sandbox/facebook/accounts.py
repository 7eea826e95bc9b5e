"""Tokens of people and pages: made, looked up, killed."""

import secrets
import sqlite3
import time
from dataclasses import dataclass

LONG_LIVED = 5_184_000
SHORT_LIVED = 5_400
# Why a token is dead (Graph API, "Handling errors", subcodes of 190).
APP_REMOVED, CHECKPOINT, PASSWORD_CHANGED, EXPIRED, INVALID = 458, 459, 460, 463, 467


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`page_id` is empty for the person's own token; `expires_at` is in seconds since the epoch, 0 for never."""

    token: str
    user_id: str
    page_id: str
    long_lived: bool
    issued_at: float
    expires_at: float
    dead_subcode: int

    def subcode(self, now: float) -> int:
        """Why it is refused; 0 while it is good."""
        return self.dead_subcode or (EXPIRED if 0 < self.expires_at <= now else 0)


def find(store: sqlite3.Connection, token: str) -> Token | None:
    row = store.execute("SELECT * FROM facebook_tokens WHERE token = ?", (token,)).fetchone()
    return None if row is None else _token(row)


def page_of(store: sqlite3.Connection, token: str) -> str | None:
    """The page id of a living page token."""
    found = find(store, token)
    return found.page_id if found and found.page_id and not found.subcode(time.time()) else None


def living(store: sqlite3.Connection, *, page_id: str = "", user_id: str = "") -> list[Token]:
    sql = "SELECT * FROM facebook_tokens WHERE ? IN ('', page_id) AND ? IN ('', user_id) ORDER BY issued_at, token"
    now = time.time()
    return [token for row in store.execute(sql, (page_id, user_id)) if not (token := _token(row)).subcode(now)]


def issue(
    store: sqlite3.Connection, user_id: str, *, page_id: str = "", long_lived: bool, expires_at: float = 0
) -> Token:
    """A new token of the person, or of a page that this person shared."""
    made = Token(
        token=f"EAAS{secrets.token_urlsafe(96)}",
        user_id=user_id,
        page_id=page_id,
        long_lived=long_lived,
        issued_at=time.time(),
        expires_at=expires_at,
        dead_subcode=0,
    )
    store.execute(
        "INSERT INTO facebook_tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
        (made.token, user_id, page_id, long_lived, made.issued_at, made.expires_at, 0),
    )
    return made


def page_token(store: sqlite3.Connection, owner: Token, page_id: str) -> Token:
    """The page's token under a person's: the same one as long as it lives, as Facebook does."""
    sql = (
        "SELECT * FROM facebook_tokens WHERE user_id = ? AND page_id = ? AND long_lived = ? AND dead_subcode = 0 "
        "AND (expires_at = 0 OR expires_at > ?) ORDER BY issued_at DESC LIMIT 1"
    )
    row = store.execute(sql, (owner.user_id, page_id, owner.long_lived, time.time())).fetchone()
    if row is not None:
        return _token(row)
    expires_at = 0 if owner.long_lived else owner.expires_at
    return issue(store, owner.user_id, page_id=page_id, long_lived=owner.long_lived, expires_at=expires_at)


def kill(store: sqlite3.Connection, subcode: int, *, token: str = "", page_id: str = "", user_id: str = "") -> int:
    """Kills one token, all of a page, all of a person with their pages', or every one; returns how many lived."""
    sql = (
        "UPDATE facebook_tokens SET dead_subcode = ? "
        "WHERE dead_subcode = 0 AND ? IN ('', token) AND ? IN ('', page_id) AND ? IN ('', user_id)"
    )
    return store.execute(sql, (subcode, token, page_id, user_id)).rowcount


def _token(row: sqlite3.Row) -> Token:
    return Token(**dict(row) | {"long_lived": bool(row["long_lived"])})
