"""Celery's doors: one service call each."""

from celery import shared_task

from pages import hints, sweeping
from pages.conversations import profiles
from pages.webhooks import processing


@shared_task(name=hints.PROCESS_WEBHOOKS)
def process_webhooks() -> None:
    processing.process_due()


@shared_task(name=hints.FETCH_PROFILES)
def fetch_profiles() -> None:
    profiles.fetch_due()


@shared_task(name="pages.sweep")
def sweep() -> None:
    sweeping.sweep()
