"""The campaign's form: a notification, a page, an audience, a time on the clock of the page's site, and how it goes
out."""

import unicodedata
from datetime import tzinfo
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from notifications.admin import times
from notifications.admin.campaigns.clocks import OnTheSitesClock, WallClockField, on_whose_clock
from notifications.admin.campaigns.manner import ADJUSTED, MannerForm
from notifications.models import Campaign, Notification
from notifications.states import AudienceKind, LatePolicy
from optins.states import Purpose
from pages.admin.widgets import SearchableSelect
from pages.models import Page
from pages.states import PageState


class Timing(models.TextChoices):
    NOW = "now", _("When I press Launch")
    LATER = "later", _("At a set time")


# As marketing says it of a campaign; who agreed to what is said in the words of the opt-in.
PURPOSES = [
    (Purpose.MARKETING.value, _("News and offers")),
    (Purpose.ALERT.value, _("The alert that they asked for")),
    (Purpose.TRANSACTIONAL.value, _("Their order or request")),
]


def pages_to_choose() -> QuerySet[Page]:
    """Without the tokens: a list needs none, and a key that is missing must not close the form."""
    has_token = ExpressionWrapper(~Q(token=""), output_field=BooleanField())
    return times.with_links(Page.objects.linked().defer("token").annotate(has_token=has_token))


class PageChoice(forms.ModelChoiceField[Page]):
    """Every page that belongs to a site; one that can't send now says so."""

    def label_from_instance(self, obj: Page) -> str:
        if obj.state == PageState.ON_HOLD:
            return _("%(page)s – on hold, nothing leaves") % {"page": obj}
        if not getattr(obj, "has_token", True):
            return _("%(page)s – has no token yet") % {"page": obj}
        return str(obj)


class CampaignForm(OnTheSitesClock, MannerForm):
    notification = forms.ModelChoiceField(
        queryset=Notification.objects.all(),
        label=_("Notification"),
        empty_label=_("Choose a notification"),
        widget=SearchableSelect,
    )
    page = PageChoice(
        queryset=Page.objects.none(),
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
    purpose = forms.ChoiceField(
        choices=PURPOSES,
        label=_("Purpose"),
        initial=Purpose.MARKETING,
        required=False,
        widget=UnfoldAdminRadioSelectWidget,
        help_text=_("Only those receive it who agreed to be written to for this, or for news and offers."),
    )
    timing = forms.ChoiceField(
        choices=Timing.choices, label=_("Launch"), initial=Timing.NOW, widget=UnfoldAdminRadioSelectWidget
    )
    launch_at = WallClockField(label=_("Date and time"), required=False)
    if_late = forms.ChoiceField(
        choices=LatePolicy.choices,
        label=_("If its time was missed"),
        initial=LatePolicy.ASK,
        required=False,
        widget=UnfoldAdminRadioSelectWidget,
        help_text=_("What happens when nothing runs at that time, for example while the machine is restarted."),
    )
    keep_until = WallClockField(
        label=_("Useful until"),
        required=False,
        help_text=_("What has not left by then is skipped. Leave it empty if the message never gets too old."),
    )
    canary_size = forms.IntegerField(
        label=_("First slice"),
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_(
            "So many are sent first. Then it pauses, until somebody has looked and resumes it. Empty: all go at once."
        ),
    )

    class Meta:
        model = Campaign
        fields = ["name", "notification", "page", "purpose", "audience_kind", "audience_prefix", "if_late"]
        fields += ["canary_size", *ADJUSTED]
        labels = {"audience_prefix": _("Beginning of the customer_id")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].queryset = pages_to_choose()  # type: ignore[attr-defined]  # a PageChoice
        campaign = self.instance
        zone = times.zone_of(campaign.page) if campaign.pk else None
        for field in ("launch_at", "keep_until"):
            self.fields[field].help_text = on_whose_clock(zone, self.fields[field].help_text)
        if zone is None:
            return
        if campaign.scheduled_for:
            self.initial.update(timing=Timing.LATER, launch_at=campaign.scheduled_for.astimezone(zone))
        if campaign.useful_until:
            self.initial["keep_until"] = campaign.useful_until.astimezone(zone)

    def page_of_it(self) -> Page | None:
        return self.cleaned_data.get("page")

    def clean_if_late(self) -> str:
        return self.cleaned_data["if_late"] or LatePolicy.ASK

    def clean_purpose(self) -> str:
        """Left out it is the one that fewest agreed to."""
        return self.cleaned_data["purpose"] or Purpose.MARKETING

    def clean_audience_prefix(self) -> str:
        """Composed as customer_ids are stored, or an accent typed otherwise would match nobody."""
        return unicodedata.normalize("NFC", self.cleaned_data["audience_prefix"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
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
        launch = self.instant("launch_at", zone) if later else None
        until = self.instant("keep_until", zone)
        if launch and until and until <= launch:
            self.add_error("keep_until", _("This is before the launch. Choose a later time, or leave it empty."))
        self.instance.scheduled_for, self.instance.useful_until = launch, until
