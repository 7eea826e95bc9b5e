"""The audit log. It stands here, above every app, because it has words and links for what each of them wrote."""

import json
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pages.admin.base import LongList, ReadOnly
from pages.admin.unfold import display
from pages.models import AuditEntry

ACTIONS = {
    "page.linked": _("Linked a page to a site"),
    "page.unlinked": _("Unlinked a page from its site"),
    "page.moved": _("Moved a page to another site"),
    "page.connected": _("Linked a page through Facebook"),
    "page.reconnected": _("Connected a page to Facebook again"),
    "page.token_set": _("Entered a page's token"),
    "token.issued": _("Issued an API token"),
    "token.replaced": _("Replaced an API token"),
    "token.revoked": _("Revoked an API token"),
    "token.used_in_query_string": _("Found an API token in the address of a call"),
    "page.disconnected": _("Took a page's access away: whoever connected it removed the app on Facebook"),
    "page.held": _("Put a page on hold"),
    "page.released": _("Let a page send again"),
    "page.policy_enforced": _("Was told that Facebook enforces its policies on a page"),
    "webhook.replayed": _("Had what Facebook told processed again"),
    "page.doubts_decided": _("Decided doubtful deliveries by the page's policy"),
    "installation.disarmed": _("Stopped sending: the database is a restored copy"),
    "installation.arming": _("Asked to let a restored copy send again"),
    "installation.armed": _("Let a restored copy send again"),
    "page.doubt_policy_stated": _("Stated what happens to a page's doubtful deliveries"),
    "optin.revoked": _("Revoked an opt-in"),
    "optin.erased": _("Erased a customer"),
    "customer.erased": _("Erased a customer_id that nobody had agreed under"),
    "person.erased": _("Erased a person by the Facebook id"),
    "customer.exported": _("Exported a customer’s whole file"),
    "consent.exported": _("Took away the consent log as a file"),
    "optin.described": _("Changed what is known of a customer"),
    "optin.export_began": _("Began to export a page's opt-ins"),
    "optin.exported": _("Exported a page's opt-ins"),
    "import.uploaded": _("Uploaded a file of opt-ins"),
    "import.confirmed": _("Let a file of opt-ins be imported"),
    "import.stopped": _("Stopped an import of opt-ins"),
    "import.continued": _("Let a stopped import of opt-ins go on"),
    "import.dropped": _("Dropped an import of opt-ins"),
    "import.ended": _("Imported a file of opt-ins"),
    "delivery.treated_as_sent": _("Treated a doubtful delivery as sent"),
    "delivery.sent_again": _("Sent a doubtful delivery again"),
    "conversation.answered": _("Answered in a conversation"),
    "thread.assigned": _("Gave a conversation to somebody, or back to everybody"),
    "thread.closed": _("Closed a conversation"),
    "thread.reopened": _("Opened a conversation again"),
    "notification.tested": _("Sent a test"),
    "template.created": _("Created a utility template on Facebook"),
    "template.deleted": _("Deleted a utility template on Facebook"),
    "template.synchronised": _("Synchronised a page's utility templates"),
    "campaign.created": _("Created a campaign"),
    "campaign.launched": _("Launched a campaign"),
    "campaign.scheduled": _("Scheduled a campaign"),
    "campaign.unscheduled": _("Took a campaign off the schedule"),
    "campaign.late": _("Found that a campaign had missed its time"),
    "campaign.rescheduled": _("Gave a campaign another time"),
    "campaign.adjusted": _("Changed how a campaign is sent"),
    "campaign.paused": _("Paused a campaign"),
    "campaign.resumed": _("Resumed a campaign"),
    "campaign.cancelled": _("Cancelled a campaign"),
    "button.created": _("Made a button"),
    "button.changed": _("Changed a button"),
    "button.switched_on": _("Switched a button on"),
    "button.switched_off": _("Switched a button off"),
    "button.deleted": _("Deleted a button"),
    "site.tag_changed": _("Changed what a site’s tag is told"),
    "callback.created": _("Set up a site's callback"),
    "callback.changed": _("Changed a site's callback"),
    "callback.started": _("Started a stopped callback again"),
    "callback.hurried": _("Had a failing callback tried at once"),
    "callback.secret_rotated": _("Made a new secret for a callback"),
    "callback.tested": _("Sent a test event to a callback"),
    "callback.replayed": _("Had events sent to a callback again"),
}


class ActionFilter(admin.SimpleListFilter):
    """The known actions; Django's own filter would read the whole log to find them."""

    title = _("what")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class AuditEntryAdmin(ReadOnly[AuditEntry], LongList[AuditEntry]):
    list_display = ("at", "who", "what", "on", "more")
    list_display_links = None
    fields = ("at", "who", "what", "on", "more")
    search_fields = ("subject",)
    search_help_text = _("A subject such as pages.page:7, whole")
    list_filter = (ActionFilter,)
    nothing_yet = _("Nobody has linked, sent, resolved or revoked anything yet.")
    list_select_related = ("actor",)

    @display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        """A person, an API token, or nobody."""
        if entry.actor:
            return entry.actor.get_username()
        token = entry.detail.get("api_token")
        return _("API token “%(name)s”") % token if token else str(_("the system"))

    @display(description=_("what"))
    def what(self, entry: AuditEntry) -> str:
        return str(ACTIONS.get(entry.action, entry.action))

    @display(description=_("subject"))
    def on(self, entry: AuditEntry) -> str:
        url = _address(entry.subject)
        return format_html('<a class="ma-link" href="{}">{}</a>', url, entry.subject) if url else entry.subject

    @display(description=_("detail"))
    def more(self, entry: AuditEntry) -> str:
        return json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The whole subject: what the index audit_by_subject answers."""
        term = search_term.strip()
        return (queryset.filter(subject=term) if term else queryset), False


def _address(subject: str) -> str:
    """The admin's page of `app.model:pk`, or nothing where it has none."""
    label, _colon, pk = subject.partition(":")
    try:
        opts = apps.get_model(label)._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])
    except (LookupError, ValueError, NoReverseMatch):
        return ""


def register() -> None:
    admin.site.register(AuditEntry, AuditEntryAdmin)
