"""`{% load messenger %}{% bubble body %}`: the one rendering of a message, wherever it is shown."""

from collections.abc import Mapping

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from notifications import bubble as bubbles
from notifications.bubble.composed import Composed

register = template.Library()


@register.simple_tag
def bubble(body: object, *, tappable: bool = False) -> SafeString:
    """`body` is a dict or its JSON text; nothing that it holds makes this fail. Needs notifications/bubble.css."""
    return render_to_string("messenger/bubble.html", bubbles.bubble(body, tappable=tappable))


@register.simple_tag
def bubble_of_template(body: object, values: Mapping[str, object] | None = None) -> SafeString:
    """The same for a message that is not filled yet: its placeholders stand out, filled as far as `values` go."""
    composed = Composed(body, values)
    return composed.stand_out(bubble(composed.body))
