"""Imports in the admin: the list, giving a file, and watching what becomes of it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from optins.admin.transfer import page, progress, report, sample
from optins.admin.transfer.acts import ACTS, Act
from optins.admin.transfer.rights import MAY
from optins.admin.transfer.upload import ToDisk, UploadForm, limits
from optins.models import Import
from optins.services.importing import CannotImport, Moved, Upload, store
from optins.transfer.dates import Dates
from pages.admin.base import LongList, ReadOnly, actor_of, badge, not_here, on_the_clock_of, question
from pages.admin.unfold import display

TEMPLATES = "admin/optins/transfer"


@admin.register(Import)
class ImportAdmin(ReadOnly[Import], LongList[Import]):
    list_display = ("name", "page", "standing", "numbers", "created_at", "created_by")
    list_filter = ("state", "page")
    list_select_related = ("page", "created_by")
    nothing_yet = gettext_lazy(
        "No file was imported yet. A CSV file brings in customers who agreed elsewhere, each with the proof."
    )

    class Media:
        css = {"all": ("optins/import.css",)}
        js = (Script("optins/import.js", defer=True),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return super().get_queryset(request).select_related("page", "created_by").defer("page__token")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY)

    # --- The list -------------------------------------------------------------------------------------------

    @display(description=gettext_lazy("state"))
    def standing(self, of: Import) -> SafeString:
        return badge(of.state, of.get_state_display())

    @display(description=gettext_lazy("what became of it"))
    def numbers(self, of: Import) -> str:
        """Only the counts that there are."""
        told = [f"{words} {count}" for name, words, count in page.numbers(of) if getattr(of, name)]
        return " · ".join(told) or "–"

    # --- Doors ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            made: URLPattern = path(route, self.admin_site.admin_view(view), name=f"optins_import_{name}")
            return made

        # The guard of forms reads the body, so whoever stores the file has to be heard first.
        @csrf_exempt
        def upload(request: HttpRequest) -> HttpResponseBase:
            return self.upload_view(request)

        acts = [door(f"<int:object_id>/{name}/", self._act_view(act), name) for name, act in ACTS.items()]
        return [
            door("add/", upload, "add"),
            door("sample.csv", require_GET(self.sample_view), "sample"),
            door("<int:object_id>/progress.json", require_GET(self.progress_view), "progress"),
            door("<int:object_id>/refused.csv", require_GET(self.report_view), "report"),
            *acts,
            *super().get_urls(),
        ]

    def upload_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        request.upload_handlers = [ToDisk(request)]
        answer: HttpResponseBase = csrf_protect(self._upload)(request)
        return answer

    def _upload(self, request: HttpRequest) -> HttpResponse:
        posted = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if posted else UploadForm(initial=self._initial(request))
        if form.is_valid() and (stored := self._stored(request, form)):
            return HttpResponseRedirect(self._address(stored))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import opt-ins"),
            "media": self.media + form.media,
            "form": form,
            "columns": sample.columns(),
            "limits": limits(),
            "back": reverse("admin:optins_import_changelist"),
        }
        return TemplateResponse(request, f"{TEMPLATES}/upload.html", context)

    def _initial(self, request: HttpRequest) -> dict[str, Any]:
        return {"page": request.GET.get("page"), "dates": Dates.DAY_FIRST if _is_french(request) else Dates.ISO}

    def _stored(self, request: HttpRequest, form: UploadForm) -> Import | None:
        """None where the file says why not."""
        told = form.cleaned_data
        file = told["file"]
        upload = Upload(name=file.name, chunks=file.chunks(), proof=told["proof"], dates=Dates(told["dates"]))
        try:
            return store(page=told["page"], upload=upload, actor=actor_of(request), now=timezone.now())
        except CannotImport as error:
            form.add_error("file", str(error))
            return None

    def sample_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return sample.file()

    # --- One import -----------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        of = self._found(request, object_id)
        if of is None:
            return not_here(self, request, object_id)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **page.context(of, now=timezone.now(), may=self.has_add_permission(request)),
            "opts": self.opts,
            "original": of,
            "title": of.name,
            "media": self.media,
        }
        return on_the_clock_of(of.page.site, TemplateResponse(request, f"{TEMPLATES}/import.html", context))

    def progress_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The numbers, for the script; `at` and `offset` are those of an earlier answer."""
        of = self._found(request, str(object_id))
        if of is None:
            return JsonResponse({}, status=404)
        return JsonResponse(progress.as_json(of, now=timezone.now(), sample=_sample(request)))

    def report_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        of = self._found(request, str(object_id))
        return report.file_of(of, now=timezone.now()) if of else not_here(self, request, str(object_id))

    def _act_view(self, act: Act) -> Any:
        def view(request: HttpRequest, object_id: int) -> HttpResponse:
            if not self.has_add_permission(request):
                raise PermissionDenied
            of = self._found(request, str(object_id))
            if of is None:
                return not_here(self, request, str(object_id))
            if request.method != "POST":
                template = f"{TEMPLATES}/{act.name}.html"
                asked = act.asks and of.state in act.states
                return question(self, request, of, template=template, title=act.label) if asked else self._back(of)
            try:
                act.perform(of=of, actor=actor_of(request), now=timezone.now())
            except Moved as error:
                self.message_user(request, str(error), messages.WARNING)
            else:
                self.message_user(request, str(act.done))
            return self._back(of)

        return require_http_methods(["GET", "HEAD", "POST"])(view)

    def _found(self, request: HttpRequest, object_id: str) -> Import | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, object_id)

    def _address(self, of: Import) -> str:
        return reverse("admin:optins_import_change", args=[of.pk])

    def _back(self, of: Import) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._address(of))


def _is_french(request: HttpRequest) -> bool:
    return str(getattr(request, "LANGUAGE_CODE", "")).startswith("fr")


def _sample(request: HttpRequest) -> progress.Sample | None:
    """What does not read as a sample is none."""
    try:
        at = datetime.fromtimestamp(float(request.GET["at"]), UTC)
        return progress.Sample(at=at, offset=int(request.GET["offset"]))
    except (KeyError, ValueError, OverflowError, OSError):
        return None
