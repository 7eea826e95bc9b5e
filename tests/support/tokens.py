"""API tokens as an administrator issues them."""

from typing import Any

from django.utils import timezone

from pages.models import ApiToken, Page
from pages.scopes import Scope
from pages.services.issuing import Terms, issue


def issued(page: Page, **terms: Any) -> tuple[ApiToken, str]:
    """A token and its secret: for the page's site and with every scope, unless `terms` say otherwise."""
    usual: dict[str, Any] = {"name": "Shop system", "scopes": Scope.values}
    bound = terms if {"site", "pages"} & set(terms) else {"site": page.site} | terms
    return issue(terms=Terms(**usual | bound), actor=None, now=timezone.now())
