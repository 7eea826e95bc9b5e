"""What Messenger's screens and JSON API accept: one definition for both."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messenger_admin.sandbox.messenger.events import Field
from messenger_admin.sandbox.messenger.manners import USUAL, Manner, Read
from messenger_admin.sandbox.messenger.outbox import DONE, GIVEN_UP, WAITING
from messenger_admin.sandbox.web.forms import MAX_ID, MAX_LIMIT, YES_OR_NO, StrictForm, is_true

MAX_TEXT = 2_000
MAX_REF = 2_083
# What an m.me link may carry (Messenger Platform, "m.me links").
REF = RegexValidator(r"\A[A-Za-z0-9\-_=]*\Z", gettext_lazy("A ref has letters, digits, and - _ = alone."))
PAGE = RegexValidator(r"\A[0-9]{5,32}\Z", gettext_lazy("A page id is a series of digits."))
ACTS = (
    *("write", "quick_reply", "postback", "get_started", "arrive", "react"),
    *("read", "reads_on", "reads_off", "block", "unblock", "mute", "unmute"),
)
# What each act can't do without.
NEEDS: dict[str, tuple[str, ...]] = {
    "quick_reply": ("text", "payload"),
    "postback": ("title", "payload"),
    "react": ("mid",),
}


def choices(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class ActForm(StrictForm):
    """One act of a person: by PSID, or by the person's name in the sandbox and a page."""

    act = forms.ChoiceField(choices=choices(ACTS))
    psid = forms.CharField(required=False, max_length=64)
    person = forms.CharField(required=False, max_length=64)
    page_id = forms.CharField(required=False, max_length=32, validators=[PAGE])
    text = forms.CharField(required=False, max_length=MAX_TEXT, strip=False)
    picture = forms.URLField(required=False, max_length=MAX_REF, assume_scheme="https")
    title = forms.CharField(required=False, max_length=640)
    payload = forms.CharField(required=False, max_length=1_000, strip=False)
    mid = forms.CharField(required=False, max_length=255)
    emoji = forms.CharField(required=False, max_length=16)
    ref = forms.CharField(required=False, max_length=MAX_REF, validators=[REF])
    reply_to = forms.CharField(required=False, max_length=255)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("psid") and not (data.get("person") and data.get("page_id")):
            self.add_error("psid", _("Say who acts: a psid, or a person and a page_id."))
        for name in NEEDS.get(data.get("act", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This act needs it."))
        if data.get("act") == "write" and not data.get("text", "").strip() and not data.get("picture"):
            self.add_error("text", _("Write something, or send a picture."))
        return data


class PeopleForm(StrictForm):
    page_id = forms.CharField(required=False, max_length=32)
    q = forms.CharField(required=False, max_length=200)
    start = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)


class NewPeopleForm(StrictForm):
    """Somebody new, or a crowd that wrote to a page just now."""

    id = forms.SlugField(required=False, max_length=64)
    name = forms.CharField(required=False, max_length=200)
    page_id = forms.CharField(required=False, max_length=32, validators=[PAGE])
    count = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        somebody, crowd = data.get("id") and data.get("name"), data.get("page_id") and data.get("count")
        if bool(somebody) == bool(crowd) and not self.errors:
            self.add_error(None, _("Give an id and a name, or a page_id and a count."))
        return data


class OpenForm(StrictForm):
    """Somebody follows an m.me link."""

    page_id = forms.CharField(label=gettext_lazy("Page"), max_length=32, validators=[PAGE])
    person = forms.CharField(label=gettext_lazy("Person"), max_length=64)
    ref = forms.CharField(required=False, max_length=MAX_REF, validators=[REF])
    text = forms.CharField(required=False, max_length=MAX_TEXT)


class ActsForm(StrictForm):
    psid = forms.CharField(max_length=64)
    after = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)


class WebhooksForm(StrictForm):
    page_id = forms.CharField(required=False, max_length=32)
    state = forms.ChoiceField(required=False, choices=[("", ""), *choices((WAITING, DONE, GIVEN_UP))])
    before = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)


class EventForm(StrictForm):
    """Any event of a page, told as if Facebook had thought of it."""

    page_id = forms.CharField(max_length=32, validators=[PAGE])
    field = forms.ChoiceField(choices=choices(Field))
    event = forms.JSONField()

    def clean_event(self) -> dict[str, Any]:
        event = self.cleaned_data["event"]
        if not isinstance(event, dict):
            raise forms.ValidationError(_("An event is a JSON object."))
        return event


def _yes_or_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", gettext_lazy("as it is")), *YES_OR_NO[1:]],
        coerce=is_true,
        empty_value=None,
    )


def _seconds(label: Any, *, least: float = 0.0, most: float) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, min_value=least, max_value=most)


class MannerForm(StrictForm):
    """How webhooks are posted; what is left empty stays as it is."""

    page_id = forms.CharField(
        label=gettext_lazy("Page"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"list": "pages"}),
        help_text=gettext_lazy("A page id. Empty: every page."),
    )
    batch = forms.IntegerField(label=gettext_lazy("Events in one call"), required=False, min_value=1, max_value=1_000)
    wait = _seconds(gettext_lazy("Seconds before the first call"), most=600)
    copies = forms.IntegerField(label=gettext_lazy("Each so often"), required=False, min_value=1, max_value=5)
    shuffle = _yes_or_no(gettext_lazy("In no order"))
    read = forms.ChoiceField(
        label=gettext_lazy("Read receipts"),
        required=False,
        choices=[
            ("", gettext_lazy("as it is")),
            (Read.LOOKED, gettext_lazy("when somebody looks")),
            (Read.AT_ONCE, gettext_lazy("at once")),
            (Read.NEVER, gettext_lazy("never")),
        ],
    )
    receipts = _yes_or_no(gettext_lazy("Deliveries are told"))
    mids = _yes_or_no(gettext_lazy("Deliveries name messages"))
    timestamps = _yes_or_no(gettext_lazy("Events say when"))
    echo_first = _yes_or_no(gettext_lazy("Echo before the answer"))
    standby = _yes_or_no(gettext_lazy("Another app has the thread"))
    patience = _seconds(gettext_lazy("Seconds it waits for an answer"), least=0.1, most=60)
    retry = _seconds(gettext_lazy("Seconds before the second try"), least=0.1, most=600)
    give_up = _seconds(gettext_lazy("Gives up after so many seconds"), least=0.1, most=604_800)

    def __init__(self, *args: Any, holds: Manner = USUAL, **options: Any) -> None:
        """`holds` stands in the empty fields, as what stays."""
        super().__init__(*args, **options)
        for name in ("batch", "wait", "copies", "patience", "retry", "give_up"):
            self.fields[name].widget.attrs["placeholder"] = f"{getattr(holds, name):g}"

    def changes(self) -> dict[str, Any]:
        """What was said, and nothing else."""
        names = Manner.__dataclass_fields__
        said = {name: self.cleaned_data.get(name) for name in names}
        given = {name: value for name, value in said.items() if value not in (None, "")}
        return given | ({"read": Read(given["read"])} if "read" in given else {})
