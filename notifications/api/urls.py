"""The API's doors, at the root: the guide's path is one of them."""

from django.urls import path

from notifications.api.doors import api
from notifications.api.optins import router as optins
from notifications.api.reading import router as messages

api.add_router("", optins)
api.add_router("", messages)

urlpatterns = [path("", api.urls)]
