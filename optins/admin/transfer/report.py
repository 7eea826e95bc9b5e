"""What was refused and why: counts by reason with the first rows of each, and the whole of it as a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from optins.models import Import, Refusal
from optins.transfer import header
from optins.transfer.words import REFUSALS

CHUNK = 2_000
# Rows shown under each reason, and the refusals among which they are looked for besides the first of each.
EXAMPLES = 3
LOOKED_AT = 500


@dataclass(slots=True, kw_only=True)
class Reason:
    """Rows refused for one reason; `examples` are the first of them."""

    count: int
    examples: list[Refusal] = field(default_factory=list)


def words_of(refusal: Refusal) -> str:
    """A code that a later version knows and this one does not is shown as it is."""
    sentence = REFUSALS.get(refusal.code)
    return _(sentence) % {"detail": refusal.detail} if sentence else refusal.code


def reasons_of(of: Import) -> Sequence[Reason]:
    """Most frequent first."""
    mine = Refusal.objects.filter(of=of)
    counted = list(mine.values("code").annotate(count=Count("pk"), first=Min("line")).order_by("-count", "code"))
    reasons = {row["code"]: Reason(count=row["count"]) for row in counted}
    firsts = mine.filter(line__in=[row["first"] for row in counted])
    early = mine.order_by("line")[:LOOKED_AT]
    for refusal in {each.pk: each for each in (*firsts.order_by("line"), *early)}.values():
        # A run that goes on meanwhile may have refused for a reason that was not counted yet.
        reason = reasons.get(refusal.code)
        if reason and len(reason.examples) < EXAMPLES:
            reason.examples.append(refusal)
    for reason in reasons.values():
        reason.examples.sort(key=lambda each: each.line)
    return list(reasons.values())


def file_of(of: Import, *, now: datetime) -> StreamingHttpResponse:
    """Every refused row, in the order of the file."""
    name = f"{_('refused')}-{of.pk}-{timezone.localtime(now):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    pieces = _pieces(of, get_language() or "en")
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _pieces(of: Import, language: str) -> Iterator[str]:
    """Piece by piece, each in the reader's language: who iterates has none of its own."""
    with override(language):
        first = header.MARK + _csv([[_("line"), "customer_id", _("reason"), _("code")]])
    yield first
    last, rows = 0, Refusal.objects.filter(of=of).order_by("line")
    while chunk := list(rows.filter(line__gt=last)[:CHUNK]):
        with override(language):
            piece = _csv([str(each.line), each.customer_id, words_of(each), each.code] for each in chunk)
        yield piece
        last = chunk[-1].line


def _csv(lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[header.guarded(cell) for cell in line] for line in lines])
    return text.getvalue()
