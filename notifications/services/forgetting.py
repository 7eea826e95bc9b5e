"""How long the answers to calls with an Idempotency-Key are kept: a promise of the API, and no setting."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from notifications.models import KeptAnswer

KEPT_FOR = timedelta(days=30)


def answers_due(before: datetime) -> QuerySet[KeptAnswer]:
    return KeptAnswer.objects.filter(created_at__lte=before)
