"""Messenger's addresses in the sandbox, for scripts."""

from django.urls import path

from messenger_admin.sandbox.web.messenger import api

urlpatterns = [
    path("people", api.people, name="api_people"),
    path("acts", api.acts, name="api_acts"),
    path("webhooks", api.webhooks, name="api_webhooks"),
    path("manners", api.manners, name="api_manners"),
]
