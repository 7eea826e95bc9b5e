"""The API's doors, at the root: the guide's path is one of them."""

from django.urls import path

from notifications.api import reading
from notifications.api.batches import router as batches
from notifications.api.doors import api

api.add_router("", reading.router)
api.add_router("", batches)

urlpatterns = [path("", api.urls)]
