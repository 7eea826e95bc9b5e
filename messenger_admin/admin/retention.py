"""How long each kind of data of people is kept, what is due now, and what the daily work last did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrPromise

from messenger_admin.admin.site import Site
from notifications.services.retention import enforcing
from notifications.services.retention.enforcing import Standing
from notifications.services.retention.kinds import KEPT
from pages.retention.kind import Kept, Kind

SEE = "pages.view_auditentry"
COUNTED = 9_999
YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kind as the screen and the command show it."""

    words: StrPromise
    about: StrPromise
    setting: str
    kept: str
    due: str
    oldest: datetime | None
    last: str
    at: datetime | None
    error: str


def rows(*, now: datetime, most: int) -> list[Row]:
    return [_row(each) for each in enforcing.standings(now=now, most=most)]


def _row(standing: Standing) -> Row:
    kind, run = standing.kind, standing.run
    due = number_format(standing.due, use_l10n=True, force_grouping=True)
    return Row(
        words=kind.words,
        about=kind.about,
        setting=kind.setting,
        kept=kept_for(kind),
        due=f"{due}+" if standing.more else due,
        oldest=standing.oldest,
        last=_last(standing),
        at=(run.ended_at or run.begun_at) if run else None,
        error=run.error if run else "",
    )


def kept_for(kind: Kind) -> str:
    keep = kind.keep()
    if kind.how_long:
        return str(kind.how_long)
    return _("for good") if keep is None else in_days(keep)


def in_days(span: timedelta) -> str:
    """`1,826 days (5 years)`: years where the days make whole ones, leap days apart."""
    days = ngettext("%(days)s day", "%(days)s days", span.days) % {
        "days": number_format(span.days, force_grouping=True)
    }
    years, rest = divmod(span.days, YEAR)
    if not years or rest > years // 4 + 1:
        return days
    return _("%(days)s (%(years)s)") % {
        "days": days,
        "years": ngettext("%(count)s year", "%(count)s years", years) % {"count": years},
    }


def _last(standing: Standing) -> str:
    run = standing.run
    if standing.kind.step is None:
        return _("continuously")
    if run is None or run.begun_at is None:
        return _("not yet")
    removed = ngettext("%(count)s removed", "%(count)s removed", run.removed) % {
        "count": number_format(run.removed, force_grouping=True)
    }
    return removed if run.ended_at else _("%(removed)s so far; it goes on") % {"removed": removed}


def files() -> list[Kept]:
    """What lies beside the database."""
    days = getattr(settings, "IMPORT_FILE_DAYS", None)
    found = []
    if days is not None:
        why = _("Until the import ends; what nobody confirmed is dropped after %(days)s (IMPORT_FILE_DAYS).")
        found.append(Kept(words=_("Files of imports"), why=why % {"days": in_days(timedelta(days=days))}))
    if settings.SANDBOX:
        words, why = _("What the sandbox was sent"), _("Until you empty the sandbox. Nobody is behind it.")
        found.append(Kept(words=words, why=why))
    return found


def screen(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    shown = rows(now=timezone.now(), most=COUNTED)
    context = admin.site.each_context(request) | {
        "title": _("Retention"),
        "rows": shown,
        "failed": sum(bool(row.error) for row in shown),
        "kept": [*KEPT, *files()],
    }
    return TemplateResponse(request, "messenger_admin/retention.html", context)


def register() -> None:
    Site.doors.append(path("retention/", admin.site.admin_view(screen), name="retention"))
