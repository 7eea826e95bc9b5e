"""The notifications that were composed, and the way into the composer."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications.admin.composer.copies import name_of_copy
from notifications.admin.composer.form import ComposerForm, form_for
from notifications.admin.composer.personal import MAY_SEE, attribute_names
from notifications.admin.composer.replacing import Overtaken, replace
from notifications.admin.composer.sending import SendTestForm
from notifications.admin.composer.views import MAY_TEST, ComposerViews
from notifications.bubble.excerpt import excerpt
from notifications.models import Campaign, Notification
from notifications.states import Kind
from notifications.words import labelled
from pages.admin.base import KeepsHistory, RefusedWhileSaving
from pages.admin.unfold import action, display

SCRIPTS = ("composer", "rows", "preview", "placeholders", "send-test", "instead")
TEMPLATES = "admin/notifications/notification"
NEW = {
    Kind.TEXT: gettext_lazy("New text"),
    Kind.IMAGE: gettext_lazy("New image"),
    Kind.CAROUSEL: gettext_lazy("New carousel"),
    Kind.RECEIPT: gettext_lazy("New receipt"),
}

# Names of Material Symbols.
ICONS = {Kind.TEXT: "chat", Kind.IMAGE: "image", Kind.CAROUSEL: "view_carousel", Kind.RECEIPT: "receipt_long"}


@admin.register(Notification)
class NotificationAdmin(RefusedWhileSaving[Notification], KeepsHistory[Notification], ComposerViews):
    list_display = ("name", "kind_with_icon", "excerpt", "uses", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name of the notification")
    fieldsets = ((None, {"fields": ("name",)}),)
    actions_row = ("duplicate",)
    actions_detail = ("duplicate",)
    warn_unsaved_form = True
    list_fullwidth = True
    list_per_page = 50
    change_form_template = f"{TEMPLATES}/change_form.html"
    change_list_template = f"{TEMPLATES}/change_list.html"
    refusals = (Overtaken, IntegrityError)  # somebody else took the name at the same instant, or saved
    instead = gettext_lazy("Duplicate it to compose another; this one stays as it is.")

    class Media:
        css = {"all": ("notifications/bubble.css", "notifications/composer.css")}
        js = tuple(Script(f"notifications/{name}.js", defer=True) for name in SCRIPTS)

    # --- The list -------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        campaigns = Campaign.objects.filter(notification=OuterRef("pk")).order_by().values("notification")
        used = Subquery(campaigns.annotate(n=Count("pk")).values("n"))
        rows: QuerySet[Notification] = super().get_queryset(request)
        return rows.annotate(used=Coalesce(used, 0))

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_with_icon(self, notification: Notification) -> SafeString:
        kind = Kind(notification.kind)
        icon = (
            '<span class="composer-kind"><span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>'
        )
        return format_html(icon, ICONS[kind], kind.label)

    @display(description=gettext_lazy("begins with"))
    def excerpt(self, notification: Notification) -> str:
        return excerpt(notification.body)

    @display(description=gettext_lazy("used in"), ordering="used")
    def uses(self, notification: Any) -> str:
        used: int = notification.used
        return ngettext("%(n)s campaign", "%(n)s campaigns", used) % {"n": used} if used else "–"

    # --- Composing ------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self._kind(request, None) or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New notification"),
            "kinds": [(kind, ICONS[kind]) for kind in Kind],
            "media": self.media,
        }
        return TemplateResponse(request, f"{TEMPLATES}/choose_kind.html", context)

    def get_form(
        self,
        request: HttpRequest,
        obj: Notification | None = None,
        change: bool = False,  # noqa: FBT001, FBT002  (Django's signature)
        **kwargs: Any,
    ) -> type[ComposerForm]:
        return form_for(self._kind(request, obj) or Kind.TEXT)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A duplicate is composed from the original, and exists once it is saved."""
        source = request.GET.get("from", "")
        original = self.get_object(request, source) if source else None
        if original is None:
            return {}
        return {"name": name_of_copy(original), "body": original.body, "utility": original.utility}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form: ComposerForm = context["adminform"].form
        if not form.is_bound:
            form.composer.compose()
        may_test = request.user.has_perm(MAY_TEST)
        context |= {"attribute_names": attribute_names(), "may_see_customers": request.user.has_perm(MAY_SEE)}
        extra = {"composer": form.composer, "instead": form.instead, "kind_icon": ICONS[form.kind], "kind": form.kind}
        context |= {**extra, "test_form": SendTestForm() if may_test else None, "show_save_and_add_another": False}
        if context.get("original") is None:
            context["title"] = NEW[form.kind]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Notification, form: Any, change: Any) -> None:
        if change:
            replace(obj, now=timezone.now())
        else:
            obj.created_by_id = request.user.pk
            obj.save()
        for warning in form.composer.warnings:
            words = labelled(warning.where, warning.sentence) if warning.where else warning.sentence
            self.message_user(request, words, messages.WARNING)

    def construct_change_message(
        self,
        request: HttpRequest,
        form: forms.Form,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002  (Django's signature)
    ) -> list[dict[str, dict[str, list[str]]]]:
        if add:
            return [{"added": {}}]
        names = [_("name")] if "name" in form.changed_data else []
        if isinstance(form, ComposerForm) and form.changed_body:
            names.append(_("message"))
        if isinstance(form, ComposerForm) and form.changed_utility:
            names.append(_("utility template"))
        return [{"changed": {"fields": names}}] if names else []

    @action(
        description=gettext_lazy("Duplicate"),
        url_path="duplicate",
        icon="content_copy",
        permissions=["duplicate"],
    )
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        original = self.get_object(request, object_id)
        if original is None:
            raise Http404
        add = reverse(f"{self.admin_site.name}:notifications_notification_add")
        return HttpResponseRedirect(f"{add}?{urlencode({'kind': original.kind, 'from': original.pk})}")

    def has_duplicate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Asked by unfold, for a row and for a page: whoever may add one may begin with a copy."""
        return self.has_add_permission(request)

    @staticmethod
    def _kind(request: HttpRequest, obj: Notification | None) -> Kind | None:
        kind = obj.kind if obj else request.GET.get("kind", "")
        return Kind(kind) if kind in Kind.values else None
