"""Edits a button as a person does: opens the editor, fills it in, sends it."""

from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse

from pages.models import Button, Site
from tests.support.forms import FormReader, read_errors

ADD = reverse("admin:pages_button_add")
LIST = reverse("admin:pages_button_changelist")
Fields = dict[str, Any]


class ButtonFormReader(FormReader):
    """Boxes of one name are a list."""

    def _input(self, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if name.endswith(("-devices", "-days")):
            chosen = self.fields.setdefault(name, [])  # type: ignore[arg-type]
            if "checked" in given:
                chosen.append(given["value"])  # type: ignore[attr-defined]
        else:
            super()._input(given)


def add_url(site: Site) -> str:
    return f"{ADD}?site={site.pk}"


def change_url(button: Button) -> str:
    return reverse("admin:pages_button_change", args=[button.pk])


def fields_in(html: str) -> Fields:
    reader = ButtonFormReader("button_form")
    reader.feed(html)
    return dict(reader.fields)


def opened(client: Client, url: str) -> Fields:
    """The fields as the page shows them."""
    response = client.get(url)
    assert response.status_code == 200, response
    return fields_in(response.text)


def refused(client: Client, url: str, fields: Fields) -> dict[str, str]:
    """The sentences beside the fields, by the fields' ids without `id_`."""
    response = client.post(url, fields)
    assert response.status_code == 200, "it was saved"
    return {field.removeprefix("id_"): text for field, text in read_errors(response.text).items()}


def saved(client: Client, url: str, fields: Fields) -> Button:
    response = client.post(url, fields)
    assert response.status_code == 302, read_errors(response.text)
    return Button.objects.latest("updated_at")


def rule(number: int, *conditions: Mapping[str, Any], **own: Any) -> Fields:
    """The fields of a rule, and of its conditions, as a browser sends them."""
    sent: Fields = {
        f"rule-{number}-{name}": value for name, value in {"place": number + 1, "enabled": "on", **own}.items()
    }
    for row, condition in enumerate(conditions):
        sent |= {f"rule-{number}-{row}-{name}": value for name, value in {"place": row + 1, **condition}.items()}
    return {name: value for name, value in sent.items() if value is not None}


ADDRESS = {"what": "address", "operator": "contains", "value": "/p/"}
