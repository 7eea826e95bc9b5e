"""Questions about pages and their links."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet
from pages.states import PAGE_MOVES

if TYPE_CHECKING:
    from pages.models import ApiToken, Link, Page
    from pages.models.button import Wording


class PageQuerySet(MovingQuerySet["Page"]):
    moves = PAGE_MOVES

    def linked(self) -> "PageQuerySet":
        """Pages that belong to a site today."""
        return self.filter(links__closed_at=None, links__isnull=False)


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> "LinkQuerySet":
        return self.filter(closed_at=None)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self, now: datetime) -> "ApiTokenQuerySet":
        """Tokens that hold: neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def opening(self, page: object) -> "ApiTokenQuerySet":
        """Tokens that open the page as it is linked now. `page` is a page, its key, or an OuterRef to it."""
        links = {"bindings__site__links__closed_at": None, "bindings__site__links__page": page}
        return self.filter(Q(bindings__page=None) | Q(bindings__page=F("bindings__site__links__page")), **links)


class WordingQuerySet(AppendOnlyQuerySet["Wording"]):
    """Texts that were shown."""
