"""What the composer's page asks for while somebody writes: a preview, a test, and customer_ids to choose from."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications.admin.composer.base import Composer
from notifications.admin.composer.instead import InsteadForm
from notifications.admin.composer.kinds import COMPOSERS
from notifications.admin.composer.personal import seen_by_customer
from notifications.admin.composer.sending import SendTestForm, suggestions
from notifications.models import Notification
from notifications.states import Kind
from pages.admin.unfold import ModelAdmin

MAY_TEST = "notifications.send_test"


class ComposerViews(ModelAdmin[Notification]):
    """All three work on what stands in the form now, saved or not; `?kind=` tells how to read it."""

    def get_urls(self) -> list[URLPattern]:
        def door(view: Any, name: str) -> URLPattern:
            route: URLPattern = path(
                f"{name}/", self.admin_site.admin_view(view), name=f"notifications_notification_{name}"
            )
            return route

        return [
            door(require_POST(self.preview_view), "preview"),
            door(require_POST(self.test_view), "test"),
            door(require_GET(self.customers_view), "customers"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        composer = _composer(request)
        if composer is None:
            return HttpResponseBadRequest()
        composer.compose()
        seen = seen_by_customer(request, composer)
        context = {"composer": composer, "instead": InsteadForm(request.POST), **seen}
        return TemplateResponse(request, "admin/notifications/notification/refreshed.html", context)

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """Sends at once. Whatever comes of it is said in the panel, which comes back whole."""
        if not request.user.has_perm(MAY_TEST):
            raise PermissionDenied
        composer = _composer(request)
        if composer is None:
            return HttpResponseBadRequest()
        composer.compose()
        form, instead, delivery = SendTestForm(request.POST), InsteadForm(request.POST), None
        is_ready = form.is_valid() and instead.is_valid() and composer.message
        if is_ready and composer.message and request.user.is_authenticated:
            delivery = form.send(composer.message, instead.choice, actor=request.user, now=timezone.now())
        return TemplateResponse(
            request,
            "admin/notifications/notification/test.html",
            {"test_form": form, "delivery": delivery, "composer": composer, "instead": instead, "is_asked": True},
            status=200 if delivery else 422,
        )

    def customers_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_TEST):
            raise PermissionDenied
        page, beginning = request.GET.get("page", ""), request.GET.get("q", "")
        return JsonResponse({"customers": suggestions(page=page, beginning=beginning, now=timezone.now())})


def _composer(request: HttpRequest) -> Composer | None:
    kind = request.GET.get("kind", "")
    return COMPOSERS[Kind(kind)](request.POST) if kind in Kind.values else None
