"""The sandbox in the browser and for scripts; included on machines where the sandbox is on, and nowhere else."""

from django.urls import path

from messenger_admin.sandbox.web import api, live, pages

app_name = "sandbox"

urlpatterns = [
    path("", pages.customers, name="customers"),
    path("phone/", pages.phone, name="phone"),
    path("behaviour/", pages.behaviour, name="behaviour"),
    path("behaviour/remove/", pages.remove_behaviour, name="remove_behaviour"),
    path("clear/", pages.clear, name="clear"),
    path("api/messages", api.messages, name="api_messages"),
    path("api/thread", live.thread, name="api_thread"),
    path("api/behaviours", api.behaviours, name="api_behaviours"),
]
