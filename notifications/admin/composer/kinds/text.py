"""Composing a text; and the field for the text that goes with any other kind."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.admin.composer.base import Composer
from notifications.admin.composer.fields import Prose
from notifications.admin.composer.parts import PartForm, Place
from notifications.payloads import limits
from notifications.states import Kind


def accompanying_text() -> Prose:
    return Prose(
        _("Text sent with it"),
        limit=limits.TEXT,
        soft=limits.SHORT_TEXT,
        hint=_("Optional. It arrives first, as a message of its own."),
        rows="2",
    )


class TextForm(PartForm):
    text = Prose(_("Text"), limit=limits.TEXT, soft=limits.SHORT_TEXT, needed=True)

    paths = {"text": "text"}

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        """A message without any content is a text that nobody wrote yet."""
        yield base, (self, "text")
        yield from list(super().places(base))[1:]


class TextComposer(Composer):
    kind = Kind.TEXT
    template = "admin/notifications/notification/kinds/text.html"
    root_form = TextForm
