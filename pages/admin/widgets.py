"""Widgets that every app's screens share."""

from django import forms
from django.contrib.admin.widgets import get_select2_language
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelect2Widget


class _InTheReadersLanguage:
    """Unfold leaves out the words of the list ("No results found") in any language but English."""

    @property
    def media(self) -> forms.Media:
        words = f"admin/js/vendor/select2/i18n/{get_select2_language()}.js"
        # The words need select2, and a global jQuery, which the last of the three takes away.
        between = ["admin/js/vendor/select2/select2.full.js", words, "admin/js/jquery.init.js"]
        own: forms.Media = super().media  # type: ignore[misc]  # a mixin of widgets
        return own + forms.Media(js=between)


class SearchableSelect(_InTheReadersLanguage, UnfoldAdminSelect2Widget):
    pass


class SearchableSelectMultiple(_InTheReadersLanguage, UnfoldAdminSelect2MultipleWidget):
    pass
