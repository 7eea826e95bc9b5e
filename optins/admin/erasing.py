"""Erasing a person from the opt-in's page: asked first, with all that is forgotten, and confirmed by typing the id."""

import unicodedata
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from optins.models import OptIn
from optins.services import AgreedMeanwhile, StillLeaving, erase
from optins.states import OptInState
from pages.admin.base import actor_of, not_here, question
from pages.admin.unfold import ModelAdmin


class Confirmation(forms.Form):
    """The customer_id, typed or pasted: nobody erases the wrong person by a click too many."""

    typed = forms.CharField(
        label=gettext_lazy("Type the customer_id to confirm"),
        error_messages={"required": gettext_lazy("Type the customer_id to confirm.")},
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )

    # What is said of something else that was typed.
    another = gettext_lazy("This is another customer_id. It has to be the same, to the letter.")

    def __init__(self, data: Any, *, wanted: str) -> None:
        super().__init__(data)
        self.wanted = wanted

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        # As it is stored: composed. Upper and lower case are two ids.
        if unicodedata.normalize("NFC", typed) != self.wanted:
            raise forms.ValidationError(self.another)
        return typed


def ask_and_erase(model_admin: ModelAdmin[OptIn], request: HttpRequest, object_id: str) -> HttpResponse:
    optin = model_admin.get_object(request, object_id)
    if optin is None:
        return not_here(model_admin, request, object_id)
    if optin.state == OptInState.ERASED:
        model_admin.message_user(request, _("This customer was erased already."), messages.WARNING)
        return _back_to(optin)
    form = Confirmation(request.POST if request.method == "POST" else None, wanted=optin.customer_id)
    if not form.is_valid():
        template = "admin/optins/optin/erase.html"
        return question(model_admin, request, optin, template=template, title=_("Erase this customer?"), form=form)
    try:
        erase(optin=optin, actor=actor_of(request), now=timezone.now())
    except (AgreedMeanwhile, StillLeaving) as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return _back_to(optin)
    model_admin.message_user(request, _("Erased. What remains counts what was sent, and names nobody."))
    return _back_to(optin)


def _back_to(optin: OptIn) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:optins_optin_change", args=[optin.pk]))
