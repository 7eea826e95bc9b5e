"""How a campaign goes out: its pace, its quiet hours, and when it stops by itself; as fields and as one line."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from notifications.admin import times
from notifications.admin.campaigns.clocks import TimeOfDayField, on_whose_clock
from notifications.admin.numbers import grouped
from notifications.models import Campaign
from notifications.services.adjusting import Manner
from notifications.services.forecasting import rate_of
from pages.models import Page

ADJUSTED = ("messages_per_second", "quiet_from", "quiet_until", "failure_ceiling")


class MannerForm(forms.ModelForm[Campaign]):
    """What may be changed before the launch and while it goes out. `page_of_it` says against whose pace it is held."""

    messages_per_second = forms.IntegerField(
        label=gettext_lazy("Messages per second"),
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    quiet_from = TimeOfDayField(label=gettext_lazy("Quiet from"), required=False)
    quiet_until = TimeOfDayField(label=gettext_lazy("Quiet until"), required=False)
    failure_ceiling = forms.IntegerField(
        label=gettext_lazy("Pause when so many fail (%)"),
        required=False,
        min_value=1,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy(
            "Of the latest deliveries, those that failed or are in doubt. It then waits for a person. Empty: it never "
            "pauses by itself."
        ),
    )

    class Meta:
        model = Campaign
        fields = list(ADJUSTED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance.page if self.instance.page_id else None
        self.fields["messages_per_second"].help_text = pace_help(page)
        words = gettext_lazy("Nothing leaves in these hours; they may pass midnight. Empty: no quiet hours.")
        for field in ("quiet_from", "quiet_until"):
            self.fields[field].help_text = on_whose_clock(times.zone_of(page) if page else None, words)
            words = gettext_lazy("Then it goes on by itself.")

    def page_of_it(self) -> Page | None:
        return self.instance.page if self.instance.page_id else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_pace(cleaned, self.page_of_it())
        self._clean_hours(cleaned)
        return cleaned

    def _clean_pace(self, cleaned: dict[str, Any], page: Page | None) -> None:
        rate = cleaned.get("messages_per_second")
        if rate and page and rate > page.messages_per_second:
            words = _("The page %(page)s sends at most %(rate)s a second. Choose less, or leave it empty.")
            shown = {"page": page.name, "rate": grouped(page.messages_per_second)}
            self.add_error("messages_per_second", words % shown)

    def _clean_hours(self, cleaned: dict[str, Any]) -> None:
        if {"quiet_from", "quiet_until"} & set(self.errors):
            return
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begin is None) != (end is None):
            missing = "quiet_from" if begin is None else "quiet_until"
            self.add_error(missing, _("Quiet hours have two ends: give this one too, or empty the other."))
        elif begin and begin == end:
            self.add_error("quiet_until", _("This is when they begin. Choose another time, or empty both."))

    def manner(self) -> Manner:
        return Manner(**{name: self.cleaned_data[name] for name in ADJUSTED})


def pace_help(page: Page | None) -> SafeString:
    """The page's pace beside the field; the script keeps it in step with the chosen page."""
    return format_html(
        "{} <strong data-page-pace-said>{}</strong>. {}",
        _("Empty: at the page's pace,"),
        page_pace_words(page),
        _("Less, when the answers of your customers should not all come at once."),
    )


def page_pace_words(page: Page | None) -> str:
    if page is None:
        return _("choose a page")
    return _("at most %(rate)s a second") % {"rate": grouped(page.messages_per_second)}


def quiet_words(campaign: Campaign, zone: tzinfo) -> str:
    """22:00 to 08:00 (Europe/Paris); empty without quiet hours."""
    if campaign.quiet_from is None or campaign.quiet_until is None:
        return ""
    return _("%(from)s to %(until)s (%(zone)s)") % {
        "from": campaign.quiet_from.isoformat("minutes"),
        "until": campaign.quiet_until.isoformat("minutes"),
        "zone": zone,
    }


def facts(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """What holds for it, as names and values."""
    zone = times.zone_of(campaign.page)
    own = campaign.messages_per_second and campaign.messages_per_second < campaign.page.messages_per_second
    pace = _("Its own, at most %(rate)s a second") if own else _("The page's, at most %(rate)s a second")
    yield _("Pace"), pace % {"rate": grouped(rate_of(campaign))}
    yield _("Quiet hours"), quiet_words(campaign, zone) or pgettext("quiet hours", "None")
    if campaign.canary_size:
        yield _("First slice"), grouped(campaign.canary_size)
    ceiling = campaign.failure_ceiling
    yield _("Pauses by itself"), _("At %(share)s%% of failures") % {"share": ceiling} if ceiling else _("Never")


def in_one_line(campaign: Campaign) -> str:
    """For where the fields themselves are folded away."""
    zone = times.zone_of(campaign.page) if campaign.page_id else None
    own = campaign.messages_per_second
    quiet = quiet_words(campaign, zone) if zone else ""
    parts = [
        _("at most %(rate)s a second") % {"rate": grouped(own)} if own else _("at the page's pace"),
        _("quiet from %(hours)s") % {"hours": quiet} if quiet else _("at any hour"),
    ]
    if size := campaign.canary_size:
        parts.append(_("pauses after the first %(count)s") % {"count": grouped(size)})
    if ceiling := campaign.failure_ceiling:
        parts.append(_("pauses at %(share)s%% of failures") % {"share": ceiling})
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]
