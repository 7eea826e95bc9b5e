"""What the sandbox's pages and its JSON API accept: one definition for both."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messenger_admin.sandbox.behaviours import MAX_SECONDS, Behaviour, Kind, digest
from messenger_admin.sandbox.messages import Query
from messenger_admin.sandbox.web.words import KIND_LABELS
from optins.customer_ids import MAX_LENGTH

HANG_SECONDS = 120.0
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


class BehaviourForm(StrictForm):
    page_id = forms.CharField(
        label=gettext_lazy("Page"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"list": "pages"}),
        help_text=gettext_lazy("A page id. Empty: every page."),
    )
    customer_prefix = forms.CharField(
        label=gettext_lazy("customer_id begins with"),
        required=False,
        max_length=MAX_LENGTH,
        strip=False,
        help_text=gettext_lazy("For example instock-. Empty: everybody."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it does"), choices=lambda: KIND_LABELS.items())
    status = forms.IntegerField(
        label=gettext_lazy("Status"),
        required=False,
        min_value=200,
        max_value=599,
        help_text=gettext_lazy("For an answer: 429, 500, 503 …"),
    )
    retry_after = forms.CharField(
        label="Retry-After",
        required=False,
        max_length=64,
        # Printable ASCII: nothing else may stand in a header, least of all the end of a line.
        validators=[RegexValidator(r"\A[ -~]*\Z", gettext_lazy("Give seconds or an HTTP date."))],
        help_text=gettext_lazy("Seconds or an HTTP date. Empty: no such header."),
    )
    seconds = forms.FloatField(
        label=gettext_lazy("Seconds"),
        required=False,
        min_value=0,
        max_value=MAX_SECONDS,
        help_text=gettext_lazy("How long it waits before it answers or hangs up."),
    )
    remaining = forms.IntegerField(
        label=gettext_lazy("Only the first"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("So many requests, then it is over. Empty: until you remove it."),
    )
    delivers = forms.TypedChoiceField(
        label=gettext_lazy("Does the customer get it?"),
        required=False,
        choices=[("", gettext_lazy("As the status says")), *YES_OR_NO[1:]],
        coerce=is_true,
        empty_value=None,
        help_text=gettext_lazy("An answer may lie: refuse what arrived, or accept what is lost."),
    )
    body = forms.CharField(
        label=gettext_lazy("Body of the answer"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("Empty: iAdvize’s usual envelope."),
    )
    token = forms.CharField(
        label=gettext_lazy("Token"),
        required=False,
        max_length=4_096,
        help_text=gettext_lazy("The one to refuse. Empty: the one that comes next."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == Kind.ANSWER and not data.get("status") and "status" not in self.errors:
            self.add_error("status", _("Say which status it answers."))
        if data.get("kind") == Kind.SLOW and not data.get("seconds") and "seconds" not in self.errors:
            self.add_error("seconds", _("Say how many seconds it takes."))
        return data

    def behaviour(self) -> Behaviour:
        data = self.cleaned_data
        kind = Kind(data["kind"])
        status = data["status"] if kind == Kind.ANSWER else 202
        default_seconds = HANG_SECONDS if kind == Kind.HANG else 0.0
        return Behaviour(
            page_id=data["page_id"],
            customer_prefix=data["customer_prefix"],
            kind=kind,
            seconds=default_seconds if data["seconds"] is None else data["seconds"],
            status=status,
            retry_after=data["retry_after"],
            body=data["body"],
            delivers=200 <= status < 300 if data["delivers"] is None else data["delivers"],
            remaining=data["remaining"],
            token_sha256=digest(data["token"]) if kind == Kind.EXPIRE_TOKEN and data["token"] else "",
        )
