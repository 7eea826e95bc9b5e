"""Composing a receipt: the order, its lines, its address, its sums and what was taken off."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.admin.composer.base import Composer
from notifications.admin.composer.fields import Address, BodyField, Code, Moment, Money, Whole
from notifications.admin.composer.kinds.text import accompanying_text
from notifications.admin.composer.parts import Object, PartForm, Place, dig, put
from notifications.admin.composer.rows import Rows, rows_of
from notifications.payloads import limits
from notifications.states import Kind

PAYLOAD = "attachment.payload"
ADDRESS = f"{PAYLOAD}.address"
CURRENCIES = "currencies"  # the id of the list that the template offers


class ReceiptForm(PartForm):
    text = accompanying_text()
    recipient_name = BodyField(_("Customer’s name"), needed=True)
    merchant_name = BodyField(_("Shop’s name"), hint=_("Stands at the top of the receipt."))
    order_number = BodyField(_("Order number"), needed=True, hint=_("Different for each order."))
    payment_method = BodyField(_("Payment method"), needed=True, placeholder="Visa 2345")
    currency = Code(_("Currency"), needed=True, placeholder="EUR", list=CURRENCIES, maxlength="3")
    order_url = Address(_("Link to the order"))
    timestamp = Moment(_("Date and time of the order"))
    street_1 = BodyField(_("Street"))
    street_2 = BodyField(_("Street, second line"))
    postal_code = BodyField(_("Postal code"))
    city = BodyField(_("City"))
    state = BodyField(_("State or region"))
    country = Code(_("Country"), placeholder="FR", hint=_("Two letters."), maxlength="2")
    subtotal = Money(_("Subtotal"))
    shipping_cost = Money(_("Shipping"))
    total_tax = Money(_("Tax"))
    total_cost = Money(_("Total"), needed=True)

    of_the_order = (
        "recipient_name",
        "merchant_name",
        "order_number",
        "payment_method",
        "currency",
        "order_url",
        "timestamp",
    )
    of_the_address = ("street_1", "street_2", "postal_code", "city", "state", "country")
    of_the_sums = ("subtotal", "shipping_cost", "total_tax", "total_cost")
    paths = {
        "text": "text",
        **{name: f"{PAYLOAD}.{name}" for name in of_the_order},
        **{name: f"{ADDRESS}.{name}" for name in of_the_address},
        **{name: f"{PAYLOAD}.summary.{name}" for name in of_the_sums},
    }

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["timestamp"].help_text = timezone.get_current_timezone_name()

    def write(self) -> Object:
        """A new address says that it has no second line, as the guide's does; one without any line is none."""
        body = super().write()
        address = dig(body, ADDRESS)
        if not isinstance(address, dict):
            return body
        if not any(address.values()):
            put(body, ADDRESS, None)
        elif dig(self.part, ADDRESS) is None:
            address.setdefault("street_2", "")
        return body

    def places(self, base: str) -> Iterator[tuple[str, Place]]:
        yield from super().places(base)
        yield f"{PAYLOAD}.summary", (self, "total_cost")


class LineForm(PartForm):
    title = BodyField(_("Product"), needed=True)
    subtitle = BodyField(_("Details"))
    quantity = Whole(_("Quantity"))
    price = Money(_("Price of the line"), needed=True, hint=_("For all pieces together."))
    currency = Code(_("Currency"), placeholder=_("As above"), list=CURRENCIES, maxlength="3")
    image_url = Address(_("Image address (URL)"))

    paths = {name: name for name in ("title", "subtitle", "quantity", "price", "currency", "image_url")}


class Lines(Rows):
    path = f"{PAYLOAD}.elements"
    most = limits.RECEIPT_LINES.most
    title = _("Lines")
    row_name = _("Line %(position)s")
    add_label = _("Add a line")
    full_label = _("A receipt holds 100 lines at most.")
    row_template = "admin/notifications/notification/rows/line.html"


class AdjustmentForm(PartForm):
    name = BodyField(_("Name"), needed=True)
    amount = Money(_("Amount taken off"), needed=True)

    paths = {"name": "name", "amount": "amount"}


class Adjustments(Rows):
    path = f"{PAYLOAD}.adjustments"
    most = 50  # no source names a limit: more than any order needs
    title = _("Reductions")
    row_name = _("Reduction %(position)s")
    add_label = _("Add a reduction")
    full_label = _("This form holds 50 reductions at most.")
    row_template = "admin/notifications/notification/rows/adjustment.html"


class ReceiptComposer(Composer):
    kind = Kind.RECEIPT
    template = "admin/notifications/notification/kinds/receipt.html"
    root_form = ReceiptForm
    constants = {"attachment.type": "template", f"{PAYLOAD}.template_type": "receipt"}
    lists = ((rows_of(Lines, LineForm), 1), (rows_of(Adjustments, AdjustmentForm), 0))
