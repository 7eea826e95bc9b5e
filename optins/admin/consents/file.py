"""The consent log as a file: what the list was narrowed to, streamed, the oldest first."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from optins.admin.consents import people
from optins.admin.consents.filters import zone_asked_for
from optins.models import ConsentEvent
from optins.transfer.header import MARK, guarded
from pages import audit
from pages.admin.base import actor_of
from pages.admin.unfold import ModelAdmin

# Rows that are read at once: as flat in memory for a million as for ten.
CHUNK = 2_000
HEADS = ("id", "at", "event", "customer_id", "page_id", "by", "evidence")


class LogFile(ModelAdmin[ConsentEvent]):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.file_view))
        return [path("file/", view, name="optins_consentevent_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest) -> HttpResponseBase:
        """The query is that of the list, so that its filters hold. Whoever takes the log away is written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist: ChangeList = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            messages.warning(request, _("The list can’t be narrowed like that. Choose its filters anew."))
            return HttpResponseRedirect(reverse("admin:optins_consentevent_changelist"))
        # Not what was asked for: that may be a customer's id, which an erasure would have to find again.
        narrowed = sorted(name for name, value in request.GET.items() if value)
        actor = actor_of(request)
        audit.record(actor=actor, action="consent_log.exported", subject=actor, narrowed_by=narrowed)
        name = f"consent-log-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            lines(changelist.queryset, zone_asked_for(request)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def lines(events: QuerySet[ConsentEvent], zone: tzinfo) -> Iterator[str]:
    """By id, each chunk behind the last: no cursor stays open between them, and no transaction."""
    yield MARK + _csv([list(HEADS)])
    last, ordered = 0, events.order_by("pk")
    while chunk := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield _csv([_cells(event, zone) for event in chunk])
        last = chunk[-1].pk


def _cells(event: ConsentEvent, zone: tzinfo) -> list[str]:
    cells: list[Any] = [
        event.pk,
        event.at.astimezone(zone).isoformat(),
        event.kind,
        event.optin.customer_id,
        event.optin.page.page_id,
        people.who(event),
        json.dumps(event.evidence, ensure_ascii=False) if event.evidence else "",
    ]
    return [guarded(str(cell)) for cell in cells]


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
