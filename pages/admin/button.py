"""The buttons of each site: a list with a switch in each row, and the editor."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from pages.admin.base import RefusedWhileSaving, actor_of, badge, not_here, question
from pages.admin.buttons.form import ButtonForm
from pages.admin.buttons.screen import context_of
from pages.admin.buttons.views import TEMPLATES, ButtonViews
from pages.admin.unfold import display
from pages.models import Button, Site
from pages.models.button import Placement
from pages.services import buttons
from pages.services.buttons import ButtonAgreedThrough, ButtonOvertaken


@admin.register(Button)
class ButtonAdmin(RefusedWhileSaving[Button], ButtonViews):
    list_display = ("name", "site", "kind", "look", "place", "rules_said", "switch")
    list_filter = (("site", RelatedDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_filter_submit = True
    list_before_template = f"{TEMPLATES}/above_the_list.html"
    list_select_related = ("site",)
    list_fullwidth = True
    list_per_page = 50
    search_fields = ("name", "site__name", "site__sid")
    search_help_text = gettext_lazy("Name of the button or of its site")
    sortable_by = ()
    actions = None
    ordering = ("site__name", "position", "id")
    nothing_yet = gettext_lazy(
        "No button yet. A button on the shop’s pages is how customers ask to be written to in Messenger."
    )
    fieldsets = ((None, {"fields": ("name",)}),)
    change_form_template = f"{TEMPLATES}/change_form.html"
    warn_unsaved_form = True
    refusals = (ButtonOvertaken,)

    class Media:
        css = {"all": ("pages/button.css", "pages/button-editor.css")}
        js = (Script("pages/button-rules.js", defer=True), Script("pages/button-editor.js", defer=True))

    # --- The list -------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Button]:
        return super().get_queryset(request).annotate(rules_count=Count("rules"))

    @display(description=gettext_lazy("look"))
    def look(self, button: Button) -> str:
        return f"{button.get_size_display()}, {button.get_colour_display()}"

    @display(description=gettext_lazy("place"))
    def place(self, button: Button) -> str:
        fixed = button.placement == Placement.FIXED
        return button.selector if fixed else button.get_corner_display()

    @display(description=gettext_lazy("who sees it"))
    def rules_said(self, button: Any) -> str:
        count: int = button.rules_count
        return ngettext("%(count)s rule", "%(count)s rules", count) % {"count": count} if count else _("everybody")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Who may not change a button sees how its switch stands."""
        may = self.has_change_permission(request)
        return [name if name != "switch" or may else "state" for name in self.list_display]

    @display(description=gettext_lazy("on the shop’s pages"))
    def switch(self, button: Button) -> SafeString:
        words = pgettext("button", "on") if button.enabled else pgettext("button", "off")
        label = _("Show “%(button)s” on the shop’s pages") % {"button": button}
        url = reverse("admin:pages_button_switch", args=[button.pk])
        return format_html(
            '<button type="submit" class="be-switch" role="switch" aria-checked="{}" aria-label="{}" formaction="{}" '
            'name="on" value="{}"><span class="be-switch-track" aria-hidden="true"></span>{}</button>',
            *("true" if button.enabled else "false", label, url, "" if button.enabled else "1", words),
        )

    @display(description=gettext_lazy("on the shop’s pages"))
    def state(self, button: Button) -> SafeString:
        words = pgettext("button", "on") if button.enabled else pgettext("button", "off")
        return badge("active" if button.enabled else "off", words)

    # --- Editing --------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self._site_asked(request) or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        sites = Site.objects.order_by("name", "sid")
        if sites.count() == 1:
            return HttpResponseRedirect(f"{reverse('admin:pages_button_add')}?site={sites[0].pk}")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New button"),
            "sites": sites,
            "media": self.media,
        }
        return TemplateResponse(request, f"{TEMPLATES}/choose_site.html", context)

    def get_form(
        self,
        request: HttpRequest,
        obj: Button | None = None,
        change: bool = False,  # noqa: FBT001, FBT002  (Django's signature)
        **kwargs: Any,
    ) -> type[ButtonForm]:
        site = obj.site if obj else self._site_asked(request)
        return type("SiteButtonForm", (ButtonForm,), {"site": site})

    def _site_asked(self, request: HttpRequest) -> Site | None:
        """The form says it again, so that it is known wherever the form is sent from."""
        asked = request.POST.get("site") or request.GET.get("site", "")
        return Site.objects.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 16 else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form: ButtonForm = context["adminform"].form
        context |= context_of(form, may_change=bool(kwargs.get("add")) or self.has_change_permission(request))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Button, post_url_continue: str | None = None) -> HttpResponse:
        return self._another(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Button) -> HttpResponse:
        return self._another(request, obj, super().response_change(request, obj))

    def _another(self, request: HttpRequest, button: Button, response: HttpResponse) -> HttpResponse:
        """Who saves and adds another goes on with the same site."""
        if "_addanother" not in request.POST:
            return response
        return HttpResponseRedirect(f"{reverse('admin:pages_button_add')}?site={button.site_id}")

    def save_model(self, request: HttpRequest, obj: Button, form: forms.ModelForm[Button], change: bool) -> None:  # noqa: FBT001  (Django's signature)
        if isinstance(form, ButtonForm):
            wishes, actor = form.rules.wishes(), actor_of(request)
            buttons.save(button=obj, rules=wishes, actor=actor, now=timezone.now(), seen=form.seen_at)

    # --- Deleting -------------------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        button = self.get_object(request, object_id)
        if button is None:
            return not_here(self, request, object_id)
        if not self.has_delete_permission(request, button):
            return super().delete_view(request, object_id, extra_context)
        if request.method != "POST":
            title = _("Delete “%(button)s”?") % {"button": button}
            return question(self, request, button, template=f"{TEMPLATES}/delete.html", title=title)
        return self._delete(request, button)

    def _delete(self, request: HttpRequest, button: Button) -> HttpResponse:
        try:
            buttons.delete(button=button, actor=actor_of(request), now=timezone.now())
        except ButtonAgreedThrough:
            text = _(
                "“%(button)s” can’t be deleted: its wording proves what visitors agreed to. Switch it off instead."
            )
            self.message_user(request, text % {"button": button}, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_button_change", args=[button.pk]))
        self.message_user(request, _("“%(button)s” was deleted.") % {"button": button}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_button_changelist"))
