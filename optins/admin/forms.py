"""What staff enter about an agreement. The evidence is never optional: it is all that proves the agreement."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from optins import customer_ids
from optins.models import OptIn
from optins.services import Suppressed, suppressing
from optins.services.terms import lifetime_of, terms_of
from optins.states import Lifetime, OptInState
from pages.models import Page


class Evidence(forms.Form):
    """How and when the customer agreed, in staff's words; and until when, for a temporary agreement."""

    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}),
        help_text=gettext_lazy("For a temporary customer_id only. Empty: it doesn't expire."),
    )
    note = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "How and when the customer agreed: the call, the letter, the ticket. It is kept as proof."
        ),
    )

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError(_("This moment is over. Give one in the future, or none."))
        return expires_at


class StaffOptInForm(Evidence, forms.ModelForm[OptIn]):
    page = forms.ModelChoiceField(
        label=gettext_lazy("Page"), queryset=Page.objects.defer("token"), widget=UnfoldAdminSelectWidget
    )
    # Longer than an id: the rule that refuses it says so in its own words.
    customer_id = forms.CharField(
        label="customer_id", max_length=4 * customer_ids.MAX_LENGTH, strip=False, widget=UnfoldAdminTextInputWidget
    )
    lifetime = forms.ChoiceField(
        label=gettext_lazy("Lifetime"),
        choices=[
            (
                "",
                gettext_lazy(
                    "By the id, as the site’s patterns say; where none fits, temporary for a stock alert, else durable"
                ),
            ),
            *Lifetime.choices,
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = OptIn
        fields = ("page", "customer_id")

    def clean_customer_id(self) -> str:
        try:
            return customer_ids.parse(self.cleaned_data["customer_id"])
        except customer_ids.CustomerIdError as error:
            raise forms.ValidationError(_(error.message), params=error.params) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        page, customer_id = cleaned.get("page"), cleaned.get("customer_id")
        if page and customer_id:
            self._refuse_known(page, customer_id)
            terms = terms_of(page=page, customer_id=customer_id, now=timezone.now())
            lifetime = cleaned.get("lifetime") or (terms.lifetime if terms else lifetime_of(customer_id))
            if cleaned.get("expires_at") and lifetime == Lifetime.DURABLE:
                self.add_error(
                    "expires_at", _("A durable agreement doesn't expire. Choose “Temporary”, or leave this.")
                )
        return cleaned

    def _refuse_known(self, page: Page, customer_id: str) -> None:
        if suppressing.is_suppressed(page=page, customer_id=customer_id):
            self.add_error("customer_id", str(Suppressed(customer_id)))
            return
        known = OptIn.objects.filter(page=page, customer_id=customer_id).first()
        if known and known.state == OptInState.ACTIVE:
            self.add_error("customer_id", _("This customer_id has opted in on this page already."))
        elif known:
            self.add_error(
                "customer_id",
                _("This customer_id was here before, and its agreement ended. Open it and use “Agreed again”."),
            )
