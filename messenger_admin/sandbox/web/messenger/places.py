"""The pages that people can write to: Facebook's in the sandbox, and those of the product."""

import sqlite3

from messenger_admin.sandbox.facebook import people as facebook
from messenger_admin.sandbox.web.threads import Owner, owner
from pages.models import Page


def named(store: sqlite3.Connection, page_ids: set[str]) -> dict[str, str]:
    """Names by page id; the product's own where it has one."""
    on_facebook = {one: page.name for one in page_ids if (page := facebook.page(store, one))}
    return on_facebook | dict(Page.objects.filter(page_id__in=page_ids).values_list("page_id", "name"))


def find(store: sqlite3.Connection, page_id: str) -> Owner | None:
    """None where neither Facebook nor the product knows the page."""
    known = named(store, {page_id})
    if page_id not in known:
        return None
    found = owner(page_id)
    return Owner(page_id=page_id, name=known[page_id], zone=found.zone)


def offered(store: sqlite3.Connection) -> list[tuple[str, str]]:
    """Those whom somebody could open: whom the app hears of first, then what else the product has."""
    heard = [row["page_id"] for row in store.execute("SELECT page_id FROM facebook_subscriptions")]
    names = named(store, set(heard))
    first = sorted(((one, names.get(one, one)) for one in heard), key=lambda page: page[1])
    rest = Page.objects.exclude(page_id__in=heard).order_by("name").values_list("page_id", "name")
    return [*first, *rest[:200]]
