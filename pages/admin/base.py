"""What the admin screens of every app share: lists that nobody writes, deletions refused in words, lost races shown."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.paginator import InfinitePaginator

from pages.admin.unfold import ModelAdmin
from pages.models import Site

M = TypeVar("M", bound=models.Model)


class LongList(ModelAdmin[M]):
    """A list of a table that may hold millions of rows: never counted, newest first, no bulk actions."""

    list_after_template = "messenger_admin/clock.html"

    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None
    sortable_by = ()


class ReadOnly(ModelAdmin[M]):
    """Shown to those who may view it; written by services alone."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What nobody edits has no history of edits."""
        context |= {"show_history": False}
        return super().render_change_form(request, context, *args, **kwargs)


class KeepsHistory(ModelAdmin[M]):
    """Deletes what nothing stands on, and refuses the rest in words, without reading what stands on it."""

    actions = None  # no bulk deletion: each refusal has its own reason
    instead: str | Promise = gettext_lazy("It stays as history.")

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_delete_permission(request, obj):
            return super().delete_view(request, object_id, extra_context)
        if kept := list(_standing_on(obj)):
            return self._refuse(request, obj, kept)
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            # Somebody began to use it while the question was on the screen.
            return self._refuse(request, obj, list(_standing_on(obj)))

    def get_deleted_objects(
        self, objs: Sequence[Any] | models.QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """What goes with the object is its own, so the right to delete the object is enough."""
        deleted, counts, _perms_needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    def _refuse(self, request: HttpRequest, obj: models.Model, kept: list[str]) -> HttpResponse:
        text = _("%(object)s can't be deleted: it has %(kept)s. %(instead)s") % {
            "object": obj,
            "kept": ", ".join(kept),
            "instead": self.instead,
        }
        self.message_user(request, text, messages.ERROR)
        opts = self.model._meta
        return HttpResponseRedirect(
            reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
        )


def _standing_on(obj: models.Model) -> Iterator[str]:
    """The names of the tables that hold a protected row of `obj`; asks each for one row at most."""
    for relation in obj._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: obj})  # noqa: SLF001  (the manager Django deletes with)
            if rows.exists():
                yield str(relation.related_model._meta.verbose_name_plural)


class RefusedWhileSaving(ModelAdmin[M]):
    """Shows a service's refusal as a form error, where the form itself had found nothing wrong a moment before.

    The refusal rolled everything back. The same form is then read once more: its validation now sees who was
    first, and says so at the field.
    """

    refusals: tuple[type[Exception], ...] = ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.refusals:
            return super().changeform_view(request, object_id, form_url, extra_context)


def question(
    model_admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model, *, template: str, **context: object
) -> TemplateResponse:
    """A page that asks before something is done; its form posts back to the same address."""
    opts = obj._meta
    return TemplateResponse(
        request,
        template,
        {
            **model_admin.admin_site.each_context(request),
            "opts": opts,
            "original": obj,
            "back": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk]),
            **context,
        },
    )


def on_the_clock_of(site: Site | None, response: HttpResponse) -> HttpResponse:
    """Renders the response here and now, its times on the site's clock; without a site, on the product's own."""
    return in_the_zone(site.zone if site else timezone.get_default_timezone(), response)


def in_the_zone(zone: tzinfo, response: HttpResponse) -> HttpResponse:
    if isinstance(response, TemplateResponse):
        with timezone.override(zone):
            response.render()
    return response


def actor_of(request: HttpRequest) -> AbstractBaseUser:
    """The person at the keyboard, as services know them: the admin lets nobody in who isn't logged in."""
    return cast("AbstractBaseUser", request.user)


def not_here(model_admin: ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponseRedirect:
    """The answer for an object that is gone, or never was."""
    text = _("There is no %(name)s with the number “%(number)s”. Perhaps it was deleted.") % {
        "name": model_admin.opts.verbose_name,
        "number": object_id,
    }
    model_admin.message_user(request, text, messages.WARNING)
    return HttpResponseRedirect(reverse("admin:index"))


def badge(state: str, words: str | Promise) -> SafeString:
    """A state as a coloured word, in a list and on a page alike; the colour only repeats what the word says."""
    return format_html('<span class="ma-state ma-state-{}">{}</span>', state, words)
