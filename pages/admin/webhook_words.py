"""What Facebook's events and their states are called on screens, and what became of one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pages.admin.base import badge
from pages.models import Page, Thread, WebhookEvent
from pages.models.webhook import EventState

KINDS: Mapping[str, str | Promise] = {
    "message": pgettext_lazy("webhook", "Message"),
    "postback": pgettext_lazy("webhook", "Tapped button"),
    "referral": pgettext_lazy("webhook", "Arrival by a link"),
    "optin": pgettext_lazy("webhook", "Opt-in of Facebook's plugin"),
    "delivery": pgettext_lazy("webhook", "Delivery receipt"),
    "read": pgettext_lazy("webhook", "Read receipt"),
    "echo": pgettext_lazy("webhook", "Echo of a sent message"),
    "reaction": pgettext_lazy("webhook", "Reaction"),
    "policy": pgettext_lazy("webhook", "Policy enforcement"),
    "template_status": pgettext_lazy("webhook", "Status of a template"),
    "handover": pgettext_lazy("webhook", "Handover between apps"),
}
# The states in the colours that screens have for such things.
_COLOURS: Mapping[str, str] = {
    EventState.WAITING: "running",
    EventState.DONE: "finished",
    EventState.FAILED: "open",
    EventState.IGNORED: "ignored",
}


def kind(event: WebhookEvent) -> str:
    """Facebook's own word where there is none of ours."""
    return str(KINDS.get(event.kind, event.kind))


def state_badge(event: WebhookEvent) -> SafeString:
    return badge(_COLOURS[event.state], event.get_state_display())


def outcome(event: WebhookEvent, page: Page | None) -> str:
    """A sentence about what became of it."""
    if event.state == EventState.DONE:
        return _("It was handed on, and all that follows from it was stored with it.")
    if event.state == EventState.WAITING:
        return _("It will be tried again by itself.") if event.tries else _("It waits for a worker.")
    if event.state == EventState.FAILED:
        return _("It failed at every try. Once the cause is gone, have it processed again; nothing happens twice.")
    if event.kind not in KINDS:
        return _("Nothing here knows this kind of event. It is kept as it came.")
    if page is None:
        return _("This page is not known here. Link it, then have the event processed again.")
    return _("The page belonged to no site. Link it, then have the event processed again.")


def page_cell(event: WebhookEvent) -> SafeString | str:
    """The page as it is known here (annotated), else its id."""
    pk, name = getattr(event, "page_pk", None), getattr(event, "page_name", "")
    if pk is None:
        return event.page_id or "–"
    url = reverse("admin:pages_page_change", args=[pk])
    return format_html('<a class="ma-link" href="{}">{}</a>', url, name)


def person_cell(event: WebhookEvent, page: Page | None) -> SafeString | str:
    """The PSID, and the way to the conversation where there is one."""
    thread = Thread.objects.filter(page=page, psid=event.psid).first() if page and event.psid else None
    if thread is None:
        return event.psid or "–"
    url = _address(thread)
    return format_html('<a class="ma-link" href="{}">{}</a>', url, thread) if url else str(thread)


def _address(thread: Thread) -> str:
    try:
        return reverse("admin:pages_thread_change", args=[thread.pk])
    except NoReverseMatch:
        return ""


def excerpt(error: str) -> SafeString | str:
    first = error.partition("\n")[0]
    return format_html('<span class="ma-wrap">{}</span>', first[:200]) if first else ""


def moment(at: datetime) -> SafeString:
    """On one line, however narrow the column."""
    return format_html('<span class="ma-moment">{}</span>', date_format(localtime(at), "DATETIME_FORMAT"))


def pre(text: Any) -> SafeString:
    return format_html('<pre class="ma-pre" tabindex="0">{}</pre>', text)


ALL_KINDS = list(KINDS.items())
NOT_ANY_MORE = gettext_lazy("It is not kept any more, or waits already.")
