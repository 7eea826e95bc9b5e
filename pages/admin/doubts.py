"""The fields of a page's policy for doubts, each choice with what it means for customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminRadioSelectWidget, UnfoldBooleanWidget

from pages.models import Page
from pages.states import DoubtPolicy

MEANINGS = [
    (
        DoubtPolicy.ASK,
        gettext_lazy("A person decides. Nothing is sent twice meanwhile; a customer who did not get it waits."),
    ),
    (
        DoubtPolicy.TREAT_AS_SENT,
        gettext_lazy("Treat it as sent. Nobody gets it twice; a customer who did not get it never will."),
    ),
    (
        DoubtPolicy.SEND_AGAIN,
        gettext_lazy("Send it again, once. Nobody goes without; a customer who did get it gets it twice."),
    ),
]


class DoubtsForm(forms.ModelForm[Page]):
    """To send again by itself is confirmed when it is chosen. What is not in the form stays as it is."""

    doubt_policy = forms.ChoiceField(
        label=gettext_lazy("When nobody can tell whether a message went out"),
        choices=MEANINGS,
        required=False,
        widget=UnfoldAdminRadioSelectWidget,
    )
    doubt_minutes = forms.IntegerField(
        label=gettext_lazy("After so many minutes"),
        required=False,
        min_value=1,
        max_value=43_200,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("How long a person has time to decide before the page's policy does."),
    )
    doubts_understood = forms.BooleanField(
        label=gettext_lazy("Confirm"),
        required=False,
        help_text=gettext_lazy(
            "Customers of this page may get a message twice, and that is better than not getting it."
        ),
        widget=UnfoldBooleanWidget,
    )

    class Meta:
        model = Page
        fields = ("doubt_policy", "doubt_minutes")

    def clean_doubt_policy(self) -> str:
        return self.cleaned_data["doubt_policy"] or self.instance.doubt_policy

    def clean_doubt_minutes(self) -> int:
        return self.cleaned_data["doubt_minutes"] or self.instance.doubt_minutes

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = self.cleaned_data.get("doubt_policy")
        newly = chosen == DoubtPolicy.SEND_AGAIN and self.initial.get("doubt_policy") != chosen
        if newly and not self.cleaned_data.get("doubts_understood"):
            self.add_error("doubts_understood", _("Tick this to let messages be sent again without asking anybody."))
        return cleaned
