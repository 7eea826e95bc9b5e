"""What Facebook told is forgotten after WEBHOOK_DAYS; what nobody has worked on yet is not."""

from datetime import datetime

from django.db.models import QuerySet

from pages.models import WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState


def posts_due(before: datetime) -> QuerySet[WebhookPost]:
    return WebhookPost.objects.filter(received_at__lt=before).exclude(state=PostState.RECEIVED)


def events_due(before: datetime) -> QuerySet[WebhookEvent]:
    return WebhookEvent.objects.filter(received_at__lt=before).exclude(state=EventState.WAITING)
