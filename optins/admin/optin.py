"""Opt-ins: found by customer_id; each with its proof, and the way to end it or to take it up again."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.dataclasses import UnfoldAction

from optins.admin import filters
from optins.admin.attributes import Attributes, attributes_form
from optins.admin.erasing import ask_and_erase
from optins.admin.forms import Evidence, StaffOptInForm
from optins.admin.story import story
from optins.admin.transfer.export import ExportView
from optins.admin.whole_file import WholeFileView, may_export
from optins.attributes import words_of
from optins.models import OptIn
from optins.querysets import known_names
from optins.services import Agreement, ChangedMeanwhile, HeldByAnother, Suppressed, agree, describe, revoke
from optins.states import Lifetime, OptInState, Source
from pages.admin.base import LongList, RefusedWhileSaving, actor_of, badge, not_here, on_the_clock_of, question
from pages.admin.unfold import action, display

FACTS = (
    "customer",
    "page",
    "standing",
    "purpose",
    "lifetime",
    "source",
    "agreed_at",
    "expires_at",
    "ended_at",
    "recipient",
)
# Acts that make no sense in a state.
HIDDEN = {
    OptInState.REVOKED: ("revoke",),
    OptInState.ACTIVE: ("agree_again",),
    OptInState.ERASED: ("describe", "revoke", "agree_again", "erase"),
}


@admin.register(OptIn)
class OptInAdmin(RefusedWhileSaving[OptIn], WholeFileView, ExportView, LongList[OptIn]):
    form = StaffOptInForm
    refusals = (HeldByAnother, Suppressed)
    list_display = ("customer", "page", "lifetime", "standing", "source", "agreed_at")
    list_filter = ("state", "lifetime", "purpose", "source", filters.ConflictFilter, "page")
    list_before_template = "admin/optins/transfer/above_the_list.html"
    search_fields = ("customer_id",)
    search_help_text = gettext_lazy("A customer_id, or its beginning")
    nothing_yet = gettext_lazy(
        "Nobody has agreed yet. Opt-ins arrive from the site's button, or from your systems through the API."
    )
    actions_detail = ("describe", "revoke", "agree_again", "erase")
    change_form_outer_after_template = "admin/optins/optin/story.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OptIn]:
        return super().get_queryset(request).select_related("page", "recipient").defer("page__token")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return filters.beginning_with(queryset, search_term), False

    @display(description=gettext_lazy("customer"))
    def customer(self, optin: OptIn) -> str:
        return optin.customer_id

    @display(description=gettext_lazy("state"))
    def standing(self, optin: OptIn) -> str:
        """An expiry that has passed counts, written down or not."""
        over = optin.state == OptInState.ACTIVE and optin.expires_at and optin.expires_at <= timezone.now()
        state = OptInState.EXPIRED if over else OptInState(optin.state)
        return badge(state.value, state.label)

    @display(description=gettext_lazy("attributes"))
    def known(self, optin: OptIn) -> SafeString:
        """What messages may say of the customer; what none can say stands as JSON."""
        said = (
            (name, words_of(value) or json.dumps(value, ensure_ascii=False))
            for name, value in sorted(optin.attributes.items())
        )
        return format_html(
            '<dl class="ma-evidence">{}</dl>', format_html_join("", "<div><dt>{}</dt> <dd>{}</dd></div>", said)
        )

    def get_fieldsets(self, request: HttpRequest, obj: OptIn | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("page", "customer_id", "lifetime", "expires_at", "note")}),)
        return ((None, {"fields": (*FACTS, "known") if obj.attributes else FACTS}),)

    def get_readonly_fields(self, request: HttpRequest, obj: OptIn | None = None) -> Any:
        return (*FACTS, "known") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: OptIn | None = None) -> bool:
        """Nobody edits an agreement: it is ended, or taken up again, each with its proof."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OptIn | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("optins.change_optin")

    def has_erase_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("optins.erase_optin")

    def save_model(self, request: HttpRequest, obj: OptIn, form: Any, change: Any) -> None:
        facts = form.cleaned_data
        lifetime = Lifetime(facts["lifetime"]) if facts["lifetime"] else None
        optin = agree(
            page=facts["page"],
            customer_id=facts["customer_id"],
            agreement=Agreement(
                source=Source.STAFF,
                lifetime=lifetime,
                expires_at=facts["expires_at"],
                evidence={"note": facts["note"]},
            ),
            actor=actor_of(request),
            now=timezone.now(),
        )
        obj.pk = optin.pk

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        optin: OptIn | None = context.get("original")
        context |= {"story": story(optin) if optin else None, "show_history": False}
        context["may_export"] = may_export(request.user)
        response = super().render_change_form(request, context, *args, **kwargs)
        return on_the_clock_of(optin.page.site, response) if optin else response

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[UnfoldAction]:
        state = OptIn.objects.filter(pk=object_id).values_list("state", flat=True).first()
        hidden = HIDDEN.get(OptInState(state), ()) if state else ()
        actions = super().get_actions_detail(request, object_id)
        return [each for each in actions if not each.action_name.endswith(hidden)]

    @action(description=gettext_lazy("Attributes"), url_path="attributes", permissions=["end"], icon="badge")
    def describe(self, request: HttpRequest, object_id: str) -> HttpResponse:
        optin = self.get_object(request, object_id)
        if optin is None:
            return not_here(self, request, object_id)
        form = attributes_form(request.POST if request.method == "POST" else None, optin.attributes)
        if not form.is_valid():
            return self._ask_attributes(request, optin, form)
        try:
            changed = describe(optin=optin, before=form.known, after=form.result(), actor=actor_of(request))
        except ChangedMeanwhile:
            self.message_user(request, _("Somebody else changed them meanwhile. Look, and try again."), messages.ERROR)
            return self._ask_attributes(request, optin, attributes_form(None, optin.attributes))
        self.message_user(request, _("The attributes were saved.") if changed else _("Nothing was changed."))
        return _back_to(optin)

    def _ask_attributes(self, request: HttpRequest, optin: OptIn, form: Attributes) -> HttpResponse:
        template = "admin/optins/optin/attributes.html"
        names = known_names(OptIn.objects.filter(page=optin.page_id))
        return question(self, request, optin, template=template, title=_("Attributes"), form=form, names=names)

    @action(
        description=gettext_lazy("Revoke"),
        url_path="revoke",
        permissions=["end"],
        icon="block",
    )
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        optin = self.get_object(request, object_id)
        if optin is None:
            return not_here(self, request, object_id)
        if request.method != "POST":
            template = "admin/optins/optin/revoke.html"
            return question(self, request, optin, template=template, title=_("Revoke this opt-in?"))
        if revoke(optin=optin, actor=actor_of(request), now=timezone.now(), evidence={"source": Source.STAFF}):
            self.message_user(request, _("Revoked. Nothing more is sent to “%(id)s”.") % {"id": optin.customer_id})
        else:
            self.message_user(request, _("It was revoked already."), messages.WARNING)
        return _back_to(optin)

    @action(description=gettext_lazy("Agreed again"), url_path="agree-again", permissions=["end"], icon="how_to_reg")
    def agree_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        optin = self.get_object(request, object_id)
        if optin is None:
            return not_here(self, request, object_id)
        form = Evidence(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            template = "admin/optins/optin/agree_again.html"
            return question(
                self, request, optin, template=template, title=_("Did the customer agree again?"), form=form
            )
        facts = form.cleaned_data
        agreement = Agreement(
            source=Source.STAFF,
            recipient=optin.recipient,
            lifetime=Lifetime(optin.lifetime),
            expires_at=facts["expires_at"],
            evidence={"note": facts["note"]},
        )
        try:
            agree(
                page=optin.page,
                customer_id=optin.customer_id,
                agreement=agreement,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Suppressed as error:
            self.message_user(request, str(error), messages.ERROR)
            return _back_to(optin)
        self.message_user(request, _("“%(id)s” may be written to again.") % {"id": optin.customer_id})
        return _back_to(optin)

    @action(description=gettext_lazy("Erase"), url_path="erase", permissions=["erase"], icon="person_off")
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_erase(self, request, object_id)


def _back_to(optin: OptIn) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:optins_optin_change", args=[optin.pk]))
