"""The admin site."""

from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class Site(UnfoldAdminSite):
    index_title = _("Today")
    empty_value_display = "–"
