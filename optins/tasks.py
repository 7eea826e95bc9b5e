"""Celery's doors: ids in, one service call."""

from celery import shared_task
from django.utils import timezone

from optins import hints
from optins.services import importing


@shared_task(name=hints.WORK_IMPORT)
def work_import(import_pk: int, offset: int) -> None:
    importing.work(import_pk=import_pk, offset=offset, now=timezone.now())
