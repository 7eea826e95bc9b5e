"""`{page}/message_templates` and the library that they may be copied from."""

import sqlite3
from typing import Any

from messenger_admin.sandbox.facebook import app, templates
from messenger_admin.sandbox.facebook.graph import access, errors, library, paging, template_rules
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.facebook.templates import Template

# Either spelling of the permission does.
SPELLINGS = ("pages_utility_messaging", "page_utility_messaging")


def shown(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    page_id = _page(store, call)
    status = call.text("status").upper()
    found = [
        one
        for one in templates.find(store, page_id=page_id, name=call.text("name"), language=call.text("language"))
        if status in {"", one.status}
    ]
    cut, turning = paging.cut(call, found, base=app.this().graph)
    return {"data": [_as_json(one) for one in cut], **({"paging": turning} if turning else {})}


def create(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    page_id = _page(store, call)
    name, language, body = call.text("name"), call.text("language"), _sent(call)
    if not template_rules.NAME.match(name):
        raise errors.parameter("Param name may have lower-case letters, digits and underscores")
    if not template_rules.LANGUAGE.match(language):
        raise errors.parameter("Param language must be one of Facebook's codes")
    if body["category"] != "UTILITY":
        raise errors.parameter("Param category must be one of {UTILITY}")
    template_rules.check(body)
    if templates.find(store, page_id=page_id, name=name, language=language):
        message = "Message template with that name and language already exists"
        raise errors.parameter(message, title="The template exists", said=f"{name} ({language}) exists already.")
    made = templates.create(store, page_id, name, language, body)
    return {"id": made.id, "status": made.status, "category": "UTILITY"}


def erase(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """By `name`, in every language, or by `hsm_id`, the one."""
    page_id = _page(store, call)
    name, template_id = call.text("name"), call.text("hsm_id")
    if not name and not template_id:
        raise errors.parameter("The parameter name is required.")
    found = templates.find(store, page_id=page_id, name=name, template_id=template_id)
    if not found:
        raise errors.parameter("Message template not found")
    templates.erase(store, found)
    return {"success": True}


def search_library(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    access.caller(store, call)
    found = library.search(call.text("name_or_content") or call.text("search"), call.text("language"))
    cut, turning = paging.cut(call, found, base=app.this().graph)
    return {"data": list(cut), **({"paging": turning} if turning else {})}


def _page(store: sqlite3.Connection, call: Call) -> str:
    token = access.page(store, call, call.path[0], scopes=("pages_messaging",), tasks=("MESSAGING",))
    if not any(access.caller(store, call).may(scope) for scope in SPELLINGS):
        raise errors.permission(SPELLINGS[0])
    return token.page_id


def _sent(call: Call) -> dict[str, Any]:
    """The template's body: as it came, or copied from the library."""
    body: dict[str, Any] = {
        "category": call.text("category", "UTILITY").upper(),
        "parameter_format": call.text("parameter_format", "POSITIONAL").upper(),
        "components": call.value("components"),
    }
    if copied := call.text("library_template_name"):
        entry = library.find(copied, call.text("language"))
        if entry is None:
            raise errors.parameter(f"There is no template {copied} in the library in this language")
        body["components"] = entry.components(_url(call.value("library_template_button_inputs")))
    return body


def _url(inputs: Any) -> str:
    """Where the copied template's button shall lead: `[{"type": "URL", "url": {"base_url": "https://…"}}]`."""
    first = inputs[0] if isinstance(inputs, list) and inputs else None
    url = first.get("url") if isinstance(first, dict) else None
    return str(url.get("base_url") or "") if isinstance(url, dict) else str(url or "")


def _as_json(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "components": template.body["components"],
        "parameter_format": template.body["parameter_format"],
        "language": template.language,
        "status": template.status,
        "category": template.body["category"],
        **({"rejected_reason": template.reason} if template.status == templates.Status.REJECTED else {}),
        "id": template.id,
    }
