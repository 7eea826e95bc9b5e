"""`{% load messenger %}{% bubble body %}`: the one rendering of a message, wherever it is shown."""

from typing import Any

from django import template

from notifications import bubble as bubbles

register = template.Library()


@register.inclusion_tag("messenger/bubble.html")
def bubble(body: object) -> dict[str, Any]:
    """`body` is a dict or its JSON text; nothing that it holds makes this fail. Needs notifications/bubble.css."""
    return bubbles.bubble(body)
