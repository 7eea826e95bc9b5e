"""The guide's own messages, as its author meant them: its line breaks inside words and its missing brace repaired."""

import json
from pathlib import Path
from typing import Any

NAMES = ("text", "image", "carousel", "receipt")

_FOLDER = Path(__file__).parent.parent / "data" / "guide"


def text(name: str) -> str:
    return (_FOLDER / f"{name}.json").read_text(encoding="utf-8")


def body(name: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(text(name))
    return decoded
