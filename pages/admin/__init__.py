"""Screens for sites, their pages, and what keeps a page from sending."""

from pages.admin.api_token import ApiTokenAdmin
from pages.admin.button import ButtonAdmin
from pages.admin.incident import IncidentAdmin
from pages.admin.page import PageAdmin
from pages.admin.site import SiteAdmin
from pages.admin.webhook_event import WebhookEventAdmin
from pages.admin.webhook_post import WebhookPostAdmin

__all__ = [
    "ApiTokenAdmin",
    "ButtonAdmin",
    "IncidentAdmin",
    "PageAdmin",
    "SiteAdmin",
    "WebhookEventAdmin",
    "WebhookPostAdmin",
]
