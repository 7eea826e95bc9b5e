"""Facebook for scripts, under `/sandbox/api/facebook/`."""

from django.urls import path

from messenger_admin.sandbox.web.facebook import api

urlpatterns = [
    path("people", api.add_person, name="api_facebook_people"),
    path("pages", api.add_page, name="api_facebook_pages"),
    path("kill", api.kill, name="api_facebook_kill"),
    path("revoke", api.revoke, name="api_facebook_revoke"),
    path("templates", api.decide, name="api_facebook_templates"),
    path("signed-requests", api.send, name="api_facebook_signed_requests"),
]
