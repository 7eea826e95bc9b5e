"""What a person saw of a utility template: kept, since the page may delete the template."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any


def keep(store: sqlite3.Connection, mid: str, rendered: Mapping[str, Any]) -> None:
    store.execute("INSERT OR REPLACE INTO renderings (mid, body) VALUES (?, ?)", (mid, json.dumps(body(rendered))))


def find(store: sqlite3.Connection, mids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """By mid; those that are no utility messages are not among them."""
    wanted = list(mids)
    marks = ", ".join("?" * len(wanted))
    rows = store.execute(f"SELECT mid, body FROM renderings WHERE mid IN ({marks})", wanted)  # noqa: S608  (marks)
    return {row["mid"]: json.loads(row["body"]) for row in rows}


def body(rendered: Mapping[str, Any]) -> dict[str, Any]:
    """As the bubble shows a utility template."""
    buttons = [_button(one) for one in rendered.get("buttons", [])]
    words = {name: str(rendered.get(name) or "") for name in ("header", "body")}
    return {"utility": {**words, "has_image": bool(rendered.get("has_image")), "buttons": buttons}}


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    title = button.get("text", "")
    match str(button.get("type")).upper():
        case "URL":
            return {"type": "web_url", "title": title, "url": button.get("url", "")}
        case "PHONE_NUMBER":
            return {"type": "phone_number", "title": title}
    return {"type": "postback", "title": title, "payload": button.get("payload") or title}
