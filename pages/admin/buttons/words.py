"""Conditions, rules and verdicts in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pages.buttons.dry_run import Reason
from pages.buttons.targeting import DATA

Words = Mapping[str, str | Promise]

SUBJECTS: Words = {
    "address": gettext_lazy("Address of the page"),
    "device": gettext_lazy("Device"),
    "time": gettext_lazy("Day and time"),
    "seconds_on_page": gettext_lazy("Seconds on the page"),
    "seconds_on_site": gettext_lazy("Seconds on the site"),
    "pages_seen": gettext_lazy("Pages seen"),
}
OPERATORS: Words = {
    "is": pgettext_lazy("comparison", "is"),
    "is_not": pgettext_lazy("comparison", "is not"),
    "contains": pgettext_lazy("comparison", "contains"),
    "not_contains": pgettext_lazy("comparison", "does not contain"),
    "starts_with": pgettext_lazy("comparison", "starts with"),
    "matches": pgettext_lazy("comparison", "matches (* any letters, ? one)"),
    "is_set": pgettext_lazy("comparison", "is given"),
    "is_not_set": pgettext_lazy("comparison", "is not given"),
    "equals": pgettext_lazy("comparison", "equals"),
    "differs": pgettext_lazy("comparison", "differs from"),
    "at_least": pgettext_lazy("comparison", "is at least"),
    "at_most": pgettext_lazy("comparison", "is at most"),
    "more_than": pgettext_lazy("comparison", "is more than"),
    "less_than": pgettext_lazy("comparison", "is less than"),
    "one_of": pgettext_lazy("comparison", "is one of"),
    "within": pgettext_lazy("comparison", "is within"),
}
DEVICES: Words = {
    "desktop": pgettext_lazy("device", "Computer"),
    "tablet": pgettext_lazy("device", "Tablet"),
    "mobile": pgettext_lazy("device", "Telephone"),
}
REASONS: Mapping[Reason, str | Promise] = {
    Reason.OFF: gettext_lazy("It is switched off."),
    Reason.NO_PAGE: gettext_lazy("The site has no Facebook page, so there is no conversation to open."),
    Reason.THROUGH_IADVIZE: gettext_lazy(
        "The page’s messages go through iAdvize, which asks for consent itself. Only “Message Us” shows there."
    ),
    Reason.NO_CUSTOMER_ID: gettext_lazy("The page names no customer: no id, no request to be written to."),
    Reason.RULES_OFF: gettext_lazy("All its rules are switched off."),
    Reason.RULES: gettext_lazy("None of its rules holds."),
}


def subject(what: str) -> str:
    """Custom data under its own name."""
    return what.removeprefix(DATA) if what.startswith(DATA) else str(SUBJECTS.get(what, what))


def say(condition: Mapping[str, Any]) -> str:
    """A condition as one reads it aloud."""
    what, operator, value = str(condition["what"]), str(condition["operator"]), condition["value"]
    if what == "device":
        named = get_text_list([str(DEVICES[device]) for device in value], _("or"))
        return _("%(subject)s: %(value)s") % {"subject": subject(what), "value": named}
    if what == "time":
        return _("%(subject)s: %(value)s") % {"subject": subject(what), "value": hours(value)}
    begin = f"{subject(what)} {_comparison(operator)}"
    return begin if operator in {"is_set", "is_not_set"} else f"{begin} {_shown(value)}"


def hours(value: Mapping[str, Any]) -> str:
    """Days and times, such as “Monday, Tuesday, 08:00–19:30”."""
    days = ", ".join(str(WEEKDAYS[day - 1]) for day in value["days"])
    named = _("every day") if len(value["days"]) == 7 else days
    return f"{named}, {value['from']}–{value['until']}"


def _comparison(operator: str) -> str:
    return str(_MATCHES if operator == "matches" else OPERATORS[operator])


_MATCHES = pgettext_lazy("comparison", "matches")


def _shown(value: object) -> str:
    return _("“%(text)s”") % {"text": value} if isinstance(value, str) else str(localize(value))
