"""What every screen of the admin says of itself: where one is, and the browser tab's title."""

from typing import Any

from django import template
from django.db.models.options import Options
from django.template.context import RequestContext

from messenger_admin.admin import trail as trails

register = template.Library()


@register.inclusion_tag("messenger_admin/trail.html", takes_context=True, name="trail")
def show_trail(context: RequestContext) -> dict[str, Any]:
    *before, here = trails.trail(context)
    return {"before": before, "back": before[-1] if before else None, "here": here}


@register.simple_tag(takes_context=True)
def tab_title(context: RequestContext) -> str:
    """Most telling first, as tabs are narrow: Order reassurance · Campaigns · Messenger Admin."""
    steps = reversed(trails.trail(context))
    return " · ".join([str(step.title) for step in steps if step.title] + [str(context["site_title"])])


@register.simple_tag
def list_title(opts: Options[Any]) -> str:
    return trails.list_title(opts)
