"""What the screens about Facebook and their JSON API accept: one definition for both."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from messenger_admin.sandbox.facebook.people import ALL_TASKS
from messenger_admin.sandbox.facebook.signed_requests import Kind
from messenger_admin.sandbox.facebook.templates import NO_REASON, Status
from messenger_admin.sandbox.web.forms import StrictForm

DEATHS = {
    458: gettext_lazy("The app was removed"),
    459: gettext_lazy("Facebook wants to check the account"),
    460: gettext_lazy("The password was changed"),
    463: gettext_lazy("It has expired"),
    467: gettext_lazy("It is invalid: logged out"),
}
REASONS = ("INCORRECT_PARAMS", "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT", "TAG_SHOULD_BE_MARKETING")
_number = RegexValidator(r"\A[0-9]{1,32}\Z", gettext_lazy("Digits alone."))


class PersonForm(StrictForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class PageForm(StrictForm):
    """A new page of somebody's."""

    user_id = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    category = forms.CharField(label=gettext_lazy("Category"), max_length=120, required=False, initial="Shop")
    page_id = forms.CharField(
        label=gettext_lazy("Page id"),
        max_length=32,
        required=False,
        validators=[_number],
        help_text=gettext_lazy("Empty: the sandbox chooses one."),
    )
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("May do"),
        choices=[(task, task) for task in ALL_TASKS],
        initial=list(ALL_TASKS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Linking needs MESSAGING and MODERATE."),
    )


class KillForm(StrictForm):
    """Which tokens die, and of what: the one with this digest, or all of a page or a person."""

    digest = forms.CharField(max_length=64, required=False)
    page_id = forms.CharField(max_length=32, required=False, validators=[_number])
    user_id = forms.CharField(max_length=64, required=False)
    subcode = forms.TypedChoiceField(
        label=gettext_lazy("Why it dies"), choices=list(DEATHS.items()), coerce=int, initial=463
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(name) for name in ("digest", "page_id", "user_id")):
            self.add_error(None, gettext_lazy("Say whose: digest, page_id or user_id."))
        return data


class RevocationForm(StrictForm):
    """One permission, or without one the whole app."""

    user_id = forms.CharField(max_length=64)
    permission = forms.CharField(max_length=64, required=False)


class SignedRequestForm(StrictForm):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in Kind])
    user_id = forms.CharField(max_length=64)


class DecisionForm(StrictForm):
    id = forms.CharField(max_length=32, validators=[_number])
    status = forms.ChoiceField(choices=[(status, status) for status in (Status.APPROVED, Status.REJECTED)])
    reason = forms.ChoiceField(choices=[(one, one) for one in (NO_REASON, *REASONS)], required=False)
