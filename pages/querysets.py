"""Questions about pages and their links."""

from typing import TYPE_CHECKING

from django.db import models

from pages.moves import MovingQuerySet
from pages.states import PAGE_MOVES

if TYPE_CHECKING:
    from pages.models import Link, Page


class PageQuerySet(MovingQuerySet["Page"]):
    moves = PAGE_MOVES

    def linked(self) -> "PageQuerySet":
        """Pages that belong to a site today."""
        return self.filter(links__closed_at=None, links__isnull=False)


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> "LinkQuerySet":
        return self.filter(closed_at=None)
