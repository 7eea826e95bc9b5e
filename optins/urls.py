"""The doors that the tag on a shop's pages comes through, by way of optins/views/edge.py."""

from django.urls import URLPattern, URLResolver, path

from optins.tag import view as tag
from optins.views import optin, report

urlpatterns: list[URLPattern | URLResolver] = [
    path("tag/<slug:sid>.js", tag.serve, name="tag"),
    path("tag/<slug:sid>/optin", optin.ask, name="tag_optin"),
    path("tag/<slug:sid>/report", report.take, name="tag_report"),
]
