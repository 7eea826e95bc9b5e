"""The fields of a composer. Each shows a JSON value as text, and reads that text back into the value.

None of them requires anything: what a message needs is said by notifications/payloads alone.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from notifications.payloads.limits import Limit

Text = str | StrPromise


class BodyField(forms.CharField):
    """One line of text. `limit` and `soft` put a counter beside the field; `needed` marks it, and checks nothing."""

    takes_placeholders = True

    def __init__(
        self, label: Text, *, limit: Limit | None = None, needed: bool = False, hint: Text = "", **attrs: Text
    ) -> None:
        self.limit = limit
        self.needed = needed
        widget = self.make_widget({"autocomplete": "off", **attrs})
        super().__init__(label=label, help_text=hint, required=False, strip=False, widget=widget)

    def make_widget(self, attrs: dict[str, Text]) -> forms.Widget:
        return UnfoldAdminTextInputWidget(attrs=attrs)

    def show(self, value: object) -> str:
        return value if isinstance(value, str) else "" if value is None else str(value)

    def read(self, text: str, old: object) -> object:
        """The value that `text` stands for, None for no value at all; `old` is what stood there before.

        Raises ValidationError.
        """
        return text.strip() or None

    def has_changed(self, initial: object, data: object) -> bool:
        return self.as_sent(str(initial or "")) != self.as_sent(str(data or ""))

    def as_sent(self, text: str) -> str:
        """`text` as a browser gives it back untouched: an input of one line drops the line breaks."""
        return unix_lines(text).replace("\n", "")


class Prose(BodyField):
    """Several lines of text, kept to the blank. `soft` is where a warning begins, below the limit."""

    def __init__(self, label: Text, *, soft: Limit, **options: Any) -> None:
        self.soft = soft
        super().__init__(label, **options)

    def make_widget(self, attrs: dict[str, Text]) -> forms.Widget:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": "5", **attrs})
        # Django's own keeps a text that begins with a line break; unfold's loses it to HTML's rule.
        widget.template_name = "django/forms/widgets/textarea.html"
        return widget

    def as_sent(self, text: str) -> str:
        return unix_lines(text)

    def read(self, text: str, old: object) -> object:
        lines = unix_lines(text)
        return lines if lines.strip() else None


class Address(BodyField):
    """A web address."""

    def __init__(self, label: Text, *, needed: bool = False, hint: Text = "") -> None:
        super().__init__(label, needed=needed, hint=hint, inputmode="url", placeholder="https://")


class Action(Address):
    """What a tap opens: shows the address of a `web_url` object, and keeps what else that object holds."""

    def show(self, value: object) -> str:
        return super().show(value.get("url")) if isinstance(value, Mapping) else ""

    def read(self, text: str, old: object) -> object:
        known = dict(old) if isinstance(old, Mapping) else {"type": "web_url"}
        return {**known, "url": text.strip()} if text.strip() else None


class Code(BodyField):
    """A code in capital letters, typed in any."""

    takes_placeholders = False

    def read(self, text: str, old: object) -> object:
        return text.strip().upper() or None


class Money(BodyField):
    """An amount: shown as in the reader's language, read with a decimal point or a comma.

    Thousands are not separated: 1,234 would be read in two ways.
    """

    takes_placeholders = False
    WRITTEN = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)

    def __init__(self, label: Text, *, needed: bool = False, hint: Text = "") -> None:
        super().__init__(label, needed=needed, hint=hint, inputmode="decimal", placeholder=_("0.00"))

    def show(self, value: object) -> str:
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        text = super().show(value)
        return text.replace(".", formats.get_format("DECIMAL_SEPARATOR")) if isinstance(value, float) else text

    def read(self, text: str, old: object) -> object:
        plain = re.sub(r"\s", "", text).replace(",", ".")
        if not plain:
            return None
        if not self.WRITTEN.fullmatch(plain):
            raise ValidationError(_("Write the amount in digits, for example 1234.56."), code="not_number")
        amount = Decimal(plain)
        return int(amount) if amount == amount.to_integral_value() else float(amount)


class Whole(BodyField):
    """A number of things."""

    takes_placeholders = False

    def __init__(self, label: Text) -> None:
        super().__init__(label, inputmode="numeric", placeholder="1")

    def read(self, text: str, old: object) -> object:
        plain = text.strip()
        if not plain:
            return None
        if not re.fullmatch(r"-?[0-9]{1,15}", plain):
            raise ValidationError(_("Write a whole number, for example 2."), code="not_whole_number")
        return int(plain)


class Moment(BodyField):
    """Facebook's timestamp, seconds since 1970 as a string, shown as a local time.

    When clocks are set back an hour comes twice: it is read as the first one, and what nobody changes stays.
    """

    takes_placeholders = False

    def make_widget(self, attrs: dict[str, Text]) -> forms.Widget:
        return UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1", **attrs})

    def as_sent(self, text: str) -> str:
        """Browsers leave out seconds that are zero."""
        return text if len(text) != len("2026-11-22T14:30") else f"{text}:00"

    def show(self, value: object) -> str:
        try:
            moment = datetime.fromtimestamp(int(str(value)), tz=timezone.get_current_timezone())
        except (ValueError, OverflowError, OSError):
            return ""
        return moment.replace(tzinfo=None).isoformat(timespec="seconds")

    def read(self, text: str, old: object) -> object:
        if not text.strip():
            return None
        try:
            local = datetime.fromisoformat(text.strip())
        except ValueError as bad:
            raise ValidationError(
                _("Write the day and the time, for example 2026-11-22 14:30."), code="moment"
            ) from bad
        return str(int(timezone.make_aware(local.replace(tzinfo=None)).timestamp()))


def unix_lines(text: str) -> str:
    """Browsers send a line break as CR LF, whatever stood in the body."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
