"""Composes as a person does: opens the form, fills it in, sends it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from tests.support.forms import read_form

ADD = reverse("admin:notifications_notification_add")
FORM = "notification_form"


def change_url(notification: Notification) -> str:
    return reverse("admin:notifications_notification_change", args=[notification.pk])


def opened(client: Client, url: str) -> dict[str, str]:
    """The fields as the page shows them."""
    return read_form(client.get(url).text, FORM)


def saved(client: Client, url: str, fields: dict[str, Any]) -> Notification:
    """Sends the form, which must be accepted; the notification as it then stands."""
    answer = client.post(url, fields)
    assert answer.status_code == 302, answer.context["composer"].errors()
    notification: Notification = Notification.objects.latest("updated_at")
    return notification


def composed(client: Client, kind: str, **fields: Any) -> Notification:
    """A new notification of `kind`; a name such as `elements-0-title` is written with underscores for the dashes."""
    url = f"{ADD}?kind={kind}"
    return saved(client, url, {**opened(client, url), "name": f"A new {kind}", **fields})


def rows(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """The fields of a list as scripts leave them: numbered in the order given."""
    fields: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        fields[f"{prefix}-{index}-ORDER"] = index + 1
        fields |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return fields


def button(number: int, kind: str, title: str, target: str) -> dict[str, str]:
    name = f"button{number}"
    return {f"{name}-type": kind, f"{name}-title": title, f"{name}-target": target}
