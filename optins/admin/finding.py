"""The tag on each site's pages: a list of sites, where the tag was seen and what it noticed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from optins.admin.snippet.views import TEMPLATES, SnippetViews
from optins.models import TagFinding
from optins.services import findings
from pages.admin.base import not_here
from pages.models import Site

PER_PAGE = 50


@admin.register(TagFinding)
class TagFindingAdmin(SnippetViews):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TagFinding | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sites, not findings: what was noticed is of use on its site's page, beside the mend."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        asked = request.GET.get("q", "").replace("\0", "").strip()[:120]
        found = Paginator(_sites(asked), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Tag"),
            "q": asked,
            "found": found,
            "is_search_shown": bool(asked) or found.paginator.num_pages > 1,
        }
        return TemplateResponse(request, f"{TEMPLATES}/sites.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Nobody edits a finding: it stands on its site's page."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        finding = self.get_object(request, object_id)
        if finding is None:
            return not_here(self, request, object_id)
        return HttpResponseRedirect(reverse("admin:optins_tagfinding_site", args=[finding.site.sid]))


def _sites(asked: str) -> QuerySet[Site]:
    """Those in trouble first."""
    noticed, wrong = Q(tag_findings__dismissed_at=None), Q(tag_findings__code__in=findings.WRONG)
    has_id = Q(tag_findings__isnull=False)
    rows = Site.objects.annotate(
        is_in_trouble=Exists(findings.sites_in_trouble().filter(pk=OuterRef("pk"))),
        wrong=Count("tag_findings", filter=has_id & noticed & wrong),
        doubtful=Count("tag_findings", filter=has_id & noticed & ~wrong),
    ).order_by("-is_in_trouble", "name", "sid")
    return rows.filter(Q(name__icontains=asked) | Q(sid__icontains=asked)) if asked else rows
