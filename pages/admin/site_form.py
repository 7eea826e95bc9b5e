"""What a person enters about a site: who it is, and what its tag is told."""

import re
import zoneinfo
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from pages.admin.buttons.rules import comparisons
from pages.admin.widgets import SearchableSelect
from pages.buttons.origins import OriginError, parse_all
from pages.buttons.targeting import DATA
from pages.models import ButtonRule, Site

MAX_DATA = 50
TYPES = ("text", "number")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def _lines(**attrs: str) -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget(
        attrs={"rows": "4", "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off", **attrs}
    )


class OriginsField(forms.Field):
    """A list, shown and read with one address on each line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        try:
            return parse_all(value or "")
        except OriginError as wrong:
            raise forms.ValidationError(_(wrong.message), code=wrong.code, params=wrong.params) from None


class CustomDataField(forms.Field):
    """`{"name", "type"}` each, shown and read as lines: `page_type`, or `cart_amount number`."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(line_of(datum) for datum in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[dict[str, str]]:
        types: dict[str, str] = {}
        for line in filter(None, map(str.strip, (value or "").splitlines())):
            name, kind = _datum(line)
            if types.setdefault(name, kind) != kind:
                raise forms.ValidationError(
                    _("“%(name)s” is a text on one line and a number on another."), "twice", {"name": name}
                )
        if len(types) > MAX_DATA:
            raise forms.ValidationError(_("At most %(limit)s custom data."), "many", {"limit": MAX_DATA})
        return [{"name": name, "type": kind} for name, kind in types.items()]


def line_of(datum: dict[str, str]) -> str:
    return datum["name"] if datum["type"] == "text" else f"{datum['name']} {datum['type']}"


def _datum(line: str) -> tuple[str, str]:
    name, *rest = line.split()
    kind = rest[0].lower() if rest else "text"
    if not _NAME.fullmatch(name):
        raise forms.ValidationError(
            _(
                "“%(name)s” is no name of custom data: it begins with a letter, holds letters from A to Z, digits, "
                "_ . and - alone, and at most 64 of them."
            ),
            "name",
            {"name": name},
        )
    if len(rest) > 1 or kind not in TYPES:
        raise forms.ValidationError(
            _("“%(line)s” can’t be read: write the name alone, or the name, a space and “number”."),
            "line",
            {"line": line},
        )
    return name, kind


class SiteForm(forms.ModelForm[Site]):
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(zoneinfo.available_timezones())],
        initial="Europe/Paris",
        widget=SearchableSelect,
        help_text=gettext_lazy("Schedules and times of this site are read in this zone."),
    )
    origins = OriginsField(
        label=capfirst(gettext_lazy("addresses of the shop")),
        required=False,
        widget=_lines(placeholder="https://www.shop.example"),
        help_text=gettext_lazy(
            "One on each line, such as https://www.shop.example. Clicks are taken from these addresses alone."
        ),
    )
    # Text, not URL: the browser's own check would refuse what lacks its https://, which is added here.
    privacy_url = forms.URLField(
        label=capfirst(gettext_lazy("privacy notice")),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget(
            attrs={"inputmode": "url", "placeholder": "https://www.shop.example/privacy"}
        ),
        help_text=gettext_lazy("Linked beside each button that asks for consent."),
    )
    custom_data = CustomDataField(
        label=capfirst(gettext_lazy("custom data")),
        required=False,
        widget=_lines(placeholder="page_type\ncart_amount number"),
        help_text=gettext_lazy(
            "What the rules of buttons may compare: one name on each line, as the shop’s pages declare it, "
            "followed by “number” where it is one."
        ),
    )

    class Meta:
        model = Site
        fields = ("sid", "name", "timezone", "origins", "privacy_url", "custom_data")

    def clean_privacy_url(self) -> str:
        url: str = self.cleaned_data["privacy_url"]
        scheme, colon, rest = url.partition("://")
        if url and scheme.lower() != "https":
            raise forms.ValidationError(_("The address of the privacy notice must begin with https://."))
        return f"https{colon}{rest}" if url else ""

    def clean_custom_data(self) -> list[dict[str, str]]:
        wanted: list[dict[str, str]] = self.cleaned_data["custom_data"]
        if self.instance.pk:
            self._refuse_what_rules_miss(wanted)
        return wanted

    def _refuse_what_rules_miss(self, wanted: list[dict[str, str]]) -> None:
        """A rule that was possible and would not be any more: its name is gone, or is of another type now."""
        before, after = comparisons(self.instance), comparisons(Site(custom_data=wanted))
        errors: dict[str, forms.ValidationError] = {}
        rules = ButtonRule.objects.filter(button__site=self.instance).select_related("button")
        for rule in rules.order_by("button__position", "position"):
            for condition in rule.conditions:
                what, operator = condition["what"], condition["operator"]
                if what in before and what not in after:
                    text = _("“%(name)s” can’t be removed: a rule of the button “%(button)s” compares it.")
                elif operator in before.get(what, ()) and operator not in after[what]:
                    text = _("“%(name)s” can’t change its type: a rule of the button “%(button)s” compares it.")
                else:
                    continue
                said = text % {"name": what.removeprefix(DATA), "button": rule.button.name}
                errors.setdefault(said, forms.ValidationError(said))
        if errors:
            raise forms.ValidationError(list(errors.values()))
