"""The campaign's form: a notification, a page, an audience and a time on the clock of the page's site."""

import unicodedata
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from notifications.admin import times
from notifications.models import Campaign, Notification
from notifications.states import AudienceKind
from pages.admin.widgets import SearchableSelect
from pages.models import Page


class Timing(models.TextChoices):
    NOW = "now", _("When I press Launch")
    LATER = "later", _("At a set time")


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


class CampaignForm(forms.ModelForm[Campaign]):
    notification = forms.ModelChoiceField(
        queryset=Notification.objects.all(),
        label=_("Notification"),
        empty_label=_("Choose a notification"),
        widget=SearchableSelect,
    )
    page = forms.ModelChoiceField(
        queryset=Page.objects.linked(),
        label=_("Page"),
        empty_label=_("Choose a page"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Only pages that belong to a site can send."),
        error_messages={
            "invalid_choice": _("This page belongs to no site. Choose another, or link it to a site first.")
        },
    )
    audience_kind = forms.ChoiceField(
        choices=AudienceKind.choices,
        label=_("Audience"),
        initial=AudienceKind.ALL,
        widget=UnfoldAdminRadioSelectWidget,
    )
    timing = forms.ChoiceField(
        choices=Timing.choices, label=_("Launch"), initial=Timing.NOW, widget=UnfoldAdminRadioSelectWidget
    )
    launch_at = WallClockField(label=_("Date and time"), required=False)
    keep_until = WallClockField(
        label=_("Useful until"),
        required=False,
        help_text=_("What has not left by then is skipped. Leave it empty if the message never gets too old."),
    )

    class Meta:
        model = Campaign
        fields = ["name", "notification", "page", "audience_kind", "audience_prefix"]
        labels = {"audience_prefix": _("Beginning of the customer_id")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaign = self.instance
        zone = times.zone_of(campaign.page) if campaign.pk else None
        for field in ("launch_at", "keep_until"):
            self.fields[field].help_text = _on_whose_clock(zone, self.fields[field].help_text)
        if zone is None:
            return
        if campaign.scheduled_for:
            self.initial.update(timing=Timing.LATER, launch_at=campaign.scheduled_for.astimezone(zone))
        if campaign.useful_until:
            self.initial["keep_until"] = campaign.useful_until.astimezone(zone)

    def clean_audience_prefix(self) -> str:
        """Composed as customer_ids are stored, or an accent typed otherwise would match nobody."""
        return unicodedata.normalize("NFC", self.cleaned_data["audience_prefix"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("audience_kind") == AudienceKind.ALL:
            cleaned["audience_prefix"] = ""
        elif not cleaned.get("audience_prefix") and "audience_prefix" not in self.errors:
            self.add_error("audience_prefix", _("Say how the customer_ids begin, for example instock-AB123-"))
        if "page" in cleaned:
            self._clean_times(cleaned, times.zone_of(cleaned["page"]))
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any], zone: tzinfo) -> None:
        later = cleaned.get("timing") == Timing.LATER
        if later and cleaned.get("launch_at") is None and "launch_at" not in self.errors:
            self.add_error("launch_at", _("Say when, or choose to launch by hand."))
        launch = self._instant("launch_at", zone) if later else None
        until = self._instant("keep_until", zone)
        if launch and until and until <= launch:
            self.add_error("keep_until", _("This is before the launch. Choose a later time, or leave it empty."))
        self.instance.scheduled_for, self.instance.useful_until = launch, until

    def _instant(self, field: str, zone: tzinfo) -> datetime | None:
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


def _on_whose_clock(zone: tzinfo | None, words: str | StrPromise) -> SafeString:
    """The zone beside the field; the script that counts the audience keeps it in step with the chosen page."""
    return format_html(
        "{} <strong data-zone-said>{}</strong>. {}",
        _("On the clock of the page's site:"),
        zone or _("choose a page"),
        words,
    )
