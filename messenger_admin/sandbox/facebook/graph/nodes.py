"""People and pages themselves: `me`, a page, a person on a page, and the picture of a page."""

import sqlite3
from typing import Any

from messenger_admin.sandbox.facebook import app, people
from messenger_admin.sandbox.facebook.graph import access, errors, fields
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.facebook.people import FacebookPage

PICTURE_SIZE = 50


def node(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """`GET /{id}`."""
    who = access.caller(store, call)
    wanted = who.me if call.path[0] == "me" else call.path[0]
    if found := people.page(store, wanted):
        return _page(call, found)
    if (person := people.person(store, wanted)) and who.token and who.token.user_id == wanted:
        known = {"id": lambda: person.user_id, "name": lambda: person.name}
        return fields.chosen(call.text("fields"), known, usual=("name", "id"), node="User")
    if wanted == app.this().app_id and who.token is None:
        return fields.chosen(
            call.text("fields"), {"id": lambda: wanted, "name": lambda: app.NAME}, usual=("name", "id"), node="App"
        )
    return _somebody(store, call, wanted)


def _page(call: Call, page: FacebookPage) -> dict[str, Any]:
    known = {
        "id": lambda: page.page_id,
        "name": lambda: page.name,
        "category": lambda: page.category,
        "picture": lambda: picture_of(page.page_id),
        "link": lambda: f"https://www.facebook.com/{page.page_id}",
    }
    return fields.chosen(call.text("fields"), known, usual=("name", "id"), node="Page")


def _somebody(store: sqlite3.Connection, call: Call, psid: str) -> dict[str, Any]:
    """Name and picture of somebody who wrote to the page (Messenger Platform, "User Profile API")."""
    token = access.page(store, call, "me", scopes=("pages_messaging",))
    row = _contact(store, psid, token.page_id)
    if row is None:
        raise errors.no_object(call.method, psid)
    known = {
        "id": lambda: psid,
        "name": lambda: row["name"],
        "first_name": lambda: row["first_name"],
        "last_name": lambda: row["last_name"],
        "profile_pic": lambda: app.picture_url(psid),
        "locale": lambda: row["locale"],
    }
    return fields.chosen(
        call.text("fields"), known, usual=("first_name", "last_name", "profile_pic", "id"), node="UnifiedThread"
    )


def _contact(store: sqlite3.Connection, psid: str, page_id: str) -> sqlite3.Row | None:
    sql = (
        "SELECT o.name, o.first_name, o.last_name, o.locale FROM psids AS p JOIN persons AS o ON o.id = p.person_id "
        "WHERE p.psid = ? AND p.page_id = ?"
    )
    row: sqlite3.Row | None = store.execute(sql, (psid, page_id)).fetchone()
    return row


def picture(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """`GET /{page}/picture`; without `redirect=false` it leads to the picture itself."""
    page_id = access.caller(store, call).me if call.path[0] == "me" else call.path[0]
    if people.page(store, page_id) is None:
        raise errors.no_object(call.method, page_id)
    return picture_of(page_id)


def picture_of(page_id: str) -> dict[str, Any]:
    url = app.picture_url(page_id)
    return {"data": {"height": PICTURE_SIZE, "width": PICTURE_SIZE, "is_silhouette": False, "url": url}}
