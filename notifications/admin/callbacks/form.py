"""What a person enters about a callback, and which events are to be sent again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from notifications.admin.callbacks.words import URL_PROBLEMS, choices
from notifications.callbacks.events import CHOICES, EventType
from notifications.models.callback import Callback, CallbackState
from notifications.services.callbacks import managing
from notifications.services.callbacks.managing import Span, UrlRefused, Wish
from pages.admin.widgets import SearchableSelect
from pages.models import Site

SUBJECTS = ("delivery", "optin", "campaign")


def _events(label: Any, subject: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=lambda: choices(subject),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class CallbackForm(forms.ModelForm[Callback]):
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"),
        queryset=Site.objects.none(),
        widget=SearchableSelect,
        help_text=gettext_lazy("The site whose page the events are about. Each site has one callback."),
    )
    url = forms.CharField(
        label=gettext_lazy("URL"),
        # What is too long is refused in the words of the rule.
        max_length=10_000,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=gettext_lazy(
            "Where the events are sent, by POST. It begins with https:// and is reachable from outside."
        ),
    )
    on = forms.BooleanField(
        label=gettext_lazy("Send events"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=gettext_lazy("While this is off, nothing is written down and nothing is sent."),
    )
    delivery = _events(gettext_lazy("Deliveries"), "delivery")
    optin = _events(gettext_lazy("Opt-ins"), "optin")
    campaign = _events(gettext_lazy("Campaigns"), "campaign")

    class Meta:
        model = Callback
        fields = ("site", "url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        chosen = self.instance.types if known else [kind.value for kind in CHOICES]
        for subject in SUBJECTS:
            self.initial[subject] = [name for name in chosen if name.startswith(f"{subject}.")]
        self.initial["on"] = not known or self.instance.state != CallbackState.OFF
        if "site" in self.fields:
            self.fields["site"].queryset = Site.objects.filter(callback=None)  # type: ignore[attr-defined]  # a choice of sites

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            managing.judge(url)
        except UrlRefused as error:
            raise forms.ValidationError(URL_PROBLEMS[error.problem]) from None
        return url

    def wish(self) -> Wish:
        chosen = {EventType(name) for subject in SUBJECTS for name in self.cleaned_data[subject]}
        return Wish(url=self.cleaned_data["url"], types=chosen, on=self.cleaned_data["on"])


UNTAKEN, NUMBER, TIME = "untaken", "number", "time"


class ReplayForm(forms.Form):
    """Which events: those that were never taken, or all from a number or a time on (on the site's clock)."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which events?"),
        choices=[
            (UNTAKEN, gettext_lazy("All that were never taken")),
            (NUMBER, gettext_lazy("All from a number on")),
            (TIME, gettext_lazy("All from a time on")),
        ],
        initial=UNTAKEN,
        widget=UnfoldAdminRadioSelectWidget,
    )
    number = forms.IntegerField(
        label=gettext_lazy("From number"),
        required=False,
        min_value=1,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    time = forms.DateTimeField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        which = cleaned.get("which")
        if which in {NUMBER, TIME} and not cleaned.get(which) and which not in self.errors:
            self.add_error(which, _("Say from where on."))
        return cleaned

    def span(self, callback: Callback) -> Span:
        made: dict[str, Callable[[], Span]] = {
            UNTAKEN: lambda: managing.never_taken(callback),
            NUMBER: lambda: managing.since_number(callback, int(self.cleaned_data["number"])),
            TIME: lambda: managing.since_time(callback, _aware(self.cleaned_data["time"])),
        }
        return made[self.cleaned_data["which"]]()


def _aware(at: datetime) -> datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at
