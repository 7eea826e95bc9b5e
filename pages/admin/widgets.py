"""Widgets that every app's screens share."""

from django import forms
from django.contrib.admin.widgets import get_select2_language
from unfold.widgets import UnfoldAdminSelect2Widget


class SearchableSelect(UnfoldAdminSelect2Widget):
    """Unfold's, which leaves out the words of the list ("No results found") in any language but English."""

    @property
    def media(self) -> forms.Media:
        words = f"admin/js/vendor/select2/i18n/{get_select2_language()}.js"
        # The words need select2, and a global jQuery, which the last of the three takes away.
        between = ["admin/js/vendor/select2/select2.full.js", words, "admin/js/jquery.init.js"]
        return super().media + forms.Media(js=between)
