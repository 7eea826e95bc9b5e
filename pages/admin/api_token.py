"""API tokens: issued, replaced and revoked here. A secret is on one page, once, and in no message, session or log."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from unfold.dataclasses import UnfoldAction

from pages.admin.api_token_forms import ApiTokenForm, ReplaceForm
from pages.admin.base import (
    LongList,
    ReadOnly,
    RefusedWhileSaving,
    actor_of,
    badge,
    not_here,
    on_the_clock_of,
    question,
)
from pages.admin.unfold import action, display
from pages.models import ApiToken, Binding
from pages.scopes import Scope
from pages.services import issuing

SECRET = "admin/pages/apitoken/secret.html"  # noqa: S105  (a template's name)
BREAK = mark_safe("<br>")


class HoldsFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("valid", pgettext_lazy("tokens", "Valid")),
            ("expired", pgettext_lazy("tokens", "Expired")),
            ("revoked", pgettext_lazy("tokens", "Revoked")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        meanings = {
            "valid": Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now)),
            "expired": Q(revoked_at=None, expires_at__lte=now),
            "revoked": Q(revoked_at__isnull=False),
        }
        return queryset.filter(meanings.get(self.value() or "", Q()))


@admin.register(ApiToken)
class ApiTokenAdmin(RefusedWhileSaving[ApiToken], ReadOnly[ApiToken], LongList[ApiToken]):
    form = ApiTokenForm
    refusals = (issuing.CannotIssue,)
    nothing_yet = gettext_lazy(
        "No token yet. Each system that sends through the API gets one of its own, which can be revoked by itself."
    )
    list_display = ("named", "bound_to", "allowed", "last_used", "expires", "standing")
    list_filter = (HoldsFilter,)
    search_fields = ("name", "prefix__startswith")
    search_help_text = gettext_lazy("Name, or how the token begins")
    actions_detail = ("replace", "revoke")
    change_form_outer_after_template = "messenger_admin/clock.html"
    choices = (
        (None, {"fields": ("name",)}),
        (gettext_lazy("What it opens"), {"fields": ("site", "pages")}),
        (gettext_lazy("What it may do"), {"fields": ("scopes", "lifetime", "requests_per_second")}),
    )
    facts = (
        *("name", "begins", "standing", "bound_to", "allowed", "requests_per_second"),
        *("last_used", "expires", "revoked_at", "created_at", "created_by"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        bindings = Binding.objects.select_related("site", "page").defer("page__token").order_by("pk")
        tokens: QuerySet[ApiToken] = super().get_queryset(request)
        return tokens.select_related("created_by").prefetch_related(Prefetch("bindings", bindings))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("pages.add_apitoken")

    def has_revoke_permission(self, request: HttpRequest, _object_id: object = None) -> bool:
        return request.user.has_perm("pages.revoke_apitoken")

    def has_replace_permission(self, request: HttpRequest, _object_id: object = None) -> bool:
        return self.has_revoke_permission(request) and self.has_add_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return ((None, {"fields": self.facts}),) if obj else self.choices

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return self.facts if obj else ()

    @display(description=gettext_lazy("token"))
    def named(self, token: ApiToken) -> str:
        return format_html('{}<br><code class="ma-hint">{}…</code>', token.name, token.prefix)

    @display(description=gettext_lazy("begins with"))
    def begins(self, token: ApiToken) -> str:
        return format_html("<code>{}…</code>", token.prefix)

    @display(description=gettext_lazy("opens"))
    def bound_to(self, token: ApiToken) -> str:
        return format_html_join(BREAK, "{}", ((_opened(binding),) for binding in token.bindings.all()))

    @display(description=gettext_lazy("may do"))
    def allowed(self, token: ApiToken) -> str:
        scopes = [scope for scope in Scope if scope.value in token.scopes]
        if len(scopes) == len(Scope):
            return _("everything")
        return format_html_join(BREAK, "<code>{}</code>", ((scope.value,) for scope in scopes))

    @display(description=gettext_lazy("last used"))
    def last_used(self, token: ApiToken) -> str:
        return _when(token.last_used_at) or pgettext("a token's last use", "never")

    @display(description=gettext_lazy("expires"))
    def expires(self, token: ApiToken) -> str:
        return _when(token.expires_at) or pgettext("a token's end", "never")

    @display(description=gettext_lazy("state"))
    def standing(self, token: ApiToken) -> str:
        if token.revoked_at:
            return badge("revoked", pgettext("token", "Revoked"))
        if not token.holds(timezone.now()):
            return badge("expired", pgettext("token", "Expired"))
        return badge("active", pgettext("token", "Valid"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """One button: what follows is the secret, wherever else a person wanted to go."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return on_the_clock_of(None, super().render_change_form(request, context, *args, **kwargs))

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: Any) -> None:
        """The row is the service's; the form's object takes its values, and the secret as far as `response_add`."""
        now = timezone.now()
        token, secret = issuing.issue(terms=form.terms(now), actor=actor_of(request), now=now)
        vars(obj).update(vars(token), secret=secret)

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """No redirect: the secret would have to travel with it."""
        return self._shown_once(request, obj, vars(obj).pop("secret"))

    def _shown_once(self, request: HttpRequest, token: ApiToken, secret: str) -> HttpResponse:
        context = {"title": _("Copy the token now"), "secret": secret}
        return question(self, request, token, template=SECRET, **context)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[UnfoldAction]:
        holds = ApiToken.objects.valid(timezone.now()).filter(pk=object_id).exists()
        return super().get_actions_detail(request, object_id) if holds else []

    @action(
        description=gettext_lazy("Replace"),
        url_path="replace",
        permissions=["replace"],
        icon="autorenew",
    )
    def replace(self, request: HttpRequest, object_id: str) -> HttpResponse:
        token = self.get_object(request, object_id)
        if token is None:
            return not_here(self, request, object_id)
        now = timezone.now()
        if not token.holds(now):
            return self._over(request, token)
        form = ReplaceForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            context = {"title": _("Replace this token?"), "form": form}
            return question(self, request, token, template="admin/pages/apitoken/replace.html", **context)
        made = issuing.replace(token=token, old_until=form.old_until(now), actor=actor_of(request), now=now)
        return self._shown_once(request, *made) if made else self._over(request, token)

    @action(
        description=gettext_lazy("Revoke"),
        url_path="revoke",
        permissions=["revoke"],
        icon="block",
    )
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        token = self.get_object(request, object_id)
        if token is None:
            return not_here(self, request, object_id)
        now = timezone.now()
        if not token.holds(now):
            return self._over(request, token)
        if request.method != "POST":
            title = _("Revoke this token?")
            return question(self, request, token, template="admin/pages/apitoken/revoke.html", title=title)
        issuing.revoke(token=token, actor=actor_of(request), now=now)
        self.message_user(request, _("The token is revoked."), messages.SUCCESS)
        return _page_of(token)

    def _over(self, request: HttpRequest, token: ApiToken) -> HttpResponse:
        self.message_user(request, _("This token does not hold any more."), messages.WARNING)
        return _page_of(token)


def _when(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else ""


def _page_of(token: ApiToken) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pages_apitoken_change", args=[token.pk]))


def _link(model: str, pk: int, words: object) -> str:
    return format_html('<a class="ma-link" href="{}">{}</a>', reverse(f"admin:pages_{model}_change", args=[pk]), words)


def _opened(binding: Binding) -> str:
    """The page that was named, or the site whose page it is."""
    if binding.page:
        return _link("page", binding.page.pk, binding.page)
    return _link("site", binding.site.pk, binding.site)
