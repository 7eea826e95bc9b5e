"""The rules in the editor: each a form, with a form for each of its conditions.

Scripts add, remove and reorder them; without scripts a person asks for a further row by a button, ticks "Remove" and
numbers the rows. What is judged how is pages/buttons/targeting.py's business alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
    UnfoldBooleanWidget,
)

from pages.admin.buttons.words import DEVICES, OPERATORS, SUBJECTS, subject
from pages.buttons import targeting
from pages.buttons.targeting import DATA, NUMBER, TEXT, ConditionError
from pages.models import ButtonRule, Site
from pages.services.buttons import RuleWish

MAX_RULES = 20
# Every row sends its place, those that were taken away again too: which rows came is read from that.
_PLACE = re.compile(r"rule-([0-9]{1,4})(?:-([0-9]{1,4}))?-place")
_AFTER_THE_OTHERS = 10**6
BUSINESS_HOURS = {"start": "08:00", "until": "19:00", "days": ["1", "2", "3", "4", "5"]}


def comparisons(site: Site, also: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """What this site may compare, and how. `also` are subjects in use, declared or not."""
    given = ("is_set", "is_not_set")
    declared = {
        f"{DATA}{one['name']}": (*NUMBER, *given) if one["type"] == "number" else TEXT for one in site.custom_data
    }
    forgotten = {what: (*TEXT, *NUMBER) for what in also if what.startswith(DATA)}
    return {**targeting.OPERATORS, **forgotten, **declared}


class Row(forms.Form):
    """Something with a place among its like, which can be taken away."""

    place = forms.IntegerField(
        label=gettext_lazy("Position"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    removed = forms.BooleanField(label=gettext_lazy("Remove"), required=False, widget=UnfoldBooleanWidget)

    @property
    def is_removed(self) -> bool:
        return bool(self["removed"].value())

    @property
    def order(self) -> int:
        text = str(self["place"].value() or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else _AFTER_THE_OTHERS


class ConditionForm(Row):
    what = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, widget=UnfoldAdminSelectWidget(attrs={"data-what": ""})
    )
    operator = forms.ChoiceField(
        label=gettext_lazy("Comparison"),
        required=False,
        choices=[("", "—"), *OPERATORS.items()],
        widget=UnfoldAdminSelectWidget(attrs={"data-operator": ""}),
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        max_length=10_000,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "data-value": ""}),
    )
    devices = forms.MultipleChoiceField(
        label=gettext_lazy("Devices"),
        required=False,
        choices=list(DEVICES.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        choices=[(str(day + 1), name) for day, name in WEEKDAYS.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    start = forms.CharField(
        label=gettext_lazy("From"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "time"})
    )
    until = forms.CharField(
        label=gettext_lazy("Until"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "time"})
    )

    def __init__(self, *args: Any, allowed: Mapping[str, tuple[str, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        custom = [(what, subject(what)) for what in allowed if what.startswith(DATA)]
        groups: list[Any] = [("", gettext_lazy("Choose…")), *SUBJECTS.items()]
        if custom:
            groups.append((gettext_lazy("Custom data"), custom))
        cast(forms.ChoiceField, self.fields["what"]).choices = groups

    @property
    def chosen(self) -> str:
        return str(self["what"].value() or "")

    @property
    def is_blank(self) -> bool:
        return not self.chosen and not str(self["value"].value() or "").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_removed or self.is_blank or self.errors:
            return cleaned
        try:
            self.condition = targeting.parse([self._raw()])[0]
            if self.condition["operator"] not in self.allowed[self.chosen]:
                raise ConditionError(place=0, field="operator", code="operator")
        except ConditionError as error:
            self.add_error(self._place(error), _(error.message) % error.params)
        return cleaned

    def _raw(self) -> dict[str, object]:
        what, said = self.chosen, self.cleaned_data
        ways = self.allowed.get(what, ())
        operator = ways[0] if len(ways) == 1 else said["operator"]
        value: object = said["value"]
        if what == "device":
            value = said["devices"]
        elif what == "time":
            value = {"days": [int(day) for day in said["days"]], "from": said["start"][:5], "until": said["until"][:5]}
        return {"what": what, "operator": operator, "value": value}

    def _place(self, error: ConditionError) -> str:
        if error.field != "value":
            return error.field
        by_subject = {"device": "devices", "time": "days" if error.code == "days" else "start"}
        return by_subject.get(self.chosen, "value")


class RuleForm(Row):
    name = forms.CharField(
        label=gettext_lazy("Name of the rule"),
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    enabled = forms.BooleanField(
        label=gettext_lazy("Switched on"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    conditions: list[ConditionForm]
    # The number that the next condition takes.
    following: int = 0

    @property
    def in_order(self) -> list[ConditionForm]:
        return sorted(self.conditions, key=lambda row: row.order)

    @property
    def kept(self) -> list[ConditionForm]:
        return [row for row in self.in_order if not row.is_removed and not row.is_blank]

    @property
    def add_value(self) -> str:
        """By which a further condition of this rule is asked for without scripts."""
        return str(self.prefix).replace("rule-", "condition-", 1)

    @property
    def is_blank(self) -> bool:
        """Nothing was written: a row that somebody asked for and did not need."""
        return not self.kept and not str(self["name"].value() or "").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_removed and not self.is_blank:
            if not self.kept:
                raise forms.ValidationError(_("Add a condition, or remove this rule."))
            if len(self.kept) > targeting.MAX_CONDITIONS:
                error = ConditionError(place=0, field="what", code="many")
                raise forms.ValidationError(_(error.message) % error.params)
        return cleaned


class Rules:
    """All the rules of a button, as they are stored or as they come from a browser."""

    def __init__(self, *, site: Site, stored: Sequence[ButtonRule] = (), data: Mapping[str, Any] | None = None) -> None:
        used = [str(condition["what"]) for rule in stored for condition in rule.conditions]
        self.allowed = comparisons(site, used)
        self.asked = str(data.get("add") or "") if data else ""
        self.forms = list(self._bound(data)) if data is not None else [self._of(*pair) for pair in enumerate(stored)]
        self.following = 1 + max((number_of(rule) for rule in self.forms), default=-1)
        if self.asked == "rule":
            self.forms.append(self._rule(self.following, conditions=1))
            self.following += 1

    def is_valid(self) -> bool:
        """Each is asked, so that each says what is wrong with it."""
        verdicts = [form.is_valid() for form in self.judged]
        return all(verdicts) and len(self.kept) <= MAX_RULES

    @property
    def judged(self) -> list[Row]:
        return [form for rule in self.kept for form in (rule, *rule.kept)]

    @property
    def in_order(self) -> list[RuleForm]:
        return sorted(self.forms, key=lambda row: row.order)

    @property
    def kept(self) -> list[RuleForm]:
        return [rule for rule in self.in_order if not rule.is_removed and not rule.is_blank]

    @property
    def empty(self) -> RuleForm:
        """What a script makes a further rule of; __rule__ and __condition__ stand for the numbers."""
        rule = RuleForm(prefix="rule-__rule__")
        rule.following = 1
        rule.conditions = [
            ConditionForm(prefix="rule-__rule__-__condition__", allowed=self.allowed, initial=BUSINESS_HOURS)
        ]
        return rule

    def wishes(self) -> list[RuleWish]:
        return [
            RuleWish(
                name=rule.cleaned_data["name"] or _("Rule %(number)d") % {"number": number},
                enabled=rule.cleaned_data["enabled"],
                conditions=[row.condition for row in rule.kept],
            )
            for number, rule in enumerate(self.kept, start=1)
        ]

    def _bound(self, data: Mapping[str, Any]) -> Iterator[RuleForm]:
        for index, rows in _rows(data).items():
            rule = RuleForm(data, prefix=f"rule-{index}")
            rule.conditions = [ConditionForm(data, prefix=f"rule-{index}-{row}", allowed=self.allowed) for row in rows]
            rule.following = 1 + max(rows, default=-1)
            if self.asked == f"condition-{index}":
                rule.conditions.append(self._condition(index, rule.following))
                rule.following += 1
            yield rule

    def _of(self, index: int, stored: ButtonRule) -> RuleForm:
        rule = self._rule(index, initial={"name": stored.name, "enabled": stored.enabled})
        rule.conditions = [
            self._condition(index, row, fields_of(condition)) for row, condition in enumerate(stored.conditions)
        ]
        rule.following = len(rule.conditions)
        return rule

    def _rule(self, index: int, *, conditions: int = 0, initial: Mapping[str, Any] | None = None) -> RuleForm:
        rule = RuleForm(prefix=f"rule-{index}", initial={"place": index + 1, **(initial or {})})
        rule.conditions = [self._condition(index, row) for row in range(conditions)]
        rule.following = conditions
        return rule

    def _condition(self, index: int, row: int, initial: Mapping[str, Any] | None = None) -> ConditionForm:
        filled = {"place": row + 1, **BUSINESS_HOURS, **(initial or {})}
        return ConditionForm(prefix=f"rule-{index}-{row}", allowed=self.allowed, initial=filled)


def fields_of(condition: Mapping[str, Any]) -> dict[str, Any]:
    """A stored condition as the fields of its form."""
    what, value = condition["what"], condition["value"]
    filled = {"what": what, "operator": condition["operator"]}
    if what == "device":
        return filled | {"devices": value}
    if what == "time":
        days = [str(day) for day in value["days"]]
        return filled | {"days": days, "start": value["from"], "until": value["until"]}
    return filled | {"value": value}


def number_of(rule: RuleForm) -> int:
    return int(str(rule.prefix).removeprefix("rule-"))


def _rows(data: Mapping[str, Any]) -> dict[int, list[int]]:
    """The numbers of the rules that came, each with those of its conditions."""
    found: dict[int, list[int]] = {}
    for place in filter(None, map(_PLACE.fullmatch, data)):
        rows = found.setdefault(int(place[1]), [])
        if place[2]:
            rows.append(int(place[2]))
    return {rule: sorted(found[rule]) for rule in sorted(found)}
