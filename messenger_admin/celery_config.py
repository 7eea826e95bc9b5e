"""Celery's settings, apart from Django's, because each has defaults that the other would trip over."""

from django.conf import settings

broker_url = settings.CELERY_BROKER_URL
broker_connection_retry_on_startup = True
# A request that hints must not wait for a broker that is gone: the sweep finds the row anyway.
broker_connection_timeout = 2
broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 10} if broker_url.startswith("redis") else {}
task_publish_retry = False
task_ignore_result = True
task_serializer = "json"
accept_content = ["json"]
task_default_queue = settings.CELERY_QUEUE
# Callbacks wait for other people's servers: they have workers of their own, so that no delivery waits with them.
task_routes = {"notifications.call_back": {"queue": settings.CALLBACK_QUEUE}}
worker_prefetch_multiplier = 1
# A hint counts as taken until its work is done; so no worker keeps the next page's hint behind a page that it pumps,
# while another worker has nothing to do. A hint that arrives twice is harmless.
task_acks_late = True
worker_hijack_root_logger = False
worker_enable_remote_control = not broker_url.startswith("embedded")
worker_send_task_events = False
timezone = "UTC"

# Sweeps that piled up while no worker ran say nothing that the newest doesn't.
# Beat keeps one connection for good, and only a retry opens it anew when the broker was away.
_every = settings.SWEEP_SECONDS
_options = {"expires": max(5.0, _every * 2), "retry": True, "retry_policy": {"max_retries": 1}}
beat_schedule = {
    "sweep": {"task": "notifications.sweep", "schedule": _every, "options": _options},
    # What hurries in the pages (events whose hint was lost) the first finds too: each costs, with nothing to do.
    "sweep-pages": {"task": "pages.sweep", "schedule": _every * 6, "options": _options},
    "sweep-at-leisure": {"task": "notifications.sweep_at_leisure", "schedule": _every * 6, "options": _options},
}
