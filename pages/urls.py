"""The doors that Facebook comes through."""

from django.urls import URLPattern, URLResolver, path

from pages.admin.facebook import adding
from pages.views import facebook_requests
from pages.webhooks.endpoint import facebook_webhook

urlpatterns: list[URLPattern | URLResolver] = [
    path("facebook/return/", adding.come_back, name="facebook_return"),
    # Asked by way of pages/webhooks/edge.py.
    path("webhooks/facebook/", facebook_webhook, name="facebook_webhook"),
    path("facebook/deauthorise/", facebook_requests.deauthorise, name="facebook_deauthorise"),
    path("facebook/data-deletion/", facebook_requests.data_deletion, name="facebook_data_deletion"),
    path("facebook/requests/<str:code>/", facebook_requests.status, name="facebook_request"),
]
