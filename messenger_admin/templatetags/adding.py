"""What the button that adds something says: a verb and an article of its own, which a sentence with a gap has not."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models.options import Options
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

WORDS: Mapping[str, str | Promise] = {
    "auth.group": _("Add a group"),
    "auth.user": _("Add a person"),
    "notifications.campaign": _("Prepare a campaign"),
    "notifications.notification": _("Compose a notification"),
    "optins.import": _("Import a file"),
    "optins.optin": _("Enter an opt-in"),
    "pages.apitoken": _("Issue an API token"),
    "pages.page": _("Add a page of iAdvize"),
    "pages.site": _("Add a site"),
}


@register.filter
def add_words(opts: Options[Any]) -> str:
    words = WORDS.get(opts.label_lower)
    return str(words) if words else gettext("Add %(name)s") % {"name": opts.verbose_name}
