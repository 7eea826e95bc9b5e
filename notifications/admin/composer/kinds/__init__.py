"""The composer of each kind."""

from notifications.admin.composer.base import Composer
from notifications.admin.composer.kinds.carousel import CarouselComposer
from notifications.admin.composer.kinds.image import ImageComposer
from notifications.admin.composer.kinds.receipt import ReceiptComposer
from notifications.admin.composer.kinds.text import TextComposer
from notifications.states import Kind

COMPOSERS: dict[Kind, type[Composer]] = {
    composer.kind: composer for composer in (TextComposer, ImageComposer, CarouselComposer, ReceiptComposer)
}
