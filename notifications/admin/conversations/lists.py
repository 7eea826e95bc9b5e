"""Which conversations are listed: a tab, a page, or what somebody searched for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from notifications.admin import times
from notifications.admin.conversations.rows import Row, beside, rows
from notifications.admin.lookups import by_pk
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from pages.conversations import searching
from pages.conversations.listing import PER_PAGE, Place, Which, after, threads
from pages.conversations.words import SHORTEST_BEGINNING, cut
from pages.models import Page, Thread
from pages.states import GatewayKind

TABS: dict[Which, str | Promise] = {
    Which.OPEN: pgettext_lazy("conversations", "Open"),
    Which.UNREAD: pgettext_lazy("conversations", "Unread"),
    Which.MINE: pgettext_lazy("conversations", "Mine"),
    Which.NOBODYS: pgettext_lazy("conversations", "Nobody's"),
    Which.CLOSED: pgettext_lazy("conversations", "Closed"),
}
NOTHING: dict[Which, str | Promise] = {
    Which.OPEN: gettext_lazy("No conversation is open."),
    Which.UNREAD: gettext_lazy("Everything is read."),
    Which.MINE: gettext_lazy("No open conversation is yours."),
    Which.NOBODYS: gettext_lazy("Every open conversation is somebody's."),
    Which.CLOSED: gettext_lazy("No conversation is closed."),
}
# So many customers of the beginning that was typed are looked at, and so many of them taken.
MOST_LOOKED_AT, MOST_CUSTOMERS = 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; whatever it says that nobody could have chosen counts as not said."""

    which: Which
    page: Page | None
    words: str
    before: Place | None

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        chosen = query.get("is", "")
        return cls(
            which=Which(chosen) if chosen in list(Which) else Which.OPEN,
            page=by_pk(Page.objects.defer("token"), query.get("page")),
            words=query.get("q", "").replace("\0", "").strip()[:200],
            before=Place.read(query.get("before", "")),
        )

    def query(self, **changes: str) -> str:
        """The address's own query, with changes."""
        said = {"is": self.which.value, "page": str(self.page.pk) if self.page else "", "q": self.words, **changes}
        made = QueryDict(mutable=True)
        made.update({name: value for name, value in said.items() if value and (name, value) != ("is", Which.OPEN)})
        return made.urlencode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`older` is the place after which the list goes on, or empty."""

    rows: list[Row]
    older: str = ""


def listed(asked: Asked, *, user: AbstractBaseUser, now: datetime) -> Listed:
    if asked.words:
        return _found(asked, now)
    of_tab = threads(which=asked.which, user=user, page_pk=asked.page.pk if asked.page else None)
    found = list(beside(after(of_tab, asked.before))[: PER_PAGE + 1])
    shown = rows(found[:PER_PAGE], now)
    return Listed(rows=shown, older=shown[-1].place if len(found) > PER_PAGE else "")


def pages() -> list[tuple[int, str]]:
    """Those that are linked directly, and those that were and have conversations still; each with its site's name."""
    mirrored = Exists(Thread.objects.filter(page=OuterRef("pk")))
    rows = Page.objects.filter(Q(gateway=GatewayKind.META) | mirrored).defer("token").order_by("name", "pk")
    sites = ((page, times.link_of(page)) for page in times.with_links(rows))
    return [(page.pk, f"{page.name} · {link.site.name}" if link else page.name) for page, link in sites]


def _found(asked: Asked, now: datetime) -> Listed:
    """First whom an id names, then by name, then by what was said; each once. Closed ones too: one is looked for."""
    narrowed = {"page_id": asked.page.pk} if asked.page else {}
    found = searching.said(asked.words, **narrowed)
    said = {each.thread_pk: replace(each, text=cut(each.text, asked.words)) for each in found}
    order = [*_by_id(asked.words, narrowed), *searching.named(asked.words, **narrowed), *said]
    order = list(dict.fromkeys(order))[: searching.MOST_THREADS]
    by_key = {thread.pk: thread for thread in beside(Thread.objects.filter(pk__in=order))}
    return Listed(rows=rows([by_key[pk] for pk in order if pk in by_key], now, found=said))


def _by_id(words: str, narrowed: dict[str, Any]) -> Iterator[int]:
    yield from Thread.objects.filter(psid=words, **narrowed).values_list("pk", flat=True)[:MOST_CUSTOMERS]
    beginning = words.removesuffix("*")
    people = _people(OptIn.objects.filter(customer_id=words, **narrowed))
    if not people and len(beginning) >= SHORTEST_BEGINNING:
        people = _people(OptIn.objects.with_prefix(beginning).filter(**narrowed))
    if people:
        of_them = Q()
        for page_id, psid in people:
            of_them |= Q(page_id=page_id, psid=psid)
        yield from Thread.objects.filter(of_them).values_list("pk", flat=True)


def _people(optins: OptInQuerySet) -> list[tuple[int, str]]:
    """Those whose person is known; where nobody's is, as with iAdvize, the look ends all the same."""
    looked_at = optins.order_by().values_list("page_id", "recipient__psid")[:MOST_LOOKED_AT]
    return [(page_id, psid) for page_id, psid in looked_at if psid][:MOST_CUSTOMERS]
