"""Words for the names that stand within JSON: proofs, looks, messages. Whatever else it holds keeps its own name."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

LABELS: Mapping[str, StrPromise] = {
    "source": _("source"),
    "note": _("note"),
    "keyword": _("keyword"),
    "wording": _("wording"),
    "button": _("button"),
    "url": _("address (URL)"),
    "address": _("address (URL)"),
    "look": _("look"),
    "language": _("language"),
    "clicked_at": _("clicked"),
    "invitation": _("click"),
    "question": _("question"),
    "arrival": _("arrival"),
    "answer": _("answer"),
    "words": _("words"),
    "at": _("when"),
    "event": _("event on Facebook"),
    "referral": _("link"),
    "code": _("code"),
    "version": _("version"),
    "again": _("asked again"),
    "was": _("was before"),
    "delivery": _("delivery"),
    "purpose": _("may be used for"),
    "used_up": _("used up by being sent"),
    "text": _("text"),
    "attachment": _("attachment"),
    "attachments": _("attachments"),
    "type": _("kind"),
    "title": _("title"),
    "subtitle": _("subtitle"),
    "buttons": _("buttons"),
    "elements": _("cards"),
    "quick_replies": _("quick replies"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "kind": _("kind"),
    "size": _("size"),
    "colour": _("colour"),
    "label": _("label"),
}


def label_of(name: str) -> str | StrPromise:
    return LABELS.get(name, name)
