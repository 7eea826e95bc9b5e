"""The API's doors, at the root: the guide's path is one of them."""

from django.urls import include, path

from notifications.api import reading
from notifications.api.batches import router as batches
from notifications.api.campaigns import router as campaigns
from notifications.api.doors import api
from notifications.api.optins import router as optins

api.add_router("", reading.router)
api.add_router("", batches)
api.add_router("", optins)
api.add_router("", campaigns)

urlpatterns = [
    path("documentation/", include("notifications.api.documentation.urls")),
    path("", api.urls),
]
