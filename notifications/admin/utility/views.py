"""The doors of utility templates besides list and page: preview, library, synchronising, a state for scripts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from unfold.widgets import INPUT_CLASSES

from notifications.admin.numbers import grouped
from notifications.admin.utility import beginnings, words
from notifications.admin.utility.form import TemplateForm
from notifications.admin.utility.languages import LANGUAGES
from notifications.bubble import of_template
from notifications.models import TemplateStatus, UtilityTemplate
from notifications.payloads.utility import creation, slots
from notifications.services import utility
from notifications.words import labelled
from pages.admin.base import actor_of
from pages.admin.unfold import ModelAdmin
from pages.graph import templates as graph
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Page
from pages.states import GatewayKind

TEMPLATES = "admin/notifications/utilitytemplate"


class TemplateViews(ModelAdmin[UtilityTemplate]):
    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            handler = self.admin_site.admin_view(view)
            made: URLPattern = path(route, handler, name=f"notifications_utilitytemplate_{name}")
            return made

        return [
            door("preview/", require_POST(self.preview_view), "preview"),
            door("library/", require_GET(self.library_view), "library"),
            door("synchronise/", require_POST(self.synchronise_view), "synchronise"),
            door("<int:object_id>/state.json", require_GET(self.state_view), "state"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Of what stands in the form now."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TemplateForm(request.POST)
        return TemplateResponse(request, f"{TEMPLATES}/refreshed.html", preview_context(form))

    def state_view(self, request: HttpRequest, object_id: int) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        template = get_object_or_404(UtilityTemplate, pk=object_id)
        final = template.status != TemplateStatus.PENDING
        return JsonResponse({"state": template.status, "label": str(template.get_status_display()), "final": final})

    def synchronise_view(self, request: HttpRequest) -> HttpResponse:
        """All pages that are linked directly, or the one that is asked for; each says what came of it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        pages = linked_pages()
        if (asked := request.POST.get("page", "")).isdecimal():
            pages = [page for page in pages if page.pk == int(asked)]
        for page in pages:
            self._synchronise(request, page)
        if not pages:
            self.message_user(
                request, _("No page is linked through Facebook, so there is nobody to ask."), messages.WARNING
            )
        return HttpResponseRedirect(_back(request))

    def _synchronise(self, request: HttpRequest, page: Page) -> None:
        try:
            found = utility.sync(page=page, now=timezone.now(), actor=actor_of(request))
        except (GraphError, GraphUnreachable) as error:
            self.message_user(request, labelled(page.name, words.trouble(error)), messages.ERROR)
            return
        said = ngettext(
            "%(page)s: %(count)s template on Facebook.", "%(page)s: %(count)s templates on Facebook.", found.found
        )
        self.message_user(request, said % {"page": page.name, "count": grouped(found.found)}, messages.SUCCESS)
        if found.gone:
            left = ngettext("%(count)s is no longer there.", "%(count)s are no longer there.", found.gone)
            self.message_user(request, left % {"count": grouped(found.gone)}, messages.WARNING)

    def library_view(self, request: HttpRequest) -> HttpResponse:
        """Facebook's own texts, to begin with."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        pages, asked = linked_pages(), request.GET.get("page", "")
        page = next((one for one in pages if str(one.pk) == asked), pages[0] if pages else None)
        language, sought = request.GET.get("language", "fr"), request.GET.get("q", "").strip()
        found, trouble = _found(page, sought, language) if page else ([], "")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Facebook’s own templates"),
            "media": self.media,
            "pages": pages,
            "page": page,
            "languages": LANGUAGES,
            "language": language,
            "sought": sought,
            "trouble": trouble,
            "found": [
                (each, shown_with_samples(each.components), beginnings.address(each, page_pk=page.pk if page else 0))
                for each in found
            ],
        }
        return TemplateResponse(request, f"{TEMPLATES}/library.html", context)


def linked_pages() -> list[Page]:
    return list(Page.objects.linked().filter(gateway=GatewayKind.META).exclude(token="").order_by("name"))


def shown_with_samples(components: list[dict[str, Any]]) -> dict[str, Any]:
    """For the bubble: each parameter as the sample that Facebook was shown."""
    return of_template(components, {slot.key: slot.example for slot in slots(components) if slot.example})


def preview_context(form: TemplateForm) -> dict[str, Any]:
    draft = form.draft()
    remarks = [
        {"sentence": sentence, "where": form.fields[name].label, "anchor": form[name].auto_id}
        for name, sentences in (form.errors if form.is_bound else {}).items()
        if name in form.fields
        for sentence in sentences
    ]
    samples = {key: sample for key, sample in draft.samples.items() if sample}
    return {
        "shown": of_template(creation(draft)["components"], samples),
        "remarks": remarks,
        "form": form,
        "sample_classes": " ".join(INPUT_CLASSES),
    }


def _found(page: Page, sought: str, language: str) -> tuple[list[graph.Template], str]:
    try:
        return graph.library(page.token, words=sought, language=language), ""
    except (GraphError, GraphUnreachable) as error:
        return [], words.trouble(error)


def _back(request: HttpRequest) -> str:
    """To the template that it was asked on, or to the list."""
    template = request.POST.get("template", "")
    if template.isdecimal():
        return reverse("admin:notifications_utilitytemplate_change", args=[template])
    return reverse("admin:notifications_utilitytemplate_changelist")
