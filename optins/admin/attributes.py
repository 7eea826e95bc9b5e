"""The form of what is known of a customer: a row for each attribute, and empty ones for more."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from optins import attributes
from optins.attributes import words_of

# Empty rows beneath what is known.
EMPTY_ROWS = 3


class AttributeForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "list": "attribute-names"}
        ),
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    removed = forms.BooleanField(label=gettext_lazy("Remove"), required=False, widget=UnfoldBooleanWidget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_left_out:
            if not cleaned.get("name"):
                self.add_error("name", _("Give this value a name, for example first_name."))
            elif not cleaned.get("value"):
                self.add_error("value", _("Give a value, or tick “Remove”."))
            else:
                self._judge(cleaned["name"], cleaned["value"])
        return cleaned

    @property
    def is_left_out(self) -> bool:
        given = self.cleaned_data
        return given.get("removed", False) or not (given.get("name") or given.get("value"))

    def _judge(self, name: str, value: str) -> None:
        if not self.has_changed():
            return
        try:
            attributes.check({name: value})
        except attributes.AttributeProblem as problem:
            self.add_error("name" if problem.code == "name" else "value", _(problem.message) % problem.params)


class Attributes(BaseFormSet[AttributeForm]):
    """`known` is what the form was shown with; it comes back with the form, so that nobody overwrites unawares."""

    def __init__(self, data: Any = None, *, known: Mapping[str, object]) -> None:
        self.known = _read(data.get("known")) if data is not None else dict(known)
        self.rest = {name: value for name, value in self.known.items() if words_of(value) is None}
        # By name: PostgreSQL keeps no order of keys.
        names = sorted(self.known.keys() - self.rest.keys())
        shown = [{"name": name, "value": words_of(self.known[name])} for name in names]
        super().__init__(data, prefix="attribute", initial=shown)

    @property
    def known_as_text(self) -> str:
        return json.dumps(self.known, ensure_ascii=False)

    def clean(self) -> None:
        names: set[str] = set(self.rest)
        for form in self._filled():
            name = form.cleaned_data["name"]
            if name in names:
                form.add_error("name", _("There is another value of this name. Keep one of them."))
            names.add(name)
        if any(self.errors):
            raise forms.ValidationError([])
        if len(names) > max(attributes.MOST_NAMES, len(self.known)):
            problem = attributes.AttributeProblem("too_many")
            raise forms.ValidationError(_(problem.message) % problem.params)

    def result(self) -> dict[str, object]:
        """The attributes as the form says; a number that nobody touched stays a number."""
        return self.rest | {form.cleaned_data["name"]: self._value(form) for form in self._filled()}

    def _value(self, form: AttributeForm) -> object:
        name, value = form.cleaned_data["name"], form.cleaned_data["value"]
        old = self.known.get(name)
        return old if _as_sent(words_of(old) or "") == value else value

    def _filled(self) -> Iterator[AttributeForm]:
        return (form for form in self.forms if form.is_valid() and not form.is_left_out)


def _as_sent(words: str) -> str:
    """As a browser sends back what nobody touched: a field of one line has no line breaks."""
    return words.replace("\r", "").replace("\n", "").strip()


def _read(text: object) -> dict[str, object]:
    try:
        value = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def attributes_form(data: Any, known: Mapping[str, object]) -> Attributes:
    form: Attributes = AttributesForm(data, known=known)
    return form


AttributesForm: Any = formset_factory(
    AttributeForm, formset=Attributes, extra=EMPTY_ROWS, max_num=2 * attributes.MOST_NAMES, absolute_max=500
)
