"""`fields=id,name,picture.width(100){url}`: which fields of a node are asked for. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.facebook.graph import errors


def names(asked: str) -> list[str]:
    """The names at the top, without what stands in braces or parentheses: `["id", "name", "picture"]`."""
    found, depth, name = [], 0, ""
    for letter in asked + ",":
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            found.append(name)
            name = ""
        elif depth == 0 and letter not in "})":
            name += letter
    if depth:
        raise errors.Refusal(message='Syntax error "Expected end of string" in fields', code=2500)
    return [plain for name in found if (plain := name.split(".")[0].strip())]


def chosen(asked: str, known: Mapping[str, Callable[[], Any]], *, usual: tuple[str, ...], node: str) -> dict[str, Any]:
    """The node's fields that are asked for, or the usual ones; `id` always comes. Raises Refusal for unknown ones."""
    wanted = names(asked) or list(usual)
    for name in wanted:
        if name not in known:
            raise errors.no_field(name, node)
    values = {name: known[name]() for name in dict.fromkeys((*wanted, "id"))}
    return {name: value for name, value in values.items() if value is not None}
