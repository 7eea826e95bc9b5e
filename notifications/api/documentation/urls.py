"""The documentation's addresses, the guide's own."""

from django.urls import path

from notifications.api.documentation import views

app_name = "documentation"

urlpatterns = [
    path("", views.page, name="page"),
    path("definition.json", views.as_openapi, name="definition"),
]
