"""Celery carries hints only: every message says "look here", and the sweep says it again if it is lost."""

import os
import warnings

import kombu.transport
from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messenger_admin.settings")
kombu.transport.TRANSPORT_ALIASES["embedded"] = "messenger_admin.embedded_broker:Transport"
# It warns whoever runs a worker as root of pickled messages; these are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)


@setup_logging.connect
def leave_logging_to_django(**_kwargs: object) -> None:
    """A receiver here is all that keeps Celery from replacing what settings.LOGGING set up."""


app = Celery("messenger_admin")
app.config_from_object("messenger_admin.celery_config")
app.autodiscover_tasks(["notifications", "optins", "pages"])
# Celery closes the database connection around every task unless it is told otherwise, by this name alone.
app.conf["CELERY_DB_REUSE_MAX"] = 10_000
