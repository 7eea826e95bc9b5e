"""Who owned a page when: the links of a page or of a site, newest first."""

from django.db.models import QuerySet

from pages.models import Link

# More than a page ever had; the list is read, not searched.
SHOWN = 50


def history(links: QuerySet[Link]) -> QuerySet[Link]:
    return links.select_related("page", "site", "opened_by", "closed_by").defer("page__token").order_by("-id")[:SHOWN]
