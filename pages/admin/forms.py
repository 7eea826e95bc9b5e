"""What a person enters about a page."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from pages import page_ids
from pages.admin.doubts import DoubtsForm
from pages.admin.widgets import SearchableSelect
from pages.models import AuditEntry, Link, Page, Site
from pages.services.links import PageHeld, SiteHeld
from pages.states import GatewayKind


def sites_with_pages() -> QuerySet[Site]:
    links = Link.objects.open().select_related("page").defer("page__token")
    return Site.objects.prefetch_related(Prefetch("links", links, to_attr="open_links"))


class SiteChoice(forms.ModelChoiceField[Site]):
    """Every site, each that holds a page with that page's name: it can't be had, and one sees why."""

    def label_from_instance(self, obj: Site) -> str:
        links: list[Link] = getattr(obj, "open_links", [])
        return f"{obj} – {links[0].page.name}" if links else str(obj)


class PageForm(DoubtsForm):
    """`site` opens a link and never closes one. `new_token` is written and never shown; empty keeps what is stored."""

    # Longer than the id: people paste the whole link.
    page_id = forms.CharField(
        label=gettext_lazy("Page id"),
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The digits in the page's Messenger link, or the whole link: m.me/322837607840703."),
    )
    site = SiteChoice(
        label=gettext_lazy("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("No site yet"),
        widget=SearchableSelect,
        help_text=gettext_lazy("A page belongs to one site, and a site has one page."),
    )
    new_token = forms.CharField(
        label=gettext_lazy("Token"),
        max_length=4096,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Page
        fields = (
            *("page_id", "name", "gateway", "messages_per_second", "disclosure", "human_agent"),
            *DoubtsForm.Meta.fields,
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current_site = self.instance.site if self.instance.pk else None
        if "site" in self.fields:
            self.fields["site"].queryset = sites_with_pages()  # type: ignore[attr-defined]  # a SiteChoice
            self.initial["site"] = self.current_site
        if "new_token" in self.fields:
            self.fields["new_token"].help_text = token_words(self.instance)
        if "gateway" in self.fields:
            self.fields["gateway"].choices = self._gateways()  # type: ignore[attr-defined]  # a ChoiceField

    def _gateways(self) -> list[tuple[str, Any]]:
        """The sandbox is offered where there is one, Facebook by a login alone; what a page has already stays."""
        offered = {GatewayKind.IADVIZE, self.instance.gateway} | ({GatewayKind.SANDBOX} if settings.SANDBOX else set())
        return [(value, label) for value, label in GatewayKind.choices if value in offered]

    def clean_page_id(self) -> str:
        page_id = page_ids.find(self.cleaned_data["page_id"])
        known = Page.objects.defer("token").filter(page_id=page_id).exclude(pk=self.instance.pk).first()
        if known and known.site:
            raise forms.ValidationError(str(PageHeld(known, known.site)))
        if known:
            raise forms.ValidationError(
                _("This page is here already, as “%(name)s”. Open it and choose its site.") % {"name": known.name}
            )
        return page_id

    def clean_site(self) -> Site | None:
        site: Site | None = self.cleaned_data["site"]
        if self.current_site and site is None:
            raise forms.ValidationError(
                _("This page belongs to %(site)s. To end that, use “Unlink”.") % {"site": self.current_site}
            )
        if self.current_site and site != self.current_site:
            raise forms.ValidationError(str(PageHeld(self.instance, self.current_site)))
        if site and not self.current_site:
            self._refuse_if_held(site)
        return site

    def _refuse_if_held(self, site: Site) -> None:
        link = Link.objects.open().filter(site=site).select_related("page").defer("page__token").first()
        if link:
            raise forms.ValidationError(str(SiteHeld(site, link.page)))

    def clean_new_token(self) -> str:
        token: str = self.cleaned_data["new_token"]
        if any(letter.isspace() for letter in token):
            raise forms.ValidationError(_("A token holds no blanks and no line breaks: copy it again, alone."))
        return token

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        gateway = self.cleaned_data.get("gateway", self.instance.gateway)
        if gateway == GatewayKind.META and self.cleaned_data.get("site") and not self.current_site:
            self.add_error(
                "site",
                _("This page goes through Facebook: “Add pages from Facebook” gives it its site, and a new token."),
            )
        if self.errors and self.cleaned_data.get("new_token"):
            self.add_error("new_token", _("Enter the token again: it is never sent back to the browser."))
        return cleaned


def token_words(page: Page) -> str:
    """What is known of a page's token, without reading it."""
    if page.gateway == GatewayKind.META:
        return _("Facebook gives it when the page is connected; it is never shown.")
    if not getattr(page, "has_token", False):
        return _("The page has no token yet, and can't send without one. What you enter is never shown again.")
    stored = AuditEntry.objects.filter(subject=f"pages.page:{page.pk}", action="page.token_set").first()
    if stored is None:
        return _("A token is stored. Leave this empty to keep it; what you enter is never shown again.")
    return _("A token is stored since %(when)s – leave this empty to keep it. What you enter is never shown again.") % {
        "when": date_format(localtime(stored.at), "DATETIME_FORMAT")
    }
