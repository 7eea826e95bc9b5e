"""What a site's customer_ids look like: each pattern with what it may be used for and how long it lives."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from optins import patterns
from optins.models import IdPattern
from optins.services import terms
from optins.states import Purpose
from pages.admin.base import LongList
from pages.admin.unfold import display


def _as_text(words: object) -> SafeString:
    """Help is shown as HTML."""
    return escape(str(words))


_escaped = lazy(_as_text, SafeString)


class PatternForm(forms.ModelForm[IdPattern]):
    class Meta:
        model = IdPattern
        fields = ("site", "name", "pattern", "purpose", "lifetime", "days", "used_up", "position")
        labels = {"position": gettext_lazy("Position")}
        help_texts = {
            "name": gettext_lazy("For your team, for example “Order”."),
            "pattern": _escaped(
                gettext_lazy("What changes stands in angle brackets: order-<number>, instock-<product>-<session>.")
            ),
            "purpose": gettext_lazy("The visitor is asked for just this, and campaigns for anything else pass by."),
            "position": gettext_lazy("Where several patterns fit an id, the one with the smallest number decides."),
        }

    def clean_pattern(self) -> str:
        try:
            return patterns.parse(self.cleaned_data["pattern"])
        except patterns.PatternError as error:
            raise forms.ValidationError(_(error.message), params=error.params) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = IdPattern.objects.filter(site=cleaned.get("site"), pattern=cleaned.get("pattern"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("pattern", _("The site has this pattern already."))
        if cleaned.get("used_up") and cleaned.get("purpose") == Purpose.MARKETING:
            self.add_error(
                "used_up", _("News and offers are more than one message. Choose another use, or untick this.")
            )
        return cleaned


@admin.register(IdPattern)
class IdPatternAdmin(LongList[IdPattern]):
    form = PatternForm
    list_display = ("pattern", "name", "site", "purpose", "lasts", "position")
    list_select_related = ("site",)
    list_filter = ("site", "purpose")
    search_fields = ("pattern", "name")
    search_help_text = gettext_lazy("Pattern or name")
    ordering = ("site__name", "position", "pk")
    nothing_yet = gettext_lazy("No pattern yet: every customer_id is durable, and may be used for anything.")

    @display(description=gettext_lazy("lasts"))
    def lasts(self, pattern: IdPattern) -> str:
        if not pattern.days:
            return _("one message") if pattern.used_up else _("until it is taken back")
        days = ngettext("%(days)d day", "%(days)d days", pattern.days) % {"days": pattern.days}
        return _("one message, %(days)s at most") % {"days": days} if pattern.used_up else days

    def save_model(self, request: HttpRequest, obj: IdPattern, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if change:
            self.message_user(request, _("Agreements that were given before stay as they were."))
        if first := terms.shadowing(obj):
            words = _("Ids such as “%(id)s” fit %(pattern)s too, which stands before it and decides.")
            told = {"id": patterns.example(obj.pattern), "pattern": first}
            self.message_user(request, words % told, messages.WARNING)
