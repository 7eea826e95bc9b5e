"""The admin site."""

from typing import Any, ClassVar

from django.http import HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class Site(UnfoldAdminSite):
    index_title = _("Today")
    empty_value_display = "–"
    # Screens of no model; their modules add them, once there are models.
    doors: ClassVar[list[URLPattern]] = []

    def get_urls(self) -> list[URLPattern]:  # type: ignore[override]  # unfold and Django differ on what it returns
        return [*self.doors, *super().get_urls()]

    def app_index(self, *_args: Any, **_kwargs: Any) -> HttpResponseRedirect:  # type: ignore[override]  # Django draws a page
        """The sidebar is sorted by job, not by app; a list of one app's tables would be a second, poorer map."""
        return HttpResponseRedirect(reverse("admin:index"))
