"""The doctor's form: a page of the shop as an address or as its source, and what he says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from optins.admin.snippet.blocks import tag_url
from optins.doctor.examining import Case, examine
from optins.doctor.findings import Finding, Level
from optins.services import fetching
from pages.models import Site


class DoctorForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address of the page"),
        required=False,
        max_length=2_000,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=gettext_lazy("Fetched as a visitor who is not logged in sees it, from the public internet."),
    )
    html = forms.CharField(
        label=gettext_lazy("Or its source"),
        required=False,
        strip=False,
        max_length=fetching.MOST_BYTES,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "For a page behind a login: in the browser, “View page source”, and all of it. "
            "With an address too, nothing is fetched: it only says where the source is from."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing pasted is cut off in silence.
        del self.fields["html"].widget.attrs["maxlength"]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            sound = urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
        except ValueError:
            sound = False
        if address and not sound:
            raise forms.ValidationError(_(fetching.MESSAGES["address"]))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["address"] and not cleaned["html"].strip():
            self.add_error("address", _("Give the address of a page, or paste its source."))
        return cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    level: Level
    says: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`level` is the worst of its lines'. `address` is where the page was found in the end; empty for a source."""

    level: Level
    title: str
    address: str
    lines: Sequence[Line]


def verdict_of(form: DoctorForm, site: Site) -> Verdict | None:
    """None where the form, or the fetching, says why not."""
    if not form.is_valid():
        return None
    told, address = form.cleaned_data, ""
    case = {"tag_url": tag_url(site), "sid": site.sid, "origins": site.origins}
    if told["html"].strip():
        return _verdict(examine(Case(**case, html=told["html"], address=told["address"])), address)
    try:
        page = fetching.fetch(told["address"])
    except fetching.CannotFetch as error:
        form.add_error("address", _(error.message) % error.params if error.params else _(error.message))
        return None
    return _verdict(examine(Case(**case, html=page.html, address=page.address, headers=page.headers)), page.address)


def _verdict(found: Sequence[Finding], address: str) -> Verdict:
    level = found[0].level if found else Level.GOOD
    return Verdict(level=level, title=_titles()[level], address=address, lines=[_line(each) for each in found])


def _titles() -> dict[Level, str]:
    return {
        Level.WRONG: _("Nobody can opt in on this page yet"),
        Level.DOUBTFUL: _("It should work; there is something to look at"),
        Level.GOOD: _("All is well on this page"),
    }


def _line(finding: Finding) -> Line:
    return Line(level=finding.level, says=_filled(finding.says, finding), mend=_filled(finding.mend, finding))


def _filled(words: str, finding: Finding) -> str:
    """Without words there is none: gettext answers an empty sentence with the catalogue's own heading."""
    if not words:
        return ""
    return _(words) % finding.params if finding.params else _(words)
