"""Beginning a template with the texts of another one: they travel in the address of the form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from notifications.models import UtilityTemplate
from notifications.payloads.utility import slots
from notifications.payloads.utility.slots import Where, buttons, part, text_of
from pages.graph.templates import Template

Components = Sequence[Mapping[str, Any]]
SAMPLE = "sample-"
# As many buttons as a template may have.
BUTTON_FIELDS = ("kind", "text", "value", "sample")


def address(template: UtilityTemplate | Template, *, page_pk: int, name: str = "") -> str:
    """Of the form, filled with this template's texts."""
    fields = {"page": str(page_pk), "name": name or template.name, "language": template.language}
    query = urlencode({**fields, **dict(_fields(template.components))})
    return f"{reverse('admin:notifications_utilitytemplate_add')}?{query}"


def initial(query: QueryDict) -> dict[str, str]:
    """What the form begins with; it has no field for what is not meant."""
    return {name: str(query[name]) for name in query}


def _fields(components: Components) -> Iterator[tuple[str, str]]:
    yield "header", text_of(part(components, "HEADER"))
    yield "body", text_of(part(components, "BODY"))
    for slot in slots(components):
        if slot.where in (Where.HEADER, Where.BODY):
            yield f"{SAMPLE}{slot.key}", slot.example
    for index, button in enumerate(buttons(components)):
        kind = str(button.get("type") or "").upper()
        target = {"URL": "url", "POSTBACK": "payload", "PHONE_NUMBER": "phone_number"}.get(kind)
        if target is None:
            continue
        yield f"button-{index}-kind", kind
        yield f"button-{index}-text", text_of(button)
        yield f"button-{index}-value", str(button.get(target) or "")
        example = button.get("example")
        sample = example.get("url_suffix_example") if isinstance(example, Mapping) else ""
        yield f"button-{index}-sample", str(sample or "")
