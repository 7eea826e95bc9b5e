"""The parts of an installation on one machine."""

from django.conf import settings

from messenger_admin.celery import app
from messenger_admin.supervisor.guards import HOST
from messenger_admin.supervisor.parts import BeatPart, Part, ProcessPart

THREADS = 8
ACCESS_LINE = "%(time)s %(addr)s %(method)s %(path)r %(status)d %(dt_ms).0f ms"
WORKER_THREADS = 4
WORKER = (
    *("-m", "celery", "--app", "messenger_admin", "--quiet", "worker"),
    *("--pool", "threads", "--concurrency", str(WORKER_THREADS)),
    # There is no other worker to talk to.
    *("--without-mingle", "--without-gossip", "--without-heartbeat"),
)


# Senders of callbacks wait for other people's servers, each in a thread of its own.
CALLBACK_THREADS = 16
CALLBACKS = (
    *("-m", "celery", "--app", "messenger_admin", "--quiet", "worker"),
    *("--queues", settings.CALLBACK_QUEUE, "--hostname", "callbacks@%h"),
    *("--pool", "threads", "--concurrency", str(CALLBACK_THREADS)),
    *("--without-mingle", "--without-gossip", "--without-heartbeat"),
)


def parts() -> list[Part]:
    """Web first, since somebody waits for it. The sandbox stops last: what is on its way to it is still answered."""
    found: list[Part] = [web(), worker(), callbacks(), BeatPart(app)]
    return [*found, sandbox()] if settings.SANDBOX else found


def web() -> ProcessPart:
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(settings.PORT),
        "--workers": "1",
        "--blocking-threads": str(THREADS),
        "--workers-kill-timeout": "2",
        "--log-level": "error",
    }
    flat = [word for option in options.items() for word in option]
    # Without the query string, where the guide puts the token.
    access_log = ["--access-log", "--access-log-fmt", ACCESS_LINE] if settings.ACCESS_LOG else []
    return ProcessPart("web", ["-m", "granian", *flat, *access_log, "--no-ws", "messenger_admin.wsgi:application"])


def worker() -> ProcessPart:
    return ProcessPart("worker", list(WORKER))


def callbacks() -> ProcessPart:
    return ProcessPart("callbacks", list(CALLBACKS))


def sandbox() -> ProcessPart:
    return ProcessPart("sandbox", ["manage.py", "sandbox"], stage=1)
