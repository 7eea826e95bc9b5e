"""Every door of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from messenger_admin import health, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("notifications.api.urls")),
    path("", include("pages.urls")),
    path("", include("optins.urls")),
]

if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("messenger_admin.sandbox.web.urls")))
