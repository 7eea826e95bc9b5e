"""What the columns of a file mean, and a small file that shows it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from optins.transfer import header


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`example` is empty for a column that the sample leaves out."""

    name: str
    means: str | Promise
    example: str | Promise = ""
    is_required: bool = False


COLUMNS = (
    Column(
        name="customer_id",
        means=gettext_lazy("The shop’s own id of the customer, once in the file."),
        example="FR-2026-871",
        is_required=True,
    ),
    Column(
        name="agreed_at",
        means=gettext_lazy("When the customer agreed."),
        example="2026-03-14T18:05:00+01:00",
        is_required=True,
    ),
    Column(
        name="proof",
        means=gettext_lazy("How this customer agreed. Empty: the sentence for the whole file holds."),
        example=gettext_lazy("Ticked the box in the order form, version 3"),
    ),
    Column(name="address", means=gettext_lazy("The page on which the customer agreed.")),
    Column(name="wording", means=gettext_lazy("The words that the customer agreed to.")),
    Column(name="language", means=gettext_lazy("The language of these words.")),
    Column(name="psid", means=gettext_lazy("The customer’s id on the Facebook page, where you know it.")),
    Column(name="expires_at", means=gettext_lazy("Until when. Empty: as the site’s patterns of ids say.")),
    Column(
        name="purpose",
        means=gettext_lazy("transactional, alert or marketing. Empty: as the site’s patterns of ids say."),
        example="marketing",
    ),
    Column(name="lifetime", means=gettext_lazy("durable or temporary. Empty: as the site’s patterns of ids say.")),
    Column(name="used_up", means=gettext_lazy("yes where one message ends the agreement, otherwise no.")),
    Column(
        name=f"{header.ATTRIBUTE}first_name",
        means=gettext_lazy("What messages may say of the customer: a column for each attribute, under any name."),
        example="Zoé",
    ),
    Column(
        name="state",
        means=gettext_lazy("An export writes it. A row that is not active is refused: its agreement is over."),
    ),
)


def columns() -> Sequence[Column]:
    return COLUMNS


def file() -> HttpResponse:
    """With the cells between which the reader's own Excel splits."""
    text = io.StringIO(newline="")
    shown = [column for column in COLUMNS if column.example]
    writer = csv.writer(text, delimiter=";" if get_language() == "fr" else ",")
    writer.writerow([column.name for column in shown])
    writer.writerow([column.example for column in shown])
    name = f"{_('sample')}.csv"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(header.MARK + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
