"""Which of a page's events Facebook sends to the app (Messenger Platform, "Webhooks", `subscribed_apps`)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from pages.graph import client
from pages.graph.client import GraphUnreachable


def subscribe(page_id: str, token: str, fields: Sequence[str]) -> None:
    """Replaces the fields that were subscribed before. Raises GraphError or GraphUnreachable."""
    _confirm(client.post(f"{page_id}/subscribed_apps", token=token, subscribed_fields=",".join(fields)))


def unsubscribe(page_id: str, token: str) -> None:
    _confirm(client.delete(f"{page_id}/subscribed_apps", token=token))


def fields(page_id: str, token: str) -> frozenset[str]:
    """The fields that this app gets; other apps of the page are none of its business."""
    apps = client.listing(f"{page_id}/subscribed_apps", token=token)
    own = [app for app in apps if str(app.get("id")) == settings.FACEBOOK_APP_ID]
    return frozenset(name for app in own for name in _names(app.get("subscribed_fields")))


def _names(found: Any) -> list[str]:
    return [str(name) for name in found] if isinstance(found, list) else []


def _confirm(found: dict[str, Any]) -> None:
    """Facebook's own sample answers with the word "true"."""
    if str(found.get("success")).lower() != "true":
        raise GraphUnreachable("The answer confirms nothing.")
