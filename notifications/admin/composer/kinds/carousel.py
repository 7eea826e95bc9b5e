"""Composing a carousel: cards in an order, each with up to three buttons."""

from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.admin.composer.base import Composer
from notifications.admin.composer.fields import Action, Address, BodyField
from notifications.admin.composer.kinds.buttons import ButtonForm
from notifications.admin.composer.kinds.text import accompanying_text
from notifications.admin.composer.parts import Object, PartForm, Place
from notifications.admin.composer.rows import Rows, rows_of
from notifications.payloads import limits
from notifications.states import Kind


class CarouselForm(PartForm):
    text = accompanying_text()

    paths = {"text": "text"}


class CardForm(PartForm):
    title = BodyField(_("Title"), limit=limits.CARD_TITLE, needed=True)
    subtitle = BodyField(_("Subtitle"), limit=limits.CARD_SUBTITLE)
    image_url = Address(_("Image address (URL)"), hint=_("Shown at 1.91:1; 1200 × 628 fits."))
    default_action = Action(_("Link of the whole card"), hint=_("What a tap beside the buttons opens."))

    paths = {name: name for name in ("title", "subtitle", "image_url", "default_action")}

    def __init__(self, data: Mapping[str, Any] | None = None, *, part: object = None, **options: Any) -> None:
        card = dict(part) if isinstance(part, Mapping) else {}
        buttons = card.pop("buttons", [])
        super().__init__(data, part=card, **options)
        self.buttons = self._button_forms(data, buttons if isinstance(buttons, list) else [])

    def _button_forms(self, data: Mapping[str, Any] | None, parts: list[object]) -> list[ButtonForm]:
        """Three, and as many more as a message from elsewhere brought along: it is refused, but must be mended."""
        posted = takewhile(lambda n: data is not None and f"{self.prefix}-button{n}-type" in data, count())
        number = max(limits.CARD_BUTTONS.most, len(parts), sum(1 for _n in posted))
        return [
            ButtonForm(
                data,
                card=self,
                number=index + 1,
                part=parts[index] if index < len(parts) else None,
                prefix=f"{self.prefix}-button{index}",
            )
            for index in range(number)
        ]

    @property
    def sent_buttons(self) -> list[ButtonForm]:
        return [button for button in self.buttons if not button.is_blank]

    def write(self) -> Object:
        buttons = [button.write() for button in self.sent_buttons]
        return super().write() | ({"buttons": buttons} if buttons else {})

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        yield from super().places(base)
        for index, button in enumerate(self.sent_buttons):
            yield from button.places(f"{base}.buttons[{index}]")

    def within(self) -> Iterator[PartForm]:
        yield self
        for button in self.buttons:
            button.heading = f"{self.heading}, {button.name}"
            yield button


class Cards(Rows):
    path = "attachment.payload.elements"
    most = limits.CARDS.most
    title = _("Cards")
    row_name = _("Card %(position)s")
    add_label = _("Add a card")
    full_label = _("A carousel holds 10 cards at most.")
    row_template = "admin/notifications/notification/rows/card.html"
    sends_blanks = True


class CarouselComposer(Composer):
    kind = Kind.CAROUSEL
    template = "admin/notifications/notification/kinds/carousel.html"
    root_form = CarouselForm
    constants = {"attachment.type": "template", "attachment.payload.template_type": "generic"}
    lists = ((rows_of(Cards, CardForm), 1),)
