"""The form of "Send a test": which page, and whose Messenger."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from notifications.models import Delivery
from notifications.payloads import Message
from notifications.payloads.utility import Choice
from notifications.services.deliveries import NotOptedIn, NoValue, PageCannotSend, send_test
from optins.customer_ids import CustomerIdError
from optins.models import OptIn
from pages.models import Page
from pages.states import PageState

# As many as fit under a field without scrolling.
SUGGESTIONS = 8


class PageChoice(forms.ModelChoiceField[Page]):
    """Those that can send come first; of the others one sees why they can't."""

    def label_from_instance(self, obj: Page) -> str:
        return str(obj) if obj.state == PageState.ACTIVE else f"{obj} – {obj.get_state_display()}"


class SendTestForm(forms.Form):
    page = PageChoice(
        Page.objects.linked().defer("token").order_by(Case(When(state=PageState.ACTIVE, then=0), default=1), "name"),
        label=_("Page"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    customer_id = forms.CharField(
        label="customer_id",
        widget=UnfoldAdminTextInputWidget(attrs={"list": "test-customers", "autocomplete": "off"}),
        help_text=_("Yours, for example: somebody who opted in on this page."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="test")

    def send(
        self, message: Message, instead: Choice | None, *, actor: AbstractBaseUser, now: datetime
    ) -> Delivery | None:
        """Sends, or says at the field why that can't be."""
        page, customer_id = self.cleaned_data["page"], self.cleaned_data["customer_id"]
        try:
            return send_test(message=message, utility=instead, page=page, customer_id=customer_id, actor=actor, now=now)
        except CustomerIdError as error:
            self.add_error("customer_id", gettext(error.message) % error.params)
        except (NotOptedIn, NoValue) as error:
            self.add_error("customer_id", str(error))
        except PageCannotSend as error:
            self.add_error("page", str(error))
        return None


def suggestions(*, page: str, beginning: str, now: datetime) -> list[str]:
    """Some customer_ids of a page that begin so; without a beginning, those who opted in last."""
    if not page.isascii() or not page.isdigit() or len(page) > 18:
        return []
    optins = OptIn.objects.active(now).filter(page_id=int(page))
    # Sorting those with a beginning would read all of them; the index hands out any.
    rows = optins.with_prefix(beginning).order_by() if beginning else optins.order_by("-id")
    return sorted(rows.values_list("customer_id", flat=True)[:SUGGESTIONS])
