"""The sandbox in the browser and for scripts; included on machines where the sandbox is on, and nowhere else."""

from django.urls import include, path

from messenger_admin.sandbox.web import api, pages
from messenger_admin.sandbox.web.facebook import api as facebook_api
from messenger_admin.sandbox.web.messenger import phones

app_name = "sandbox"

urlpatterns = [
    path("", pages.customers, name="customers"),
    path("phone/", phones.phone, name="phone"),
    path("behaviour/", pages.behaviour, name="behaviour"),
    path("behaviour/remove/", pages.remove_behaviour, name="remove_behaviour"),
    path("clear/", pages.clear, name="clear"),
    path("", include("messenger_admin.sandbox.web.messenger.urls")),
    path("facebook/", include("messenger_admin.sandbox.web.facebook.urls")),
    path("api/messages", api.messages, name="api_messages"),
    path("api/thread", phones.thread, name="api_thread"),
    path("api/behaviours", api.behaviours, name="api_behaviours"),
    path("api/", include("messenger_admin.sandbox.web.messenger.api_urls")),
    path("api/facebook", facebook_api.facebook, name="api_facebook"),
    path("api/facebook/", include("messenger_admin.sandbox.web.facebook.api_urls")),
]
