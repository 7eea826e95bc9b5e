"""The sidebar, by job: what a person may not see is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messenger_admin.admin import waiting

DELIVERIES = "admin:notifications_delivery_changelist"
IN_DOUBT = "state=unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A link of the sidebar. `query` narrows a list; `badge` counts what waits there, cheaply, and may be empty."""

    title: str | Promise
    icon: str
    url: str
    permission: str
    query: str = ""
    badge: Callable[[], str] | None = None

    @property
    def link(self) -> str:
        return f"{reverse(self.url)}?{self.query}" if self.query else reverse(self.url)

    def is_active(self, request: HttpRequest) -> bool:
        """A narrowed list is active by its query; its siblings of the same address are active without it."""
        if not request.path.startswith(reverse(self.url)):
            return False
        narrowed = IN_DOUBT in request.META.get("QUERY_STRING", "")
        return bool(self.query) == narrowed if self.url == DELIVERIES else True

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        """The item in unfold's shape."""
        return {
            "title": self.title,
            "icon": self.icon,
            "link": self.link,
            "active": self.is_active(request),
            "badge": self.badge() if self.badge else "",
            "badge_variant": "danger",
        }


def changelist(model: str) -> str:
    return f"admin:{model.replace('.', '_')}_changelist"


def _list(title: str | Promise, icon: str, model: str, badge: Callable[[], str] | None = None) -> Item:
    app, name = model.split(".")
    return Item(title=title, icon=icon, url=changelist(model), permission=f"{app}.view_{name}", badge=badge)


GROUPS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Compose"),
        (
            _list(_("Notifications"), "chat_bubble", "notifications.notification"),
            _list(_("Campaigns"), "campaign", "notifications.campaign"),
            _list(_("Utility templates"), "approval", "notifications.utilitytemplate"),
        ),
    ),
    (
        _("Support"),
        (
            _list(_("Conversations"), "forum", "pages.thread", waiting.unread),
            _list(_("Delivery history"), "history", "notifications.delivery"),
            Item(
                title=pgettext_lazy("deliveries", "In doubt"),
                icon="help",
                url=DELIVERIES,
                query=IN_DOUBT,
                permission="notifications.view_delivery",
                badge=waiting.in_doubt,
            ),
            _list(_("Opt-ins"), "how_to_reg", "optins.optin"),
            _list(_("Imports"), "upload_file", "optins.import"),
            _list(_("Consent log"), "receipt_long", "optins.consentevent"),
        ),
    ),
    (
        _("Set-up"),
        (
            _list(_("Sites"), "storefront", "pages.site"),
            _list(_("Facebook pages"), "flag", "pages.page"),
            _list(_("Buttons"), "ads_click", "pages.button"),
            _list(pgettext_lazy("sidebar", "Tag"), "code", "optins.tagfinding"),
            _list(_("Patterns of ids"), "fingerprint", "optins.idpattern"),
            _list(_("Callbacks"), "webhook", "notifications.callback"),
            _list(_("Log of calls"), "swap_vert", "notifications.callbackcall"),
            _list(pgettext_lazy("sidebar", "API tokens"), "key", "pages.apitoken"),
            Item(title=_("API"), icon="api", url="documentation:page", permission="pages.view_apitoken"),
            _list(_("Incidents"), "warning", "pages.incident", waiting.incidents),
            _list(_("Facebook’s events"), "move_to_inbox", "pages.webhookevent", waiting.failed_events),
            _list(_("People"), "person", "auth.user"),
            _list(_("Groups"), "group", "auth.group"),
            _list(_("Audit log"), "policy", "pages.auditentry"),
            Item(title=_("Retention"), icon="auto_delete", url="admin:retention", permission="pages.view_auditentry"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = [{"title": "", "items": [_today(request)]}]
    for title, items in GROUPS:
        allowed = [item.shown(request) for item in items if request.user.has_perm(item.permission)]
        groups.append({"title": title, "items": allowed})
    if settings.SANDBOX:
        groups.append({"title": _("Sandbox"), "items": [_sandbox()]})
    return groups


def _today(request: HttpRequest) -> dict[str, Any]:
    index = reverse("admin:index")
    return {"title": _("Today"), "icon": "today", "link": index, "active": request.path == index}


def _sandbox() -> dict[str, Any]:
    """Outside the admin, and never where people are: the caller asks the settings whether it is there."""
    url = reverse("sandbox:customers")
    return {"title": _("Messenger on this machine"), "icon": "phone_iphone", "link": url, "active": False}
