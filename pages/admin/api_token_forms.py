"""What an administrator chooses about an API token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
)

from pages.admin.forms import SiteChoice, sites_with_pages
from pages.admin.widgets import SearchableSelect, SearchableSelectMultiple
from pages.models import ApiToken, Link, Page, Site
from pages.scopes import Scope
from pages.services.issuing import Terms

# Days; empty is for ever.
LIFETIMES = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("A year")),
    ("", gettext_lazy("It does not expire")),
]
# Minutes.
OVERLAPS = [
    ("0", gettext_lazy("At once")),
    ("60", gettext_lazy("In an hour")),
    ("1440", gettext_lazy("In a day")),
    ("10080", gettext_lazy("In a week")),
]
OPEN_LINKS = Link.objects.open().select_related("site")


class PageChoice(forms.ModelMultipleChoiceField[Page]):
    """Linked pages, each with its site: a token opens no others."""

    def label_from_instance(self, obj: Page) -> str:
        return f"{obj} – {obj.links.all()[0].site.name}"


class ApiTokenForm(forms.ModelForm[ApiToken]):
    """The terms of a new token; the form itself stores nothing."""

    site = SiteChoice(
        label=gettext_lazy("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("No site: only the pages below"),
        widget=SearchableSelect,
        help_text=gettext_lazy("It opens the page that the site has, today and later."),
    )
    pages = PageChoice(
        label=gettext_lazy("Or pages"),
        queryset=Page.objects.none(),
        required=False,
        widget=SearchableSelectMultiple,
        help_text=gettext_lazy("It opens each of them for as long as that page belongs to the site that it has now."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=[(scope.value, format_lazy("{} ({})", scope.label, scope.value)) for scope in Scope],
        initial=[Scope.MESSAGES_SEND.value, Scope.MESSAGES_READ.value],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("As little as the system needs. It can't be changed later: issue another token then."),
    )
    lifetime = forms.ChoiceField(
        label=gettext_lazy("Expires after"),
        choices=LIFETIMES,
        required=False,
        initial="365",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = ApiToken
        fields = ("name", "requests_per_second")
        help_texts = {
            "requests_per_second": gettext_lazy("More than that is answered with 429 and when to try again."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites_with_pages()  # type: ignore[attr-defined]  # a SiteChoice
        self.fields["pages"].queryset = (  # type: ignore[attr-defined]  # a PageChoice
            Page.objects.linked().defer("token").prefetch_related(Prefetch("links", OPEN_LINKS))
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        site, pages = self.cleaned_data.get("site"), self.cleaned_data.get("pages")
        if not {"site", "pages"} & set(self.errors) and bool(site) == bool(pages):
            self.add_error("site", _("A token is for one site, or for pages: choose one of the two."))
        return cleaned

    def terms(self, now: datetime) -> Terms:
        chosen = self.cleaned_data
        days = chosen["lifetime"]
        return Terms(
            name=chosen["name"],
            scopes=chosen["scopes"],
            site=chosen["site"],
            pages=list(chosen["pages"]),
            expires_at=now + timedelta(days=int(days)) if days else None,
            requests_per_second=chosen["requests_per_second"],
        )


class ReplaceForm(forms.Form):
    overlap = forms.ChoiceField(
        label=gettext_lazy("When does the old one end?"),
        choices=OVERLAPS,
        initial="0",
        widget=UnfoldAdminRadioSelectWidget,
    )

    def old_until(self, now: datetime) -> datetime:
        return now + timedelta(minutes=int(self.cleaned_data["overlap"]))
