"""Times as people read and write them: on the clock of the page's site, with the zone said."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from babel import Locale
from babel.dates import format_datetime
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from pages.models import Link, Page

M = TypeVar("M", bound=models.Model)


class NotOnTheClock(ValueError):
    """A wall-clock time that never comes, or comes twice; `str()` says so in the person's language."""


def with_zones(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Rows that have a `page`, with what `zone_of` needs, in one more query for all of them."""
    return rows.prefetch_related(_open_links("page__links"))


def with_links(pages: models.QuerySet[Page]) -> models.QuerySet[Page]:
    """The same for pages themselves."""
    return pages.prefetch_related(_open_links("links"))


def _open_links(path: str) -> "Prefetch[str, models.QuerySet[Link], str]":
    return Prefetch(path, queryset=Link.objects.open().select_related("site"), to_attr="open_links")


def link_of(page: Page) -> Link | None:
    """The page's open link, fetched before or now."""
    links: list[Link] | None = getattr(page, "open_links", None)
    return page.open_link if links is None else next(iter(links), None)


def zone_of(page: Page) -> tzinfo:
    """The zone of the site that the page belongs to; the product's own for a page without a site."""
    link = link_of(page)
    return link.site.zone if link else timezone.get_default_timezone()


def on_the_clock(wall: datetime, zone: tzinfo) -> datetime:
    """The instant at which clocks in `zone` show `wall`; raises NotOnTheClock unless there is exactly one."""
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
    if before == after:
        return first.astimezone(UTC)
    words = {"time": wall.strftime("%H:%M"), "day": day(wall.date()), "zone": str(zone)}
    if before < after:
        raise NotOnTheClock(
            _(
                "%(time)s does not exist on %(day)s in %(zone)s: the clocks jump over it. "
                "Choose an earlier or a later time."
            )
            % words
        )
    raise NotOnTheClock(
        _("%(time)s comes twice on %(day)s in %(zone)s: the clocks go back over it. Choose an earlier or a later time.")
        % words
    )


def day(on: date | datetime) -> str:
    return _format(datetime.combine(on, time.min, tzinfo=UTC), "d MMM y", UTC)


def said(at: datetime, zone: tzinfo) -> str:
    """For a sentence: 22 Nov 2026 at 14:03:11 (Europe/Paris)."""
    parts = {"day": _format(at, "d MMM y", zone), "time": _format(at, "HH:mm:ss", zone), "zone": str(zone)}
    return _("%(day)s at %(time)s (%(zone)s)") % parts


def said_to_the_minute(at: datetime, zone: tzinfo) -> str:
    """The same for what is planned: 22 Nov 2026 at 14:00 (Europe/Paris)."""
    parts = {"day": _format(at, "d MMM y", zone), "time": _format(at, "HH:mm", zone), "zone": str(zone)}
    return _("%(day)s at %(time)s (%(zone)s)") % parts


def said_of_today(at: datetime, zone: tzinfo) -> str:
    """For what is near: 14:00 (Europe/Paris)."""
    return _("%(time)s (%(zone)s)") % {"time": clock(at, zone), "zone": zone}


def clock(at: datetime, zone: tzinfo) -> str:
    """The time of day, for something of today."""
    return _format(at, "HH:mm", zone)


def cell(at: datetime | None, zone: tzinfo) -> SafeString | str:
    """For a column: 22 Nov 2026, 14:03 CET, on two lines where it is narrow; the full zone on pointing."""
    if at is None:
        return "–"
    local = at.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}" class="ledger-time"><span>{},</span> <span>{} <small>{}</small></span></time>',
        local.isoformat(),
        said(at, zone),
        _format(at, "d MMM y", zone),
        clock(at, zone),
        local.tzname() or str(zone),
    )


def _format(at: datetime, pattern: str, zone: tzinfo) -> str:
    locale = Locale.parse(to_locale(get_language() or "en"))
    return str(format_datetime(at, pattern, tzinfo=zone, locale=locale))
