"""Composing an image."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.admin.composer.base import Composer
from notifications.admin.composer.fields import Address
from notifications.admin.composer.kinds.text import accompanying_text
from notifications.admin.composer.parts import PartForm, Place
from notifications.states import Kind


class ImageForm(PartForm):
    text = accompanying_text()
    url = Address(
        _("Image address (URL)"),
        needed=True,
        hint=_(
            "JPEG or PNG up to 8 MB, reachable from the internet. Messenger shows it best at 1.91:1, as 1200 × 628."
        ),
    )

    paths = {"text": "text", "url": "attachment.payload.url"}

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        yield from super().places(base)
        yield "attachment.payload", (self, "url")


class ImageComposer(Composer):
    kind = Kind.IMAGE
    template = "admin/notifications/notification/kinds/image.html"
    root_form = ImageForm
    constants = {"attachment.type": "image"}
