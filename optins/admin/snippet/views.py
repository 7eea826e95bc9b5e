"""The doors of the tag's screens: a site's page with the doctor, and *seen to* beside a finding."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from optins.admin.snippet import blocks
from optins.admin.snippet.doctor import DoctorForm, verdict_of
from optins.admin.snippet.standing import standing
from optins.admin.snippet.words import MENDS
from optins.models import TagFinding
from optins.services import findings
from pages.admin.base import not_here, on_the_clock_of
from pages.admin.unfold import ModelAdmin
from pages.models import Site

TEMPLATES = "admin/optins/tagfinding"
DISMISS = "optins.change_tagfinding"


class SnippetViews(ModelAdmin[TagFinding]):
    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            made: URLPattern = path(route, self.admin_site.admin_view(view), name=f"optins_tagfinding_{name}")
            return made

        return [
            door("site/<slug:sid>/", require_http_methods(["GET", "HEAD", "POST"])(self.site_view), "site"),
            door("<int:object_id>/dismiss/", require_POST(self.dismiss_view), "dismiss"),
            *super().get_urls(),
        ]

    def site_view(self, request: HttpRequest, sid: str) -> HttpResponse:
        """GET shows what to paste and what was noticed; POST asks the doctor besides, and writes nothing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        site = Site.objects.filter(sid=sid).first()
        if site is None:
            self.message_user(request, _("There is no site with the SID “%(sid)s”.") % {"sid": sid}, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:optins_tagfinding_changelist"))
        form = DoctorForm(request.POST) if request.method == "POST" else DoctorForm()
        verdict = verdict_of(form, site) if form.is_bound else None
        with timezone.override(site.zone):
            context = {**self.admin_site.each_context(request), **_context(site), "opts": self.opts}
            context |= {"form": form, "verdict": verdict, "may_dismiss": request.user.has_perm(DISMISS)}
            return on_the_clock_of(site, TemplateResponse(request, f"{TEMPLATES}/site.html", context))

    def dismiss_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not request.user.has_perm(DISMISS):
            raise PermissionDenied
        finding = TagFinding.objects.select_related("site").filter(pk=object_id).first()
        if finding is None:
            return not_here(self, request, str(object_id))
        findings.dismiss(finding=finding, now=timezone.now())
        self.message_user(request, _("Seen to. It comes back if the tag notices it again in an hour or later."))
        return HttpResponseRedirect(reverse("admin:optins_tagfinding_site", args=[finding.site.sid]))


def _context(site: Site) -> dict[str, Any]:
    rows = [(each, _level(each), MENDS[each.code]) for each in site.tag_findings.order_by("-last_at")]
    rows.sort(key=lambda row: row[1] != "wrong")
    return {
        "title": str(site),
        "site": site,
        "points": standing(site),
        "tag": blocks.tag(site),
        "custom_data": blocks.custom_data(site),
        "policy": blocks.policy(),
        "open_findings": [row for row in rows if row[0].dismissed_at is None],
        "seen_to": [row for row in rows if row[0].dismissed_at],
    }


def _level(finding: TagFinding) -> str:
    return "wrong" if finding.code in findings.WRONG else "doubtful"
