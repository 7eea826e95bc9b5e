"""The Django project: wiring, and no business rule."""

from messenger_admin.celery import app as celery_app

__all__ = ["celery_app"]
