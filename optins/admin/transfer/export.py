"""The question before an export, and the file. What the list was narrowed to is what the file has."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget

from optins.admin.transfer.rights import MAY
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from optins.services.exporting import Chosen, export
from pages.admin.base import actor_of
from pages.admin.unfold import ModelAdmin
from pages.models import Page

TEMPLATE = "admin/optins/transfer/export.html"
OF_PAGE = "page__id__exact"


class WhichPage(forms.Form):
    page = forms.ModelChoiceField(
        label=gettext_lazy("Page"),
        queryset=Page.objects.defer("token").order_by("name", "page_id"),
        empty_label=gettext_lazy("Choose the page"),
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("A file is of one page: an agreement holds for the page that it was given to."),
        error_messages={"required": gettext_lazy("Choose the page.")},
    )


class ExportForm(WhichPage):
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between the cells"),
        choices=[(",", gettext_lazy("a comma")), (";", gettext_lazy("a semicolon: for Excel in French"))],
        widget=UnfoldAdminSelectWidget,
    )


class ExportView(ModelAdmin[OptIn]):
    class Media:
        css = {"all": ("optins/import.css",)}

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.export_view)
        door: URLPattern = path("export/", self.admin_site.admin_view(view), name="optins_optin_export")
        return [door, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """GET asks; POST is the file. The query is that of the list, so that its filters hold."""
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        page = request.GET.get(OF_PAGE)
        try:
            listed = self._listed(request)
        except IncorrectLookupParameters:
            messages.warning(request, _("The list can’t be narrowed like that. Choose its filters anew."))
            return HttpResponseRedirect(reverse("admin:optins_optin_changelist"))
        initial = {"page": page or _only_page(), "delimiter": ";" if get_language() == "fr" else ","}
        form = ExportForm(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_valid():
            return self._file(request, listed, form)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export opt-ins"),
            "form": form,
            "chosen": list(_said(listed)),
            "back": f"{reverse('admin:optins_optin_changelist')}?{listed.get_query_string()[1:]}",
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _listed(self, request: HttpRequest) -> ChangeList:
        """The list as its query narrows it, whatever the page: that is asked."""
        narrowed = request.GET.copy()
        narrowed.pop(OF_PAGE, None)
        request.GET = narrowed  # type: ignore[assignment]  # a list reads its query from the request alone
        return self.get_changelist_instance(request)

    def _file(self, request: HttpRequest, listed: ChangeList, form: ExportForm) -> HttpResponseBase:
        now, page, delimiter = timezone.now(), form.cleaned_data["page"], form.cleaned_data["delimiter"]
        rows = cast("OptInQuerySet", listed.get_queryset(request))
        chosen = Chosen(rows=rows, noted=_noted(listed), delimiter=delimiter)
        pieces = export(page=page, chosen=chosen, actor=actor_of(request), now=now)
        name = f"optins-{page.page_id}-{timezone.localtime(now):%Y-%m-%d}.csv"
        disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        headers = {"Content-Disposition": disposition}
        return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _only_page() -> int | None:
    """Where there is one page there is nothing to choose."""
    known = list(Page.objects.values_list("pk", flat=True)[:2])
    return known[0] if len(known) == 1 else None


def _said(listed: ChangeList) -> Iterator[tuple[str, str]]:
    """What the list was narrowed to, in words."""
    if listed.query:
        yield _("Customer_id begins with"), listed.query
    for spec in listed.filter_specs:
        _all, *choices = spec.choices(listed)
        yield from ((str(spec.title), str(choice["display"])) for choice in choices if choice["selected"])


def _noted(listed: ChangeList) -> dict[str, Any]:
    """The same for the audit log, which keeps no customer's id: that it was searched, not for what."""
    filters = {name: ", ".join(values) for name, values in listed.get_filters_params().items()}
    return {**filters, **({"searched": True} if listed.query else {})}
