"""What the sandbox's pages and its JSON API accept: one definition for both."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messenger_admin.sandbox.messages import Query
from optins.customer_ids import MAX_LENGTH

MAX_LIMIT = 1_000
MAX_ID = 2**63 - 1
YES_OR_NO = [("", ""), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


def is_true(value: str) -> bool:
    return value == "true"


class StrictForm(forms.Form):
    """Refuses names that it doesn't know: a misspelt filter would answer something else than was asked."""

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}):
            message = _("There is no “%(name)s” here. Known are: %(known)s.")
            self.add_error(None, message % {"name": name, "known": ", ".join(self.fields)})
        return self.cleaned_data

    def problems(self) -> list[dict[str, str]]:
        """Each error with the name it belongs to, for JSON."""
        return [
            {"field": "" if name == "__all__" else name, "code": error["code"], "message": error["message"]}
            for name, errors in self.errors.get_json_data().items()
            for error in errors
        ]


class AddressForm(StrictForm):
    """Which messages: of one page, one customer on it, or everybody."""

    page_id = forms.CharField(required=False, max_length=64)
    customer_id = forms.CharField(required=False, max_length=MAX_LENGTH, strip=False)


class MessagesForm(AddressForm):
    after = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)
    delivered = forms.TypedChoiceField(required=False, choices=YES_OR_NO, coerce=is_true, empty_value=None)

    def query(self) -> Query:
        data = self.cleaned_data
        return Query(
            page_id=data["page_id"],
            customer_id=data["customer_id"],
            after=data["after"] or 0,
            delivered=data["delivered"],
        )


class ThreadForm(StrictForm):
    """One customer's thread: what came after an id, or its newest `show` messages."""

    page_id = forms.CharField(max_length=64)
    customer_id = forms.CharField(max_length=MAX_LENGTH, strip=False)
    after = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)
    show = forms.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)


class CustomersForm(StrictForm):
    q = forms.CharField(required=False, max_length=MAX_LENGTH)
    page_id = forms.CharField(required=False, max_length=64)
    start = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)


class RemovalForm(StrictForm):
    """One behaviour by its id; without, all of them."""

    id = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
