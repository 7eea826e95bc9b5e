"""The form of a new utility template. What Facebook would reject is said by notifications/payloads/utility alone."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from notifications.admin.utility.beginnings import BUTTON_FIELDS, SAMPLE
from notifications.admin.utility.languages import LANGUAGES
from notifications.models import TemplateStatus, UtilityTemplate
from notifications.payloads import limits
from notifications.payloads.problems import Problem
from notifications.payloads.utility import ButtonKind, Draft, DraftButton, problems_of
from notifications.payloads.utility.choice import LANGUAGE
from notifications.payloads.utility.texts import keys_of
from notifications.words import say
from pages.models import Page
from pages.states import GatewayKind

BUTTON_KINDS = [
    ("", gettext_lazy("No button")),
    (ButtonKind.URL, gettext_lazy("Opens a page")),
    (ButtonKind.POSTBACK, gettext_lazy("Answers the page")),
    (ButtonKind.PHONE_NUMBER, gettext_lazy("Calls a number")),
]
_BUTTON = re.compile(r"buttons\[(\d+)\]\.(\w+)")


class Counted(forms.CharField):
    """A text with a counter, and nothing else: the rules are elsewhere."""

    def __init__(self, *, limit: limits.Limit | None = None, needed: bool = False, **options: Any) -> None:
        self.limit, self.needed = limit, needed
        super().__init__(required=False, strip=False, **options)


def _line(label: Any, hint: Any = "", *, limit: limits.Limit | None = None, **attrs: str) -> Counted:
    widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", **attrs})
    return Counted(label=label, help_text=hint, limit=limit, widget=widget)


class TemplateForm(forms.Form):
    page = forms.ModelChoiceField(
        Page.objects.none(), label=gettext_lazy("Page"), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    name = _line(
        gettext_lazy("Name"),
        gettext_lazy("Small letters, digits and _, for example order_shipped. Facebook knows it by this name."),
        spellcheck="false",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=LANGUAGES, initial="fr", widget=UnfoldAdminSelectWidget
    )
    header = _line(
        gettext_lazy("Title"),
        gettext_lazy(
            "Optional. A picture as the title is chosen on Facebook itself: write such a template there, then "
            "synchronise."
        ),
        limit=limits.TEMPLATE_HEADER,
    )
    body = Counted(
        label=gettext_lazy("Text"),
        needed=True,
        limit=limits.TEMPLATE_BODY,
        help_text=gettext_lazy(
            "What changes from one message to the next is a parameter: {{order_number}}, or {{1}}, {{2}}. Facebook "
            "wants words around each of them."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": "5"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, str] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        linked = Page.objects.linked().filter(gateway=GatewayKind.META).exclude(token="")
        self.fields["page"].queryset = linked.defer("token").order_by("name")  # type: ignore[attr-defined]
        if (language := self._said("language")) and LANGUAGE.fullmatch(language) and language not in dict(LANGUAGES):
            self.fields["language"].choices = [*LANGUAGES, (language, language)]  # type: ignore[attr-defined]
        for index in range(limits.TEMPLATE_BUTTONS.most):
            self.fields.update(_button_fields(index))
        for key in keys_of(self._said("header"), self._said("body")):
            self.fields[f"{SAMPLE}{key}"] = _line(key)

    def _said(self, name: str) -> str:
        source: Mapping[str, Any] = self.data if self.is_bound else self.initial
        return _unix(str(source.get(name) or ""))

    @property
    def samples(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SAMPLE)]

    @property
    def buttons(self) -> list[dict[str, forms.BoundField]]:
        count = range(limits.TEMPLATE_BUTTONS.most)
        return [{part: self[f"button-{index}-{part}"] for part in BUTTON_FIELDS} for index in count]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for problem in problems_of(self.draft()):
            self.add_error(self._place(problem), say(problem))
        same = {"page": cleaned.get("page"), "name": self._said("name").strip(), "language": cleaned.get("language")}
        if UtilityTemplate.objects.filter(**same).exclude(status=TemplateStatus.GONE).exists():
            words = _("The page has a template of this name in this language. Choose another name, or delete that one.")
            self.add_error("name", words)
        return cleaned

    def draft(self) -> Draft:
        """As the form stands, right or wrong."""
        header, body = self._said("header").strip(), self._said("body").strip()
        return Draft(
            name=self._said("name").strip(),
            language=self._said("language") or str(self.fields["language"].initial),
            header=header,
            body=body,
            samples={key: self._said(f"{SAMPLE}{key}").strip() for key in keys_of(header, body)},
            buttons=tuple(self._buttons()),
        )

    def _buttons(self) -> Iterator[DraftButton]:
        for index in self._button_rows():
            said = {part: self._said(f"button-{index}-{part}").strip() for part in BUTTON_FIELDS}
            kind = ButtonKind(said["kind"])
            yield DraftButton(kind=kind, text=said["text"], value=said["value"], sample=said["sample"])

    def _button_rows(self) -> list[int]:
        """Those that have a kind: of the others nothing counts."""
        kinds = {index: self._said(f"button-{index}-kind") for index in range(limits.TEMPLATE_BUTTONS.most)}
        return [index for index, kind in kinds.items() if kind in set(ButtonKind)]

    def _place(self, problem: Problem) -> str | None:
        if found := _BUTTON.fullmatch(problem.path):
            return f"button-{self._button_rows()[int(found[1])]}-{found[2]}"
        if problem.path.startswith("samples."):
            return problem.path.replace("samples.", SAMPLE, 1)
        return problem.path if problem.path in self.fields else None


def _button_fields(index: int) -> dict[str, forms.Field]:
    kind = forms.ChoiceField(
        label=_("Button %(number)d") % {"number": index + 1},
        choices=BUTTON_KINDS,
        required=False,
        widget=UnfoldAdminSelectWidget(attrs={"data-target-kind": ""}),
    )
    value = _line(_("Address, payload or number"), _("What changes stands at its end, as {{1}}."))
    return {
        f"button-{index}-kind": kind,
        f"button-{index}-text": _line(_("Label"), limit=limits.BUTTON_TITLE),
        f"button-{index}-value": value,
        f"button-{index}-sample": _line(_("Sample of the whole address"), _("Where the address ends with {{1}}.")),
    }


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
