"""Giving a file: to which page, how the people in it agreed, and how their days are written."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from optins.admin.transfer.export import WhichPage
from optins.services.importing.storing import LONGEST_PROOF
from optins.transfer.dates import Dates
from optins.transfer.words import FILES
from pages.admin.numbers import grouped

DATES = {
    Dates.ISO: gettext_lazy("2026-11-23 (ISO 8601)"),
    Dates.DAY_FIRST: gettext_lazy("23/11/2026, day first"),
    Dates.MONTH_FIRST: gettext_lazy("11/23/2026, month first"),
}


# Rows for which memory and time were measured (docs/imports.md); a file may have more.
ROWS = 1_000_000


def limits() -> str:
    words = _("Up to %(rows)s rows, and %(size)s MB. Larger? Cut it in two, each with the header.")
    return words % {"rows": grouped(ROWS), "size": grouped(settings.IMPORT_MAX_BYTES // 1_000_000)}


class ToDisk(TemporaryFileUploadHandler):
    """Whatever its size the file goes to the disk, never into memory, and no further than an import may be large.

    The rest is heard out: whoever hangs up on a browser can't tell it why.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.IMPORT_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)


class UploadForm(WhichPage):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,  # said in our own words
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"}),
        error_messages={"required": gettext_lazy("Choose the file.")},
    )
    proof = forms.CharField(
        label=gettext_lazy("How did these people agree?"),
        required=False,
        max_length=LONGEST_PROOF,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Kept as the proof of each agreement whose row has none of its own: where they agreed, to which words. "
            "For example: “Ticked ‘Tell me in Messenger’ in the order form of shop.example, version of March 2026.”"
        ),
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("How the days are written"),
        choices=[(each.value, words) for each, words in DATES.items()],
        initial=Dates.ISO.value,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("A time without its distance from UTC is on the clock of the page’s site."),
    )
    field_order = ("page", "file", "proof", "dates")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].help_text = _("An agreement holds for the page that it was given to, and no other.")
        self.fields["file"].widget.attrs |= {
            "data-most": settings.IMPORT_MAX_BYTES,
            "data-too-big": _(FILES["too_big"]) % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000},
        }

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(_(FILES["too_big"]) % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000})
        return file
