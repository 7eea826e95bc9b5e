"""What goes out instead of the message once Facebook's window is closed: a utility template, and what fills it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from notifications.admin.composer.base import Remark
from notifications.admin.composer.fields import BodyField
from notifications.admin.composer.sentences import sentence
from notifications.bubble import of_template
from notifications.models import TemplateStatus, UtilityTemplate
from notifications.payloads import PayloadError, limits
from notifications.payloads.problems import Problem
from notifications.payloads.utility import Choice, Slot, misfits, parse_choice, slots
from notifications.payloads.utility.slots import Component, Where
from notifications.words import labelled
from pages.models import Page
from pages.states import GatewayKind

PREFIX = "utility"
SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A template that pages share by name and language. `pages` are those on which Facebook approved it."""

    name: str
    language: str
    components: list[Component]
    pages: tuple[str, ...]

    @property
    def value(self) -> str:
        return f"{self.name}{SEPARATOR}{self.language}"

    @property
    def label(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def parameters(self) -> dict[str, Slot]:
        """By key, each once."""
        found: dict[str, Slot] = {}
        for slot in slots(self.components):
            found.setdefault(slot.key, slot)
        return found

    def field(self, key: str) -> str:
        return f"{self.value}{SEPARATOR}{key}"


def options(chosen: Mapping[str, Any] | None) -> list[Option]:
    """What may be chosen, and what was: that template may have left, or been rejected, since."""
    before = {(str(chosen["name"]), str(chosen["language"]))} if chosen else set()
    rows = UtilityTemplate.objects.filter(page__in=Page.objects.linked().filter(gateway=GatewayKind.META))
    found: dict[tuple[str, str], list[UtilityTemplate]] = {}
    for row in rows.select_related("page").defer("page__token").order_by("name", "language", "-synced_at"):
        if row.status == TemplateStatus.APPROVED or (row.name, row.language) in before:
            found.setdefault((row.name, row.language), []).append(row)
    lost = [Option(name=name, language=language, components=[], pages=()) for name, language in before - found.keys()]
    return [*(_option(rows) for rows in found.values()), *lost]


def _is_choice(value: Mapping[str, Any] | None) -> bool:
    return isinstance(value, Mapping) and "name" in value and "language" in value


def _option(rows: list[UtilityTemplate]) -> Option:
    """Of several pages' templates of one name the one that was heard of last says what it takes."""
    approved = sorted(row.page.name for row in rows if row.status == TemplateStatus.APPROVED)
    first = rows[0]
    return Option(name=first.name, language=first.language, components=first.components, pages=tuple(approved))


class InsteadForm(forms.Form):
    """`template` names an option, or nothing. Each option has its own fields; those of the chosen one count."""

    template = forms.ChoiceField(
        label=gettext_lazy("Utility template"),
        required=False,
        widget=UnfoldAdminSelectWidget(attrs={"data-instead": ""}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, chosen: Mapping[str, Any] | None = None) -> None:
        before = chosen if _is_choice(chosen) else None
        self.options = options(before if data is None else _named(data) or before)
        super().__init__(data, prefix=PREFIX, initial=self._initial(before))
        self.fields["template"].choices = [  # type: ignore[attr-defined]  # a choice
            ("", _("None: nothing goes out")),
            *((option.value, option.label) for option in self.options),
        ]
        for option in self.options:
            for key, slot in option.parameters.items():
                made = BodyField(key, limit=limits.TEMPLATE_PARAMETER, needed=True, hint=_hint(slot))
                self.fields[option.field(key)] = made
        self.choice: Choice | None = None

    def _initial(self, before: Mapping[str, Any] | None) -> dict[str, str]:
        if before is None:
            return {}
        value = f"{before['name']}{SEPARATOR}{before['language']}"
        given = before.get("parameters") or {}
        return {"template": value, **{f"{value}{SEPARATOR}{key}": text for key, text in given.items()}}

    @property
    def is_offered(self) -> bool:
        """Nothing to choose from is no question."""
        return bool(self.options)

    @property
    def chosen(self) -> Option | None:
        value = self["template"].value()
        return next((option for option in self.options if option.value == value), None)

    @property
    def groups(self) -> list[tuple[Option, list[forms.BoundField]]]:
        return [(option, [self[option.field(key)] for key in option.parameters]) for option in self.options]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if option := self.chosen:
            self._choose(option)
        return cleaned

    @property
    def was_asked(self) -> bool:
        """Where nothing was to be chosen from, nothing was chosen, and what was chosen before stays."""
        return f"{PREFIX}-template" in self.data

    def _choose(self, option: Option) -> None:
        if not option.components:
            self.add_error("template", _("No page has this template any more. Choose another one, or none."))
            return
        raw = {"name": option.name, "language": option.language, "parameters": self._given(option)}
        try:
            choice = parse_choice(raw)
        except PayloadError as error:
            problems = error.problems
        else:
            problems = misfits(choice, option.components)
            self.choice = None if problems else choice
        for problem in problems:
            self.add_error(self._place(problem, option), sentence(problem))

    def _given(self, option: Option) -> dict[str, str]:
        texts = {key: str(self[option.field(key)].value() or "").strip() for key in option.parameters}
        return {key: text for key, text in texts.items() if text}

    def _place(self, problem: Problem, option: Option) -> str:
        key = problem.params.get("key") if problem.code == "missing" else problem.path.removeprefix("parameters.")
        name = option.field(str(key))
        return name if name in self.fields else "template"

    def remarks(self) -> list[Remark]:
        """What is wrong, with the place of each; of a form that was not sent, nothing."""
        return list(self._remarks()) if self.is_bound else []

    def _remarks(self) -> Iterator[Remark]:
        for name, sentences in self.errors.items():
            label = str(self.fields[name].label)
            for text in sentences:
                where = labelled(_("When the window is closed"), label)
                yield Remark(sentence=str(text), where=where, anchor=str(self[name].auto_id))

    def shown(self) -> dict[str, Any] | None:
        """For the bubble: the chosen template, filled as far as the form goes."""
        return of_template(option.components, self._given(option)) if (option := self.chosen) else None


def _hint(slot: Slot) -> str:
    if slot.where is Where.URL:
        return _("What the button’s address ends with")
    if slot.where is Where.PAYLOAD:
        return _("What the button’s payload ends with")
    return _("Facebook was shown: %(sample)s") % {"sample": slot.example} if slot.example else ""


def _named(data: Mapping[str, Any]) -> dict[str, str] | None:
    """What a form that is sent again has chosen: it may have been taken away in the meantime."""
    name, found, language = str(data.get(f"{PREFIX}-template") or "").partition(SEPARATOR)
    return {"name": name, "language": language} if found else None
