"""The form of a button: what it does, its look, its words by language, its place, who sees it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pages.admin.buttons.rules import MAX_RULES, Rules
from pages.admin.buttons.selector import is_selector
from pages.buttons import looks
from pages.models import Button, Site
from pages.models.button import ButtonColour, ButtonKind, ButtonSize, Placement

LANGUAGES: dict[str, Any] = dict(settings.LANGUAGES)
LOOKS = [(f"{size}-{colour}", size, colour) for size in ButtonSize for colour in ButtonColour]
KINDS = [
    (ButtonKind.SEND_TO_MESSENGER, gettext_lazy("Send to Messenger: the visitor asks to be written to")),
    (ButtonKind.MESSAGE_US, gettext_lazy("Message Us: the visitor opens a conversation")),
]
PLACEMENTS = [
    (Placement.FLOATING, gettext_lazy("Floating: above the page, in a corner of the window")),
    (Placement.FIXED, gettext_lazy("Fixed: inside an element of the page")),
]


def _words(code: str, **options: Any) -> forms.CharField:
    field = forms.CharField(required=False, **options)
    field.widget.attrs |= {"lang": code, "data-language": code}
    return field


def text_fields() -> dict[str, forms.CharField]:
    """A label and a wording in each language."""
    made: dict[str, forms.CharField] = {}
    for code, name in LANGUAGES.items():
        label = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "data-label": code})
        text = UnfoldAdminTextareaWidget(attrs={"rows": "4", "data-wording": code})
        made[f"label_{code}"] = _words(code, label=name, max_length=looks.MAX_LABEL, widget=label)
        made[f"wording_{code}"] = _words(code, label=name, max_length=looks.MAX_WORDING, widget=text)
    return made


class ButtonForm(forms.ModelForm[Button]):
    kind = forms.ChoiceField(
        label=gettext_lazy("What a click does"),
        choices=KINDS,
        initial=ButtonKind.SEND_TO_MESSENGER,
        widget=UnfoldAdminRadioSelectWidget,
    )
    look = forms.ChoiceField(
        label=gettext_lazy("Look"), choices=[(value, value) for value, *_rest in LOOKS], initial="large-blue"
    )
    placement = forms.ChoiceField(
        label=pgettext_lazy("button", "Place"),
        choices=PLACEMENTS,
        initial=Placement.FLOATING,
        widget=UnfoldAdminRadioSelectWidget,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Button
        fields = ("name", "enabled", "kind", "placement", "selector", "corner", "offset_x", "offset_y", "legacy")
        widgets = {
            "name": UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
            "enabled": UnfoldBooleanSwitchWidget,
            "selector": UnfoldAdminTextInputWidget(
                attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "#alert-me", "data-selector": ""}
            ),
            "corner": UnfoldAdminSelectWidget,
            "offset_x": UnfoldAdminIntegerFieldWidget(attrs={"min": 0, "max": 400}),
            "offset_y": UnfoldAdminIntegerFieldWidget(attrs={"min": 0, "max": 400}),
            "legacy": UnfoldBooleanSwitchWidget,
        }
        labels = {"enabled": pgettext_lazy("button", "Switched on"), "corner": gettext_lazy("Corner of the window")}

    site: Site  # given by the admin: a button never changes its site

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields.update(text_fields())
        known = self.instance.pk is not None
        if not known:
            self.instance.site = self.site
        self.rules = Rules(site=self.site, stored=list(self.instance.rules.all()) if known else (), data=data)
        self.initial = {**self.initial, **self._filled(known=known)}
        self.fields["selector"].required = False

    def _filled(self, *, known: bool) -> dict[str, Any]:
        texts = self.instance.wordings if known else looks.proposed_wordings(self.site.name)
        return {
            "look": f"{self.instance.size}-{self.instance.colour}",
            "seen": self.instance.updated_at.isoformat() if known else "",
            **{f"label_{code}": self.instance.labels.get(code, "") for code in LANGUAGES},
            **{f"wording_{code}": texts.get(code, "") for code in LANGUAGES},
        }

    # --- What the template shows ------------------------------------------------------------------------------

    @property
    def labels(self) -> list[forms.BoundField]:
        return [self[f"label_{code}"] for code in LANGUAGES]

    @property
    def wordings(self) -> list[forms.BoundField]:
        return [self[f"wording_{code}"] for code in LANGUAGES]

    @property
    def looks(self) -> list[dict[str, Any]]:
        """Each look with its words, and whether it is the chosen one."""
        chosen = str(self["look"].value())
        return [
            {
                "value": value,
                "size": size,
                "colour": colour,
                "title": f"{ButtonSize(size).label}, {ButtonColour(colour).label}",
                "chosen": value == chosen,
            }
            for value, size, colour in LOOKS
        ]

    @property
    def remarks(self) -> Iterator[tuple[str, str, str]]:
        """Every error with the id of its place and the words of its field; one of the whole form has none."""
        yield from _remarks(self)
        for number, rule in enumerate(self.rules.kept, start=1):
            title = str(rule["name"].value() or "").strip() or _("Rule %(number)d") % {"number": number}
            for form in (rule, *rule.kept):
                yield from _remarks(form, place=f"id_{rule.prefix}", title=title)

    # --- What is checked ----------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        """The rules say what is wrong with them even where the rest is wrong too.

        Who asks for a further row without scripts has not finished: then nothing is judged, and nothing saved.
        """
        if self.rules.asked:
            for form in (self, *self.rules.judged):
                # Else the template's first look at a field would judge them all.
                vars(form)["_errors"] = ErrorDict()
            return False
        rules, rest = self.rules.is_valid(), super().is_valid()
        return rules and rest

    def clean_look(self) -> str:
        value: str = self.cleaned_data["look"]
        self.instance.size, _dash, self.instance.colour = value.partition("-")
        return value

    def clean_selector(self) -> str:
        selector: str = self.cleaned_data["selector"].strip()
        if selector and not is_selector(selector):
            raise forms.ValidationError(
                _("This is no CSS selector. Write one such as #alert-me, .product .buy or [data-alert].")
            )
        return selector

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.labels = self._texts("label")
        self.instance.wordings = self._texts("wording")
        is_fixed = cleaned.get("placement") == Placement.FIXED
        if is_fixed and not cleaned.get("selector") and "selector" not in self.errors:
            self.add_error("selector", _("Say which element of the page receives the button."))
        asks = cleaned.get("kind") == ButtonKind.SEND_TO_MESSENGER
        if asks and not self.instance.wordings and not any(name.startswith("wording") for name in self.errors):
            first = next(iter(LANGUAGES))
            self.add_error(
                f"wording_{first}", _("Say who will write, why, and how to stop it, in one language at least.")
            )
        if len(self.rules.kept) > MAX_RULES:
            self.add_error(None, _("A button may have %(limit)s rules.") % {"limit": MAX_RULES})
        if self._is_overtaken():
            self.add_error(None, _("Somebody else changed this button in the meantime. Open it again, then change it."))
        return cleaned

    @property
    def seen_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data.get("seen", ""))
        except ValueError:
            return None

    def _is_overtaken(self) -> bool:
        if not self.instance.pk or self.seen_at is None:
            return False
        return not Button.objects.filter(pk=self.instance.pk, updated_at=self.seen_at).exists()

    def _texts(self, what: str) -> dict[str, str]:
        said = {code: self.cleaned_data.get(f"{what}_{code}", "") for code in LANGUAGES}
        return {code: text.replace("\r\n", "\n").strip() for code, text in said.items() if text.strip()}


def _remarks(form: forms.BaseForm, *, place: str = "", title: str = "") -> Iterator[tuple[str, str, str]]:
    for name, errors in form.errors.items():
        field = form[name] if name in form.fields else None
        words = [title, str(field.label)] if field else [title]
        for error in errors:
            yield (field.auto_id if field else place), ", ".join(filter(None, words)), str(error)
