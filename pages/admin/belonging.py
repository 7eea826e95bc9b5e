"""To which site a page belongs: letting it go, and moving it to another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.dataclasses import UnfoldAction

from pages.admin.base import actor_of, not_here, question
from pages.admin.forms import SiteChoice, sites_with_pages
from pages.admin.unfold import ModelAdmin, action
from pages.admin.widgets import SearchableSelect
from pages.models import ApiToken, Link, Page, Site
from pages.services import leaving
from pages.services.links import CannotLink, move_page
from pages.signals import page_moving
from pages.states import GatewayKind


class MoveForm(forms.Form):
    site = SiteChoice(
        label=gettext_lazy("To the site"),
        queryset=Site.objects.none(),
        empty_label=gettext_lazy("Choose a site"),
        widget=SearchableSelect,
        error_messages={"required": gettext_lazy("Choose the site that this page shall belong to.")},
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites_with_pages().exclude(pk=site.pk)  # type: ignore[attr-defined]


class BelongingActions(ModelAdmin[Page]):
    """Mixed into the admin of pages."""

    def has_link_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("pages.link_page")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        linked = Link.objects.open().filter(page_id=object_id).exists()
        return super().get_actions_detail(request, object_id) if linked else []

    @action(
        description=gettext_lazy("Move to another site"),
        url_path="move",
        permissions=["link"],
        icon="drive_file_move",
    )
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = self.get_object(request, object_id)
        if page is None:
            return not_here(self, request, object_id)
        link = page.open_link
        if link is None:
            return self._free(request, page)
        form = MoveForm(request.POST if request.method == "POST" else None, site=link.site)
        if form.is_valid():
            site: Site = form.cleaned_data["site"]
            try:
                move_page(page=page, site=site, actor=actor_of(request), now=timezone.now())
            except CannotLink as refusal:
                form.add_error("site", str(refusal))
            else:
                words = {"page": page.name, "site": site, "old": link.site}
                self.message_user(request, _("%(page)s now belongs to %(site)s, no longer to %(old)s.") % words)
                return _page_of(page)
        context = {"link": link, "form": form, "tokens": _tokens_of(link), "effects": _effects(page)}
        title = _("Move this page to another site?")
        return question(self, request, page, template="admin/pages/page/move.html", title=title, **context)

    @action(
        description=gettext_lazy("Unlink from its site"),
        url_path="unlink",
        permissions=["link"],
        icon="link_off",
    )
    def unlink(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = self.get_object(request, object_id)
        if page is None:
            return not_here(self, request, object_id)
        link = page.open_link
        if link is None:
            return self._free(request, page)
        if request.method != "POST":
            title = _("Unlink this page?")
            context = {"link": link, "on_facebook": page.gateway == GatewayKind.META}
            return question(self, request, page, template="admin/pages/page/unlink.html", title=title, **context)
        now = timezone.now()
        if not leaving.leave(page=page, actor=actor_of(request), now=now):
            return self._free(request, page)
        self.message_user(request, _("%(page)s no longer belongs to %(site)s.") % {"page": page, "site": link.site})
        if not leaving.tell(page, now=now):
            text = _("Facebook could not be told yet that it need not send the page's events. That is tried again.")
            self.message_user(request, text, messages.WARNING)
        return _page_of(page)

    def _free(self, request: HttpRequest, page: Page) -> HttpResponse:
        self.message_user(request, _("This page belongs to no site."), messages.WARNING)
        return _page_of(page)


def _tokens_of(link: Link) -> list[ApiToken]:
    """Keys of the API that the site's systems use for the page today, and that will not open it any more."""
    return list(ApiToken.objects.valid(timezone.now()).opening(link.page_id).distinct().order_by("name"))


def _effects(page: Page) -> list[str]:
    """What the apps above say of it: they know what else goes with the page."""
    answers: list[tuple[Any, Any]] = page_moving.send(sender=Page, page=page)
    return [sentence for _receiver, sentences in answers for sentence in sentences]


def _page_of(page: Page) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
