"""The buttons of a card: rows that are always there, and count only once their kind is chosen."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from notifications.admin.composer.fields import BodyField
from notifications.admin.composer.parts import Object, PartForm, Place, join, put
from notifications.payloads import limits

KINDS = {
    "web_url": _("Opens a web page"),
    "postback": _("Sends a postback"),
    "phone_number": _("Calls a number"),
}
# The key under which each kind keeps what it opens, sends or calls.
TARGETS = {"web_url": "url", "postback": "payload", "phone_number": "payload"}


class ButtonForm(PartForm):
    type = forms.ChoiceField(
        label=_("Button"),
        required=False,
        widget=UnfoldAdminSelectWidget(attrs={"data-button-kind": ""}),
    )
    title = BodyField(_("Button text"), limit=limits.BUTTON_TITLE, needed=True)
    target = BodyField(_("Link, payload or phone number"), needed=True, placeholder="https://")

    paths = {"title": "title"}

    def __init__(self, data: Mapping[str, Any] | None = None, *, card: PartForm, number: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.card = card
        self.position = number
        kind = self.part.get("type")
        known = KINDS if kind in KINDS or not isinstance(kind, str) else {**KINDS, kind: kind}
        self.fields["type"].choices = [("", _("No button")), *known.items()]  # type: ignore[attr-defined]
        self.fields["type"].initial = kind
        self.fields["target"].initial = self.body_field("target").show(self.part.get(self._key(kind)))

    @property
    def name(self) -> str:
        """`heading`, once it is known where the card stands."""
        return gettext("Button %(number)s") % {"number": self.position}

    @property
    def kind(self) -> str:
        return str(self["type"].value() or "")

    @property
    def is_blank(self) -> bool:
        return not self.kind

    def write(self) -> Object:
        """Another kind keeps the text of the button and nothing else."""
        button = super().write()
        if self.kind != self.part.get("type"):
            button = {"title": button["title"]} if "title" in button else {}
        elif not self.is_bound or "target" not in self.changed_data:
            return button
        put(button, self._key(self.kind), self._target() or None)
        return {"type": self.kind} | button

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        yield from super().places(base)
        yield join(base, "type"), (self, "type")
        yield join(base, self._key(self.kind)), (self, "target")

    def _target(self) -> str:
        """As typed; a phone number without what people put between its digits."""
        target = str(self["target"].value() or "").strip()
        return re.sub(r"[\s().-]", "", target) if self.kind == "phone_number" else target

    @staticmethod
    def _key(kind: object) -> str:
        return TARGETS.get(str(kind), "payload")
