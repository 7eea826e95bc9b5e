"""Screens for sites, their pages, and what keeps a page from sending."""

from pages.admin.api_token import ApiTokenAdmin
from pages.admin.incident import IncidentAdmin
from pages.admin.page import PageAdmin
from pages.admin.site import SiteAdmin

__all__ = ["ApiTokenAdmin", "IncidentAdmin", "PageAdmin", "SiteAdmin"]
