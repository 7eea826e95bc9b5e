"""A visit as somebody imagines it, and which buttons would appear then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from pages.admin.buttons.form import LANGUAGES
from pages.admin.buttons.words import DEVICES, REASONS, say
from pages.buttons import dry_run, looks
from pages.buttons.config import page_of, with_rules
from pages.buttons.targeting import COUNTED, DATA, Visit
from pages.models import Button, Site

_DATUM = "datum-"


def _line(label: Any, hint: Any = "", **attrs: str) -> forms.CharField:
    widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=2_000, widget=widget)


class _Seconds(forms.FloatField):
    """With a point or a comma, whichever language the screen speaks."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).replace(",", ".") if value else value)


def _seconds(label: Any) -> forms.FloatField:
    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return _Seconds(label=label, required=False, min_value=0, max_value=10**9, initial=0, widget=widget)


class DryRunForm(forms.Form):
    address = _line(
        gettext_lazy("Address of the page"), placeholder="https://www.shop.example/p/AB123", inputmode="url"
    )
    device = forms.ChoiceField(
        label=gettext_lazy("Device"), choices=list(DEVICES.items()), required=False, widget=UnfoldAdminSelectWidget
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Day and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the visitor"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    seconds_on_page = _seconds(gettext_lazy("Seconds on the page"))
    seconds_on_site = _seconds(gettext_lazy("Seconds on the site"))
    pages_seen = forms.IntegerField(
        label=gettext_lazy("Pages seen"),
        required=False,
        min_value=1,
        max_value=10**9,
        initial=1,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    customer_id = _line(
        gettext_lazy("customer_id"), gettext_lazy("What the page names as the visitor. Empty: as the custom data say.")
    )
    more = forms.CharField(
        label=gettext_lazy("More custom data"),
        help_text=gettext_lazy('As the page declares them, in JSON: {"page_type": "product", "extId": "FR-012345"}'),
        required=False,
        max_length=20_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": "3", "spellcheck": "false"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, site: Site) -> None:
        super().__init__(data)
        self.site = site
        self.initial["at"] = f"{timezone.now().astimezone(site.zone):%Y-%m-%dT%H:%M}"
        self.initial["language"] = get_language()
        self.fields["at"].help_text = _("On the site’s clock: %(zone)s.") % {"zone": site.timezone}
        for datum in site.custom_data:
            self.fields[f"{_DATUM}{datum['name']}"] = _line(datum["name"])

    @property
    def data_fields(self) -> list[forms.BoundField]:
        return [self[f"{_DATUM}{datum['name']}"] for datum in self.site.custom_data]

    def clean_more(self) -> dict[str, object]:
        text = self.cleaned_data["more"].strip()
        try:
            read = json.loads(text) if text else {}
        except json.JSONDecodeError as error:
            said = _("This is no JSON: it can’t be read from line %(line)d, character %(column)d.")
            raise forms.ValidationError(said % {"line": error.lineno, "column": error.colno}) from None
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("Nobody’s custom data are that long or that deep.")) from None
        if not isinstance(read, dict):
            raise forms.ValidationError(
                _('This is no JSON object. Write names and values such as {"cart_amount": 42.5}.')
            )
        return read

    @property
    def custom_data(self) -> dict[str, object]:
        """What stands in a field goes before what stands in the JSON."""
        named = {datum["name"]: self.cleaned_data[f"{_DATUM}{datum['name']}"] for datum in self.site.custom_data}
        return {**self.cleaned_data["more"], **{name: text for name, text in named.items() if text}}

    def visit(self) -> Visit:
        said = self.cleaned_data
        wall: datetime = said["at"] or timezone.now().astimezone(self.site.zone)
        return Visit(
            address=said["address"].strip(),
            device=said["device"] or "desktop",
            seconds_on_page=said["seconds_on_page"] or 0,
            seconds_on_site=said["seconds_on_site"] or 0,
            pages_seen=said["pages_seen"] or 1,
            at=wall.replace(tzinfo=None),
            data=self.custom_data,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule, and what it says: `no` is the condition that does not hold, `here` what the visit had instead."""

    name: str
    enabled: bool
    no: str = ""
    here: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`otherwise` is what a button that is off would do if it were on."""

    button: Button
    shown: bool
    why: str
    otherwise: str
    label: str
    rules: tuple[RuleLine, ...]


def results(form: DryRunForm) -> list[Line]:
    """Those that appear first."""
    site, visit = form.site, form.visit()
    customer_id = form.cleaned_data["customer_id"].strip() or dry_run.customer_id_of(visit.data)
    found = list(with_rules(site.buttons.all()))
    verdicts = dry_run.judge(buttons=found, page=page_of(site), visit=visit, customer_id=customer_id)
    language = form.cleaned_data["language"] or next(iter(LANGUAGES))
    return sorted((_line_of(one, visit, language) for one in verdicts), key=lambda line: not line.shown)


def _line_of(verdict: dry_run.Verdict, visit: Visit, language: str) -> Line:
    by_rules = verdict.decided in {None, dry_run.Reason.RULES, dry_run.Reason.RULES_OFF}
    return Line(
        button=verdict.button,
        shown=verdict.shown,
        why=str(REASONS[verdict.reason]) if verdict.reason else "",
        otherwise=_otherwise(verdict) if verdict.reason == dry_run.Reason.OFF else "",
        label=looks.labels(verdict.button.kind, verdict.button.labels)[language],
        rules=tuple(_rule_line(rule, visit) for rule in verdict.rules) if by_rules else (),
    )


def _otherwise(verdict: dry_run.Verdict) -> str:
    if verdict.decided is None:
        return _("Switched on, it would appear.")
    return _("Switched on, it would not appear either: %(why)s") % {"why": REASONS[verdict.decided]}


def _rule_line(rule: dry_run.RuleVerdict, visit: Visit) -> RuleLine:
    if rule.no is None:
        return RuleLine(name=rule.name, enabled=rule.enabled)
    return RuleLine(name=rule.name, enabled=True, no=say(rule.no), here=_here(str(rule.no["what"]), visit))


def _here(what: str, visit: Visit) -> str:
    """What the visit has where the condition looks."""
    if what == "device":
        return str(DEVICES[visit.device])
    if what == "time":
        return date_format(visit.at, "l j F Y, H:i")
    if what in COUNTED:
        number = getattr(visit, what)
        return str(localize(int(number) if number == int(number) else number))
    found = visit.data.get(what.removeprefix(DATA)) if what.startswith(DATA) else visit.address
    if found in (None, ""):
        return _("nothing")
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
