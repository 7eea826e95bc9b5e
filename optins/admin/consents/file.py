"""The door by which the consent log is taken away as a file: what the list was narrowed to."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from optins.admin.consents.filters import zone_asked_for
from optins.models import ConsentEvent
from optins.services.proving import log_file
from pages.admin.base import actor_of
from pages.admin.unfold import ModelAdmin


class LogFile(ModelAdmin[ConsentEvent]):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.file_view))
        return [path("file/", view, name="optins_consentevent_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest) -> HttpResponseBase:
        """The query is that of the list, so that its filters hold."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist: ChangeList = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            messages.warning(request, _("The list can’t be narrowed like that. Choose its filters anew."))
            return HttpResponseRedirect(reverse("admin:optins_consentevent_changelist"))
        text = log_file(
            events=changelist.queryset,
            narrowed_by=[name for name, value in request.GET.items() if value],
            actor=actor_of(request),
            zone=zone_asked_for(request),
        )
        name = f"consent-log-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
