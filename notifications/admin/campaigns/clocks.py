"""Fields for times as a clock on the wall shows them, and the words that say on whose wall."""

from datetime import datetime, time, tzinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise
from unfold.widgets import UnfoldAdminTextInputWidget

from notifications.admin import times


class WallClockInput(UnfoldAdminTextInputWidget):
    """The browser's own date and time picker: it knows no zone, as the field wants it."""

    input_type = "datetime-local"


class WallClockField(forms.Field):
    """A date and time as a clock on the wall shows them; its zone is decided elsewhere."""

    widget = WallClockInput
    default_error_messages = {"invalid": _("Give a date and a time, for example 2026-11-22 14:00.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


class TimeOfDayInput(UnfoldAdminTextInputWidget):
    input_type = "time"


class TimeOfDayField(forms.TimeField):
    """An hour and a minute of every day."""

    widget = TimeOfDayInput
    default_error_messages = {"invalid": _("Give an hour and minutes, for example 22:00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **options)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat("minutes") if isinstance(value, time) else value


class OnTheSitesClock(forms.Form):
    """A form whose wall clocks are those of a page's site."""

    def instant(self, field: str, zone: tzinfo) -> datetime | None:
        """What the field's wall clock means in `zone`, its mistakes said at the field."""
        wall = self.cleaned_data.get(field)
        if wall is None:
            return None
        try:
            at = times.on_the_clock(wall, zone)
        except times.NotOnTheClock as error:
            self.add_error(field, str(error))
            return None
        if at <= timezone.now():
            self.add_error(field, _("This time has passed. Choose a later one."))
        return at


def on_whose_clock(zone: tzinfo | None, words: str | StrPromise) -> SafeString:
    """The zone beside the field; the script that counts the audience keeps it in step with the chosen page."""
    return format_html(
        "{} <strong data-zone-said>{}</strong>. {}",
        _("On the clock of the page's site:"),
        zone or _("choose a page"),
        words,
    )
