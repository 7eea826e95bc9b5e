"""Which of the offered pages can be linked, and which can't because of whom or what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from pages.models import Link, Page, Site
from pages.services.offers import OfferedPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`held_by` is the site that the page belongs to today; `before` the last one it belonged to, if that is free.

    `known` is the page's row, where there is one.
    """

    page: OfferedPage
    held_by: Site | None = None
    before: Site | None = None
    known: int | None = None

    @property
    def is_free(self) -> bool:
        return self.held_by is None and self.page.is_complete


def choices(offered: Sequence[OfferedPage]) -> list[Choice]:
    """What can be linked first, each part in the order of names; three queries however many pages."""
    ids = [page.page_id for page in offered]
    known = dict(Page.objects.filter(page_id__in=ids).values_list("page_id", "pk"))
    links = Link.objects.filter(page__page_id__in=ids).select_related("site", "page").defer("page__token")
    held: dict[str, Site] = {}
    last: dict[str, Site] = {}
    for link in links.order_by("pk"):
        last[link.page.page_id] = link.site
        if link.closed_at is None:
            held[link.page.page_id] = link.site
    free = set(free_sites().filter(pk__in=[site.pk for site in last.values()]).values_list("pk", flat=True))
    found = [
        Choice(
            page=page,
            held_by=held.get(page.page_id),
            before=site if (site := last.get(page.page_id)) and site.pk in free else None,
            known=known.get(page.page_id),
        )
        for page in offered
    ]
    return sorted(found, key=lambda choice: not choice.is_free)


def free_sites() -> QuerySet[Site]:
    """Sites that have no page today."""
    return Site.objects.exclude(links__in=Link.objects.open())
