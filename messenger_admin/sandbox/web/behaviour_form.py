"""The form that tells the sandbox to misbehave, on its page and for scripts."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messenger_admin.sandbox.behaviours import MAX_SECONDS, Behaviour, Kind, Side, digest
from messenger_admin.sandbox.web.forms import YES_OR_NO, StrictForm, is_true
from messenger_admin.sandbox.web.words import KIND_LABELS, SIDE_LABELS
from optins.customer_ids import MAX_LENGTH

HANG_SECONDS = 120.0
MAX_CODE = 99_999_999
# Errors of Facebook's that stand for a refusal.
REFUSING = frozenset({Kind.GRAPH_ERROR, Kind.TOKEN_DIES, Kind.PERMISSION_MISSING, Kind.THROTTLED, Kind.TEMPORARY})
FACEBOOKS = REFUSING | {Kind.USAGE, Kind.TWICE}
FACEBOOK_FIELDS = frozenset({"code", "subcode", "usage", "regain", "contains", "skip"})
NEEDED = (
    (Kind.ANSWER, "status", gettext_lazy("Say which status it answers.")),
    (Kind.SLOW, "seconds", gettext_lazy("Say how many seconds it takes.")),
    (Kind.GRAPH_ERROR, "code", gettext_lazy("Say which error it answers.")),
    (Kind.USAGE, "usage", gettext_lazy("Say how much is used.")),
)


class BehaviourForm(StrictForm):
    """One form for both far ends; the last fields are Facebook's alone."""

    field_order = ("side", "kind", "page_id", "customer_prefix")

    side = forms.ChoiceField(
        label=gettext_lazy("Whose far end"),
        choices=lambda: SIDE_LABELS.items(),
        required=False,
        help_text=gettext_lazy("Empty: iAdvize’s endpoint."),
    )
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
        help_text=gettext_lazy("Empty: the usual one."),
    )
    token = forms.CharField(
        label=gettext_lazy("Token"),
        required=False,
        max_length=4_096,
        help_text=gettext_lazy("The one to refuse. Empty: the one that comes next."),
    )
    code = forms.IntegerField(
        label=gettext_lazy("Error code"),
        required=False,
        min_value=1,
        max_value=MAX_CODE,
        help_text=gettext_lazy("10, 200, 613 … Empty: the usual one."),
    )
    subcode = forms.IntegerField(
        label=gettext_lazy("Subcode"),
        required=False,
        min_value=1,
        max_value=MAX_CODE,
        help_text=gettext_lazy("Of a dead token: 458, 460, 463, 467."),
    )
    usage = forms.IntegerField(
        label=gettext_lazy("Used, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("In the headers that tell the limit."),
    )
    regain = forms.IntegerField(
        label=gettext_lazy("Again in minutes"),
        required=False,
        min_value=1,
        max_value=1_440,
        help_text=gettext_lazy("Told together with what is used."),
    )
    contains = forms.CharField(
        label=gettext_lazy("Only where it says"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("In the message; or in the call, as subscribed_apps."),
    )
    skip = forms.IntegerField(
        label=gettext_lazy("But for the next"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("So many requests pass first."),
    )

    @property
    def usual(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in FACEBOOK_FIELDS]

    @property
    def facebooks(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in FACEBOOK_FIELDS]

    @property
    def speaks_of_facebook(self) -> bool:
        return any(field.errors or field.value() for field in self.facebooks)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, side = data.get("kind"), data.get("side") or Side.IADVIZE
        for needing, field, message in NEEDED:
            if kind == needing and not data.get(field) and field not in self.errors:
                self.add_error(field, message)
        if kind in FACEBOOKS and side == Side.IADVIZE:
            self.add_error("side", _("Facebook does this, not iAdvize: say on which side."))
        if kind == Kind.TWICE and side == Side.GRAPH:
            self.add_error("side", _("Only messages can arrive twice."))
        if side == Side.GRAPH and data.get("customer_prefix"):
            self.add_error("customer_prefix", _("Calls to the Graph API concern pages, not customers."))
        if side == Side.IADVIZE:
            for field in sorted(FACEBOOK_FIELDS & {name for name, value in data.items() if value}):
                self.add_error(field, _("Only Facebook has this."))
        return data

    def behaviour(self) -> Behaviour:
        data = self.cleaned_data
        kind = Kind(data["kind"])
        status = data["status"] if kind == Kind.ANSWER else 202
        default_seconds = HANG_SECONDS if kind == Kind.HANG else 0.0
        # Of an error nobody's phone shows anything, unless it is told to lie.
        accepted = status < 300 and kind not in REFUSING
        return Behaviour(
            page_id=data["page_id"],
            customer_prefix=data["customer_prefix"],
            kind=kind,
            seconds=default_seconds if data["seconds"] is None else data["seconds"],
            status=status,
            retry_after=data["retry_after"],
            body=data["body"],
            delivers=accepted if data["delivers"] is None else data["delivers"],
            remaining=data["remaining"],
            token_sha256=digest(data["token"]) if kind == Kind.EXPIRE_TOKEN and data["token"] else "",
            side=data["side"] or Side.IADVIZE,
            contains=data["contains"],
            **{name: data[name] or 0 for name in ("code", "subcode", "usage", "regain", "skip")},
        )
