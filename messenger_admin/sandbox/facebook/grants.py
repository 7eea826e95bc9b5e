"""What a person lets the app do, for which of their pages; and the codes that bring it home from the dialog."""

import json
import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from messenger_admin.sandbox.facebook import accounts

# What an app may ask for. Both spellings of the last are in use.
SCOPES = (
    "pages_show_list",
    "pages_manage_metadata",
    "pages_messaging",
    "pages_read_engagement",
    "business_management",
    "pages_utility_messaging",
    "page_utility_messaging",
)
# Comes with every login.
PUBLIC_PROFILE = "public_profile"
CODE_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    scopes: tuple[str, ...]
    page_ids: tuple[str, ...]
    granted_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    user_id: str
    redirect_uri: str
    expires_at: float
    used_at: float | None


def of(store: sqlite3.Connection, user_id: str) -> Grant | None:
    row = store.execute("SELECT * FROM facebook_grants WHERE user_id = ?", (user_id,)).fetchone()
    if row is None:
        return None
    scopes, page_ids = (tuple(json.loads(row[name])) for name in ("scopes", "page_ids"))
    return Grant(scopes=scopes, page_ids=page_ids, granted_at=row["granted_at"])


def give(store: sqlite3.Connection, user_id: str, *, scopes: Sequence[str], page_ids: Sequence[str]) -> None:
    """Replaces what the person granted before; tokens that are out may do less from now on, or more."""
    store.execute(
        "INSERT OR REPLACE INTO facebook_grants (user_id, scopes, page_ids, granted_at) VALUES (?, ?, ?, ?)",
        (user_id, json.dumps([PUBLIC_PROFILE, *scopes]), json.dumps(list(page_ids)), time.time()),
    )


def withdraw(store: sqlite3.Connection, user_id: str, scope: str) -> None:
    """One permission is taken back; the tokens live on with what is left."""
    grant = of(store, user_id)
    if grant:
        scopes = json.dumps([one for one in grant.scopes if one != scope])
        store.execute("UPDATE facebook_grants SET scopes = ? WHERE user_id = ?", (scopes, user_id))


def revoke(store: sqlite3.Connection, user_id: str) -> None:
    """The person removes the app: every token that came of it is dead."""
    store.execute("DELETE FROM facebook_grants WHERE user_id = ?", (user_id,))
    accounts.kill(store, accounts.APP_REMOVED, user_id=user_id)


def code_for(store: sqlite3.Connection, user_id: str, *, redirect_uri: str) -> str:
    """A new code: good once, for ten minutes, for this address."""
    code = f"AQ{secrets.token_urlsafe(120)}"
    store.execute(
        "INSERT INTO facebook_codes (code, user_id, redirect_uri, expires_at) VALUES (?, ?, ?, ?)",
        (code, user_id, redirect_uri, time.time() + CODE_SECONDS),
    )
    return code


def code(store: sqlite3.Connection, text: str) -> Code | None:
    sql = "SELECT user_id, redirect_uri, expires_at, used_at FROM facebook_codes WHERE code = ?"
    row = store.execute(sql, (text,)).fetchone()
    return Code(**dict(row)) if row else None


def use(store: sqlite3.Connection, text: str) -> None:
    store.execute("UPDATE facebook_codes SET used_at = ? WHERE code = ?", (time.time(), text))
