"""A page's utility templates: what Facebook approved to be sent once the window is closed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from notifications.admin import times
from notifications.admin.utility import beginnings, words
from notifications.admin.utility.form import TemplateForm
from notifications.admin.utility.views import (
    TEMPLATES,
    TemplateViews,
    linked_pages,
    preview_context,
    shown_with_samples,
)
from notifications.models import Notification, TemplateStatus, UtilityTemplate
from notifications.payloads.utility import slots
from notifications.services import utility
from pages.admin.base import actor_of, not_here, question
from pages.admin.unfold import display
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Page

SCRIPTS = ("composer", "preview", "template", "delivery")


@admin.register(UtilityTemplate)
class UtilityTemplateAdmin(TemplateViews):
    list_display = ("name", "language", "page_name", "status_badge", "why", "heard_of")
    list_filter = (("page", RelatedDropdownFilter), ("status", ChoicesDropdownFilter))
    list_filter_submit = True
    list_before_template = f"{TEMPLATES}/above_the_list.html"
    list_fullwidth = True
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name of the template")
    sortable_by = ()
    actions = None
    nothing_yet = gettext_lazy(
        "No template yet. Once somebody’s 24-hour window is closed, Facebook takes nothing but a template that it "
        "approved: write one, or synchronise what a page has on Facebook already."
    )

    class Media:
        css = {"all": ("notifications/ledger.css", "notifications/bubble.css", "notifications/composer.css")}
        js = tuple(Script(f"notifications/{name}.js", defer=True) for name in SCRIPTS)

    # --- The list -------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[UtilityTemplate]:
        pages = Prefetch("page", queryset=Page.objects.defer("token"))
        return times.with_zones(super().get_queryset(request).prefetch_related(pages))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may = self.has_add_permission(request)
        above = {
            "pages": linked_pages() if may else [],
            "may_add": may,
            "troubles": words.troubles(),
            "title": _("Utility templates"),
        }
        return super().changelist_view(request, {**(extra_context or {}), **above})

    @display(description=gettext_lazy("page"))
    def page_name(self, template: UtilityTemplate) -> str:
        return template.page.name

    @display(description=gettext_lazy("status"))
    def status_badge(self, template: UtilityTemplate) -> SafeString:
        return words.badge(template)

    @display(description=gettext_lazy("why"))
    def why(self, template: UtilityTemplate) -> str:
        return words.reason(template) or "–"

    @display(description=gettext_lazy("last heard of"))
    def heard_of(self, template: UtilityTemplate) -> SafeString | str:
        return times.cell(template.synced_at, times.zone_of(template.page))

    # --- One template ---------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: UtilityTemplate | None = None) -> bool:
        """Facebook lets nobody change one: it is deleted, and written anew."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        template = self.get_object(request, object_id)
        if template is None or not self.has_view_permission(request, template):
            return super().change_view(request, object_id, form_url, extra_context)
        may_add, gone = self.has_add_permission(request), template.status == TemplateStatus.GONE
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": template,
            "title": _("Template %(template)s") % {"template": template},
            "media": self.media,
            "badge": words.badge(template),
            "meaning": words.meaning(template),
            "reason": words.reason(template),
            "parameters": slots(template.components),
            "shown": shown_with_samples(template.components),
            "zone_said": times.said(template.synced_at, times.zone_of(template.page)),
            "used_in": Notification.objects.filter(utility__name=template.name).order_by("name")[:20],
            "pending": template.status == TemplateStatus.PENDING,
            "may_synchronise": may_add and utility.can_ask(template.page),
            "may_delete": self.has_delete_permission(request, template) and not gone,
            "again_url": beginnings.address(template, page_pk=template.page_id) if may_add else "",
        }
        return TemplateResponse(request, f"{TEMPLATES}/page.html", context)

    # --- Writing one ----------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        posted = request.method == "POST"
        form = TemplateForm(request.POST) if posted else TemplateForm(initial=beginnings.initial(request.GET))
        if posted and form.is_valid() and (made := self._create(request, form)):
            return HttpResponseRedirect(reverse("admin:notifications_utilitytemplate_change", args=[made.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New utility template"),
            "media": self.media,
            "pages": linked_pages(),
            **preview_context(form),
        }
        return TemplateResponse(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)

    def _create(self, request: HttpRequest, form: TemplateForm) -> UtilityTemplate | None:
        """None: Facebook did not take it, and the form says why."""
        page = form.cleaned_data["page"]
        try:
            made = utility.create(page=page, draft=form.draft(), actor=actor_of(request), now=timezone.now())
        except (GraphError, GraphUnreachable) as error:
            form.add_error(None, words.trouble(error))
            return None
        self.message_user(request, _("Facebook has it. Its decision usually takes seconds."), messages.SUCCESS)
        return made

    # --- Deleting one ---------------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        template = self.get_object(request, object_id)
        if template is None:
            return not_here(self, request, object_id)
        if not self.has_delete_permission(request, template):
            return super().delete_view(request, object_id, extra_context)
        if request.method != "POST":
            used_in = Notification.objects.filter(utility__name=template.name)
            return question(
                self,
                request,
                template,
                template=f"{TEMPLATES}/delete.html",
                title=_("Delete %(template)s on Facebook?") % {"template": template},
                used_in=used_in,
                media=self.media,
            )
        self._delete(request, template)
        return HttpResponseRedirect(reverse("admin:notifications_utilitytemplate_change", args=[template.pk]))

    def _delete(self, request: HttpRequest, template: UtilityTemplate) -> None:
        try:
            utility.delete(template=template, actor=actor_of(request), now=timezone.now())
        except utility.NotLinked:
            self.message_user(request, _("The page is not linked through Facebook any more."), messages.ERROR)
        except (GraphError, GraphUnreachable) as error:
            self.message_user(request, words.trouble(error), messages.ERROR)
        else:
            self.message_user(request, _("It was deleted on Facebook."), messages.SUCCESS)
