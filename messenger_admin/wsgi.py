"""The door for granian and any other WSGI server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from messenger_admin.databases import keep_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messenger_admin.settings")
keep_connections(settings.DATABASES["default"])
application = get_wsgi_application()
# Loaded now rather than by the first request, and then left alone: the garbage collector would walk through all that a
# process has loaded in the middle of every batch of messages, for a tenth of its time.
get_resolver().url_patterns  # noqa: B018  (read, it is loaded)
gc.collect()
gc.freeze()
