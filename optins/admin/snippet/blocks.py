"""What the shop pastes: the tag, and before it the custom data of a customer, an order and a stock alert."""

import json
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from optins.models import IdPattern
from optins.services.terms import ORDER, STOCK_ALERT
from optins.states import Purpose
from pages.models import Site

ACCOUNT = "FR-012345"
# What stands for the changing parts of an id in an example; any other part stands for itself.
_SAMPLES = {"number": "4711", "product": "AB123", "session": "k45332j9i54"}
_PART = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`name` is the id of its element; `code` goes into the shop's page as it is."""

    name: str
    title: str
    text: str
    code: str


def tag_url(site: Site) -> str:
    return f"{settings.PUBLIC_URL}/tag/{site.sid}.js"


def tag(site: Site) -> Block:
    return Block(
        name="tag",
        title=_("The tag, on every page"),
        text=_("Before </body>, after the custom data. It waits for nothing and nothing waits for it."),
        code=f'<script async src="{tag_url(site)}"></script>',
    )


def policy() -> Block:
    return Block(
        name="policy",
        title=_("For a shop with a Content-Security-Policy"),
        text=_("Add the address to these two directives. Inline styles and eval are not needed."),
        code=f"script-src {settings.PUBLIC_URL}; connect-src {settings.PUBLIC_URL}",
    )


def custom_data(site: Site) -> list[Block]:
    return [
        Block(
            name="customer",
            title=_("A customer who is logged in"),
            text=_("The customer's own number in your shop. Leave the id out for a visitor who is not logged in."),
            code=_declared("extId", ACCOUNT),
        ),
        Block(
            name="order",
            title=_("An order"),
            text=_("For somebody without an account: the id stands for this order alone."),
            code=_declared("social_notification_customer_id", _example(site, Purpose.TRANSACTIONAL, ORDER)),
        ),
        Block(
            name="alert",
            title=_("A stock alert"),
            text=_("The product and the visitor's session. One message uses the agreement up."),
            code=_declared("social_notification_customer_id", _example(site, Purpose.ALERT, STOCK_ALERT)),
        ),
    ]


def _example(site: Site, purpose: Purpose, otherwise: str) -> str:
    """An id as the site's first pattern for this purpose has it."""
    known = IdPattern.objects.filter(site=site, purpose=purpose).order_by("position", "pk").first()
    return _PART.sub(lambda part: _SAMPLES.get(part[1], part[1]), known.pattern if known else otherwise)


def _declared(name: str, value: str) -> str:
    said = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script>\n  window.idzCustomData = {{\n    "{name}": {said}\n  }};\n</script>'
