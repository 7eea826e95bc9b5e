"""One delivery's own doors: its page, its state for scripts, and the question that settles a doubt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from unfold.admin import ModelAdmin

from notifications.admin import badges, times
from notifications.admin.deliveries import doubts, story
from notifications.admin.deliveries.as_sent import as_sent
from notifications.admin.deliveries.owner import owner
from notifications.admin.deliveries.timeline import timeline
from notifications.models import Delivery
from notifications.states import LEFT, MOVABLE
from notifications.words import detail_words, reason_advice, reason_words


class DeliveryView(View):
    model_admin: ModelAdmin = None  # type: ignore[assignment]  # as_view gives it

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def delivery(self, object_id: int) -> Delivery:
        rows: QuerySet[Delivery] = self.model_admin.get_queryset(self.request)
        return get_object_or_404(rows, pk=object_id)


class StateView(DeliveryView):
    def get(self, request: HttpRequest, object_id: int) -> JsonResponse:
        delivery = self.delivery(object_id)
        return JsonResponse(
            {
                "state": delivery.state,
                "label": str(delivery.get_state_display()),
                "reason": reason_words(delivery.reason) if delivery.reason else "",
                "detail": detail_words(delivery.reason, delivery.detail),
                "final": delivery.state not in MOVABLE,
            }
        )


class DecisionView(DeliveryView):
    """GET asks, POST decides; only for who may resolve."""

    decision: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(doubts.RESOLVE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        delivery, decision = self.delivery(object_id), doubts.DECISIONS[self.decision]
        if not doubts.is_in_doubt(delivery):
            messages.warning(request, doubts.not_in_doubt_words(delivery))
            return self._back(delivery)
        context = {
            **question_context(self.model_admin, request, decision, [delivery]),
            "original": delivery,
            "back_url": reverse("admin:notifications_delivery_change", args=[delivery.pk]),
        }
        return TemplateResponse(request, "admin/notifications/delivery/decide.html", context)

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        delivery = self.delivery(object_id)
        rows = Delivery.objects.filter(pk=delivery.pk)
        doubts.decide(request, doubts.DECISIONS[self.decision], rows, asked=1)
        return self._back(delivery)

    def _back(self, delivery: Delivery) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:notifications_delivery_change", args=[delivery.pk]))


def question_context(
    model_admin: ModelAdmin,
    request: HttpRequest,
    decision: doubts.Decision,
    deliveries: list[Delivery],
    typed: doubts.TypedCount | None = None,
) -> dict[str, Any]:
    """What the question shows, for one delivery and for several; those are `typed`."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": decision.label,
        "decision": decision,
        "question": doubts.question(decision, len(deliveries)),
        "deliveries": deliveries,
        "typed": typed,
        "back_url": request.get_full_path(),
    }


def page_context(delivery: Delivery, request: HttpRequest) -> dict[str, Any]:
    """Everything the page of one delivery shows."""
    now, zone = timezone.now(), times.zone_of(delivery.page)
    may_decide = doubts.is_in_doubt(delivery) and request.user.has_perm(doubts.RESOLVE)
    return {
        "delivery": delivery,
        "badge": badges.of_delivery(delivery),
        "story": story.story(delivery),
        "meaning": story.meaning(delivery),
        "unknowable": story.cannot_be_known(delivery),
        "in_part": story.parts_words(delivery),
        "right": story.right_words(delivery),
        "owner": owner(delivery),
        "waits_for": list(story.waits_for(delivery, now=now)),
        "reason": reason_words(delivery.reason) if delivery.reason else "",
        "advice": reason_advice(delivery.reason) if delivery.reason else "",
        "events": [(event, times.said(event.at, zone)) for event in timeline(delivery)],
        "decisions": list(doubts.DECISIONS.values()) if may_decide else [],
        "detail": detail_words(delivery.reason, delivery.detail),
        "message": as_sent(delivery),
        "left": delivery.state in LEFT or doubts.is_in_doubt(delivery),
        "moving": delivery.state in MOVABLE,
    }
