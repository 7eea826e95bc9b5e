"""Messenger's addresses in the sandbox, on its screens."""

from django.urls import path

from messenger_admin.sandbox.web.messenger import links, people, webhooks

urlpatterns = [
    path("people/", people.everybody, name="people"),
    path("m.me/<str:page_id>", links.land, name="m_me"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/usual/", webhooks.usual, name="usual_webhooks"),
    path("webhooks/clear/", webhooks.clear, name="clear_webhooks"),
]
