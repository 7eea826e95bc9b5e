"""A page's utility templates on Facebook, and its own library of them (Messenger Platform, "Utility messages")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pages.graph import client
from pages.graph.client import GraphUnreachable

FIELDS = "id,name,language,status,category,components,parameter_format,rejected_reason"
PER_ANSWER = 100
# Of Facebook's library: as many as somebody looks through.
MOST_FOUND = 60
UTILITY = "UTILITY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """As Facebook keeps it; `status` and `reason` are its words. `components` are HEADER, BODY, BUTTONS."""

    id: str
    name: str
    language: str
    status: str = ""
    reason: str = ""
    parameter_format: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)


def templates(page_id: str, token: str) -> Iterator[Template]:
    """The page's own, in every language. Raises GraphError or GraphUnreachable."""
    found = client.listing(f"{page_id}/message_templates", token=token, fields=FIELDS, limit=str(PER_ANSWER))
    for item in found:
        if item.get("name") and item.get("language") and str(item.get("category") or UTILITY).upper() == UTILITY:
            yield _template(item)


def create(page_id: str, token: str, body: Mapping[str, Any]) -> Template:
    """`body` has name, language, category and components. The answer tells the id, and mostly a status."""
    said = client.post(f"{page_id}/message_templates", token=token, json=body)
    if not said.get("id"):
        raise GraphUnreachable("The answer names no template.")
    return _template({**body, **said})


def delete(page_id: str, token: str, *, template_id: str, name: str) -> None:
    """The one language: by name alone Facebook would delete all of them."""
    said = client.delete(f"{page_id}/message_templates", token=token, hsm_id=template_id, name=name)
    if str(said.get("success")).lower() != "true":
        raise GraphUnreachable("The answer confirms nothing.")


def library(token: str, *, words: str, language: str) -> list[Template]:
    """Texts that Facebook offers to everybody, found by name or content."""
    params = {"name_or_content": words, "language": language, "limit": str(MOST_FOUND)}
    found = client.listing("message_template_library", token=token, **{k: v for k, v in params.items() if v})
    return [_template(item) for item in islice((item for item in found if item.get("name")), MOST_FOUND)]


def _template(item: Mapping[str, Any]) -> Template:
    reason = str(item.get("rejected_reason") or "")
    return Template(
        id=str(item.get("id") or "")[:64],
        name=str(item["name"])[:512],
        language=str(item.get("language") or "")[:16],
        status=str(item.get("status") or "").upper(),
        reason="" if reason.upper() == "NONE" else reason[:500],
        parameter_format=str(item.get("parameter_format") or "")[:16],
        components=_components(item),
    )


def _components(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The library, and some listings, tell a template's texts beside each other instead of as components."""
    given = item.get("components")
    if isinstance(given, list):
        return [dict(each) for each in given if isinstance(each, Mapping)]
    found: list[dict[str, Any]] = []
    if header := item.get("header"):
        found.append({"type": "HEADER", "format": "TEXT", "text": str(header)})
    if body := item.get("body"):
        samples = [str(each) for each in item.get("body_params") or []]
        example = {"example": {"body_text": [samples]}} if samples else {}
        found.append({"type": "BODY", "text": str(body), **example})
    if isinstance(buttons := item.get("buttons"), list) and buttons:
        found.append({"type": "BUTTONS", "buttons": [dict(each) for each in buttons if isinstance(each, Mapping)]})
    return found
