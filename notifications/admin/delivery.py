"""The delivery history: read-only, fast at any size, and the place where doubts are settled."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RelatedDropdownFilter
from unfold.paginator import InfinitePaginator

from notifications.admin import badges, times
from notifications.admin.deliveries import doubts, filters, views
from notifications.admin.deliveries.search import MOST_CUSTOMERS, search
from notifications.admin.deliveries.shortcuts import shortcuts
from notifications.admin.lookups import by_pk
from notifications.admin.numbers import grouped
from notifications.models import Campaign, Content, Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.states import DeliveryState
from notifications.words import reason_words
from optins.models import OptIn
from pages.models import Page, Thread

CUSTOMER = "optin__id__exact"
BESIDE: "tuple[Prefetch[Any, Any, Any], ...]" = (
    Prefetch("optin", queryset=OptIn.objects.defer("attributes")),
    Prefetch("thread", queryset=Thread.objects.all()),
    Prefetch("page", queryset=Page.objects.defer("token")),
    Prefetch("campaign", queryset=Campaign.objects.all()),
    Prefetch("content", queryset=Content.objects.defer("body")),
)


@admin.register(Delivery)
class DeliveryAdmin(ModelAdmin):
    list_display = [
        "number",
        "customer",
        "page_name",
        "origin_words",
        "kind",
        "state_badge",
        "reason_cell",
        "created",
        "sent",
    ]
    list_display_links = ["number", "customer"]
    list_filter = [
        filters.StateFilter,
        ("page", RelatedDropdownFilter),
        ("campaign", AutocompleteSelectFilter),
        filters.OriginFilter,
        filters.DayFilter,
    ]
    list_filter_submit = True
    list_before_template = "admin/notifications/delivery/above_the_list.html"  # type: ignore[assignment]  # unfold declares None
    list_disable_select_all = True
    list_per_page = 50
    list_fullwidth = True
    # The ledger grows to millions of rows: nothing here counts them, and newest first is the order of every index.
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = InfinitePaginator
    ordering = ["-id"]
    sortable_by = ()
    search_fields = ["optin__customer_id"]
    search_help_text = gettext_lazy("customer_id, its beginning*, or #number")
    actions = list(doubts.DECISIONS)

    class Media:
        css = {"all": ["notifications/ledger.css", "notifications/bubble.css"]}
        js = ["notifications/delivery.js"]

    # --- What may be done -----------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(doubts.RESOLVE)

    # --- Doors ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: type[views.DeliveryView], name: str, **options: Any) -> URLPattern:
            handler = self.admin_site.admin_view(view.as_view(model_admin=self, **options))
            return path(f"<int:object_id>/{route}", handler, name=f"notifications_delivery_{name}")

        return [
            door("state.json", views.StateView, "state"),
            *(door(f"{name}/", views.DecisionView, name, decision=name) for name in doubts.DECISIONS),
            *super().get_urls(),
        ]

    # --- The list -------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Fetched beside, not joined: a join leads PostgreSQL away from the index, and joins before it limits."""
        return times.with_zones(super().get_queryset(request).prefetch_related(*BESIDE))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """A day's rows lie together in the index by creation, which ends with the id."""
        return ("-created_at", "-id") if filters.asks_for_days(request) else ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        if not search_term.strip() or not isinstance(queryset, DeliveryQuerySet):
            return queryset, False
        found = search(queryset, search_term)
        if found.prefix and request.method == "GET":
            words = _("Nobody has exactly this customer_id; these begin with “%(prefix)s”.")
            messages.info(request, words % {"prefix": found.prefix})
        if found.partial and request.method == "GET":
            words = _(
                "So many customer_ids begin like this that only %(count)s of them were looked at. Type more of it."
            )
            messages.warning(request, words % {"count": grouped(MOST_CUSTOMERS)})
        return found.rows, False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        customer = by_pk(OptIn.objects.select_related("page"), request.GET.get(CUSTOMER))
        above: dict[str, Any] = {"customer": customer, "title": _("Delivery history"), "shortcuts": shortcuts(request)}
        return super().changelist_view(request, {**(extra_context or {}), **above})

    @admin.display(description=gettext_lazy("no."))
    def number(self, delivery: Delivery) -> str:
        return f"#{delivery.pk}"

    @admin.display(description=gettext_lazy("customer"))
    def customer(self, delivery: Delivery) -> SafeString:
        return format_html('<span class="ledger-customer">{}</span>', delivery.whom)

    @admin.display(description=gettext_lazy("page"))
    def page_name(self, delivery: Delivery) -> str:
        return delivery.page.name

    @admin.display(description=gettext_lazy("campaign or origin"))
    def origin_words(self, delivery: Delivery) -> str:
        return delivery.campaign.name if delivery.campaign else delivery.get_origin_display()

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, delivery: Delivery) -> str:
        return delivery.content.get_kind_display()

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, delivery: Delivery) -> SafeString:
        return badges.of_delivery(delivery)

    @admin.display(description=gettext_lazy("reason"))
    def reason_cell(self, delivery: Delivery) -> SafeString | str:
        words = reason_words(delivery.reason)
        return format_html('<span class="ledger-clamped" title="{0}">{0}</span>', words) if words else "–"

    @admin.display(description=gettext_lazy("created"))
    def created(self, delivery: Delivery) -> SafeString | str:
        return times.cell(delivery.created_at, times.zone_of(delivery.page))

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, delivery: Delivery) -> SafeString | str:
        return times.cell(delivery.sent_at, times.zone_of(delivery.page))

    # --- One delivery ---------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        if delivery is None or request.method != "GET" or not self.has_view_permission(request, delivery):
            return super().change_view(request, object_id, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            **views.page_context(delivery, request),
            "opts": self.opts,
            "original": delivery,
            "title": _("Delivery %(number)s") % {"number": delivery},
            "media": self.media,
        }
        return TemplateResponse(request, "admin/notifications/delivery/page.html", context)

    # --- Doubts, several at once ----------------------------------------------------------------------------

    @admin.action(description=doubts.DECISIONS["treat_as_sent"].label, permissions=["resolve"])
    def treat_as_sent(self, request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse | None:
        return self._decide(request, doubts.DECISIONS["treat_as_sent"])

    @admin.action(description=doubts.DECISIONS["send_again"].label, permissions=["resolve"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse | None:
        return self._decide(request, doubts.DECISIONS["send_again"])

    def _decide(self, request: HttpRequest, decision: doubts.Decision) -> HttpResponse | None:
        """Asks with the count, then decides. Only what was ticked counts, never "all of the list"."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)[: self.list_per_page]
        in_doubt = self.get_queryset(request).filter(pk__in=ticked, state=DeliveryState.UNKNOWN)
        deliveries = list(in_doubt.order_by("-id"))
        if not deliveries:
            messages.warning(request, _("None of the ticked deliveries is in doubt, so there is nothing to decide."))
            return None
        # Those that were asked about, also when somebody decided some of them meanwhile.
        confirming = "confirmed" in request.POST
        typed = doubts.TypedCount(len(ticked if confirming else deliveries), request.POST if confirming else None)
        if confirming and (len(ticked) == 1 or typed.is_valid()):
            doubts.decide(request, decision, Delivery.objects.filter(pk__in=ticked), asked=len(ticked))
            return None
        return TemplateResponse(
            request,
            "admin/notifications/delivery/decide.html",
            {
                **views.question_context(self, request, decision, deliveries, typed if len(deliveries) > 1 else None),
                "others": 0 if confirming else len(ticked) - len(deliveries),
                "action": decision.name,
                "checkbox": ACTION_CHECKBOX_NAME,
            },
        )
