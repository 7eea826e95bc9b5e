"""A Django view that inserts one row, with nothing in front of it: the least that taking a message can cost.

It knows no token, judges nothing and tells nobody. granian serves `bench.peers.bare_view:application`;
`python -m bench.peers.bare_view '{}'` makes its table, if there is none, and prints `{"rows": ...}`.
"""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.bare_settings"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  (the settings come first)
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Message(models.Model):  # noqa: DJ008  (nobody looks at one)
    page_id = models.TextField()
    customer_id = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peer"


def take(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    Message.objects.create(page_id=page_id, customer_id=customer_id, body=request.body.decode())
    return HttpResponse()


def keep(request: HttpRequest) -> HttpResponse:
    Message.objects.create(page_id="", customer_id="", body=request.body.decode())
    return HttpResponse("EVENT_RECEIVED")


urlpatterns = [
    path("social/facebook/messenger/pages/<page_id>/customers/<path:customer_id>/messages", take),
    path("webhooks/facebook/", keep),
]
application = WSGIHandler()


def main() -> None:
    if Message._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Message)
    print(json.dumps({"rows": Message.objects.count()}))


if __name__ == "__main__":
    main()
