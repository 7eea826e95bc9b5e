"""Facebook pages: which site each belongs to, whether it may send, and what to do when it may not."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.base import KeepsHistory, RefusedWhileSaving, actor_of, badge, on_the_clock_of
from pages.admin.belonging import BelongingActions
from pages.admin.doubts import DoubtsForm
from pages.admin.facebook.actions import FacebookActions
from pages.admin.facebook.panel import panel
from pages.admin.forms import PageForm, token_words
from pages.admin.histories import history
from pages.admin.unfold import display
from pages.models import Incident, Link, Page
from pages.services.doubt_policy import state_policy
from pages.services.links import CannotLink, link_page
from pages.services.tokens import set_token
from pages.states import GatewayKind
from pages.way_out import way_out

DOUBTS = DoubtsForm.Meta.fields


def _is_facebooks(page: Page | None) -> bool:
    return page is not None and page.gateway == GatewayKind.META


@admin.register(Page)
class PageAdmin(FacebookActions, BelongingActions, RefusedWhileSaving[Page], KeepsHistory[Page]):
    form = PageForm
    refusals = (CannotLink,)
    nothing_yet = gettext_lazy(
        "No page yet. Add those that you administer from Facebook, or one of iAdvize with its id and its token."
    )
    instead = gettext_lazy("Unlink it from its site instead: then nothing leaves from it.")
    list_display = ("named", "site_today", "standing", "reason", "has_token", "gateway")
    sortable_by = ()
    list_filter = ("state", "gateway")
    search_fields = ("name", "page_id")
    search_help_text = gettext_lazy("Name or page id")
    other_door = ("admin:pages_page_facebook", gettext_lazy("Add pages from Facebook"))
    actions_detail = ("move", "unlink")
    change_form_outer_before_template = "admin/pages/page/standing.html"
    change_form_outer_after_template = "admin/pages/links.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        """Without the tokens: no screen needs one, and a key that is missing must not close every list."""
        pages: QuerySet[Page] = super().get_queryset(request)
        return (
            pages.defer("token")
            .annotate(has_token=ExpressionWrapper(~Q(token=""), output_field=BooleanField()))
            .prefetch_related(
                Prefetch("links", Link.objects.open().select_related("site"), to_attr="open_links"),
                Prefetch("incidents", Incident.objects.filter(closed_at=None), to_attr="open_incidents"),
            )
        )

    @display(description=gettext_lazy("page"))
    def named(self, page: Page) -> str:
        return format_html('{}<br><span class="ma-hint">{}</span>', page.name, page.page_id)

    @display(description=gettext_lazy("site"))
    def site_today(self, page: Page) -> str:
        links: list[Link] = getattr(page, "open_links", [])
        if not links:
            return "–"
        url = reverse("admin:pages_site_change", args=[links[0].site_id])
        return format_html('<a class="ma-link" href="{}">{}</a>', url, links[0].site)

    @display(description=gettext_lazy("state"))
    def standing(self, page: Page) -> str:
        return badge(page.state, page.get_state_display())

    @display(description=gettext_lazy("why"))
    def reason(self, page: Page) -> str:
        incidents: list[Incident] = getattr(page, "open_incidents", [])
        if not incidents:
            return ""
        url = reverse("admin:pages_page_change", args=[page.pk])
        return format_html(
            '<span class="ma-wrap">{}. <a class="ma-link" href="{}">{}</a></span>',
            incidents[0].get_kind_display(),
            url,
            _("What to do"),
        )

    @display(description=gettext_lazy("token"), boolean=True)
    def has_token(self, page: Page) -> bool:
        return bool(getattr(page, "has_token", False))

    @display(description=gettext_lazy("token"))
    def token_state(self, page: Page) -> str:
        return token_words(page)

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> Any:
        token = "new_token" if self._may_set_token(request, obj) else "token_state"
        facebook = ((_("In Messenger"), {"fields": ("disclosure", "human_agent")}),) if _is_facebooks(obj) else ()
        return (
            (None, {"fields": ("page_id", "name", "site")}),
            (_("Sending"), {"fields": ("gateway", token, "messages_per_second")}),
            *facebook,
            (_("Deliveries in doubt"), {"fields": ("doubt_policy", "doubt_minutes", *self._understood(request, obj))}),
        )

    def _understood(self, request: HttpRequest, obj: Page | None) -> tuple[str, ...]:
        """What is confirmed is no field of the page: who only reads has nothing to confirm."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("doubts_understood",) if may_write else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> Any:
        """The id stays: what was sent was sent to that page. What a person may not do isn't in the form."""
        fields = ["token_state"]
        if obj:
            fields.append("page_id")
        if obj and _is_facebooks(obj) and obj.open_link:
            # Its token and its events are Facebook's: unlinked, it may take another way.
            fields.append("gateway")
        if not self.has_link_permission(request, obj):
            fields.append("site")
        if not self._may_set_token(request, obj):
            fields.append("new_token")
        return fields

    def _may_set_token(self, request: HttpRequest, obj: Page | None) -> bool:
        """A page of Facebook gets its token by a login, which says what the token is good for."""
        if _is_facebooks(obj):
            return False
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return may_write and request.user.has_perm("pages.set_token")

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: Any) -> None:
        own = [name for name in form.changed_data if name in PageForm.Meta.fields and name not in DOUBTS]
        if not change:
            # Stated below like any other time, so that it is written down who did.
            obj.doubt_policy, obj.doubt_minutes = (getattr(Page(), name) for name in DOUBTS)
        obj.save(update_fields=own if change else None)
        policy, minutes = (form.cleaned_data[name] for name in DOUBTS)
        state_policy(page=obj, policy=policy, minutes=minutes, actor=actor_of(request))
        now = timezone.now()
        if site := form.cleaned_data.get("site"):
            link_page(page=obj, site=site, actor=actor_of(request), now=now)
        if token := form.cleaned_data.get("new_token"):
            set_token(page=obj, token=token, actor=actor_of(request), now=now)
            self.message_user(request, _("The token is stored. What waited for it goes on."), messages.SUCCESS)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"links_of": "page"}
        page: Page | None = context.get("original")
        if page:
            incidents: list[Incident] = getattr(page, "open_incidents", [])
            context |= {
                "links": history(Link.objects.filter(page=page)),
                "panel": panel(request, page, timezone.now()),
                "standing": [(incident, way_out(incident.kind, gateway=page.gateway)) for incident in incidents],
            }
        response = super().render_change_form(request, context, *args, **kwargs)
        return on_the_clock_of(page.site, response) if page else response
