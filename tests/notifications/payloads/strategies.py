"""Hypothesis strategies: any message object that the models can hold, any JSON, and anything in between."""

import copy
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from notifications.payloads import Message, limits
from notifications.payloads.buttons import DefaultAction, PhoneNumberButton, PostbackButton, WebUrlButton
from notifications.payloads.carousel import Card, CarouselPayload
from notifications.payloads.image import ImageAttachment, ImagePayload
from notifications.payloads.message import TemplateAttachment
from notifications.payloads.placeholders import nearly
from notifications.payloads.receipt import Address, Adjustment, Line, ReceiptPayload, Summary

T = TypeVar("T")

LETTERS = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])


def words(most: int = 30) -> SearchStrategy[str]:
    """Without placeholders, and without what looks like one."""
    return plain(st.text(LETTERS, min_size=1, max_size=most).filter(str.strip))


def plain(texts: SearchStrategy[str]) -> SearchStrategy[str]:
    return texts.filter(lambda text: "{{" not in text and not nearly(text))


def maybe(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    return st.none() | strategy


URLS = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["shop.example", "écharpes.example:8443", "127.0.0.1", "[2001:db8::1]"]),
    plain(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=30)),
)
HTTPS_URLS = URLS.filter(lambda url: not url.startswith("http:"))
AMOUNTS = st.decimals(0, limits.AMOUNT.most, places=limits.DECIMALS.most)
CURRENCIES = st.text("ABCXYZ", min_size=3, max_size=3)


def _web_url(kind: type[DefaultAction], **more: SearchStrategy[Any]) -> SearchStrategy[Any]:
    common = {
        "type": st.just("web_url"),
        "webview_height_ratio": maybe(st.sampled_from(["compact", "tall", "full"])),
        **more,
    }
    return st.builds(kind, url=URLS, messenger_extensions=st.sampled_from([None, False]), **common) | st.builds(
        kind,
        url=HTTPS_URLS,
        messenger_extensions=st.just(True),
        **common,
    )


BUTTON_TITLES = words(limits.BUTTON_TITLE.most)
BUTTONS = st.one_of(
    _web_url(WebUrlButton, title=BUTTON_TITLES),
    st.builds(PostbackButton, type=st.just("postback"), title=BUTTON_TITLES, payload=words(40)),
    st.builds(
        PhoneNumberButton,
        type=st.just("phone_number"),
        title=BUTTON_TITLES,
        payload=st.from_regex(r"\+[0-9]{6,15}", fullmatch=True),
    ),
)
CARDS = st.builds(
    Card,
    title=words(limits.CARD_TITLE.most),
    subtitle=words(limits.CARD_SUBTITLE.most),
    image_url=maybe(URLS),
    default_action=maybe(_web_url(DefaultAction)),
    buttons=maybe(st.lists(BUTTONS, min_size=1, max_size=limits.CARD_BUTTONS.most).map(tuple)),
)
CAROUSELS = st.builds(
    CarouselPayload,
    template_type=st.just("generic"),
    elements=st.lists(CARDS, min_size=1, max_size=4).map(tuple),
    sharable=maybe(st.booleans()),
    image_aspect_ratio=maybe(st.sampled_from(["horizontal", "square"])),
)
LINES = st.builds(
    Line,
    title=words(),
    subtitle=maybe(plain(st.text(LETTERS, max_size=10))),
    quantity=maybe(st.integers(limits.QUANTITY.least, limits.QUANTITY.most)),
    price=AMOUNTS,
    currency=maybe(CURRENCIES),
    image_url=maybe(URLS),
)
ADDRESSES = st.builds(
    Address,
    street_1=words(),
    street_2=maybe(plain(st.text(LETTERS, max_size=10))),
    city=words(),
    postal_code=words(),
    state=words(),
    country=st.text("ABCabc", min_size=2, max_size=2),
)
SUMMARIES = st.builds(
    Summary, subtotal=maybe(AMOUNTS), shipping_cost=maybe(AMOUNTS), total_tax=maybe(AMOUNTS), total_cost=AMOUNTS
)
ADJUSTMENTS = st.builds(Adjustment, name=words(), amount=AMOUNTS | AMOUNTS.map(Decimal.copy_negate))
RECEIPTS = st.builds(
    ReceiptPayload,
    template_type=st.just("receipt"),
    recipient_name=words(),
    merchant_name=maybe(plain(st.text(LETTERS, max_size=10))),
    order_number=words(),
    currency=CURRENCIES,
    payment_method=words(),
    order_url=maybe(URLS),
    timestamp=maybe(st.from_regex("[0-9]{1,12}", fullmatch=True)),
    elements=maybe(st.lists(LINES, max_size=4).map(tuple)),
    address=maybe(ADDRESSES),
    summary=SUMMARIES,
    adjustments=maybe(st.lists(ADJUSTMENTS, max_size=3).map(tuple)),
    sharable=maybe(st.booleans()),
)
IMAGES = st.builds(ImagePayload, url=URLS, is_reusable=maybe(st.booleans()))
ATTACHMENTS = st.builds(ImageAttachment, type=st.just("image"), payload=IMAGES) | st.builds(
    TemplateAttachment, type=st.just("template"), payload=CAROUSELS | RECEIPTS
)
MESSAGES = st.builds(Message, text=maybe(words(400)), attachment=ATTACHMENTS) | st.builds(Message, text=words(400))

KEYS = st.sampled_from(
    ["text", "attachment", "type", "payload", "template_type", "elements", "buttons", "title", "url", "summary"]
) | st.text(max_size=8)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["image", "template", "generic", "receipt", "web_url", "postback", "https://a.example/"]),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
NOT_JSON = st.sampled_from([b"x", ("x",), {1}, {1: "x"}, Decimal("NaN"), Decimal("1e999"), 10**50, 1j])


@st.composite
def broken_messages(draw: st.DrawFn, values: SearchStrategy[Any] = JSON | NOT_JSON) -> object:
    """A valid body in which one place was replaced, removed, or given a neighbour."""
    body: Any = copy.deepcopy(draw(MESSAGES).as_dict())
    holders: list[Any] = []
    _collect(body, holders)
    holder = draw(st.sampled_from(holders))
    value = draw(values)
    if isinstance(holder, dict):
        key = draw(st.sampled_from(sorted(holder)) | KEYS)
        if draw(st.booleans()):
            holder[key] = value
        else:
            holder.pop(key, None)
    elif holder:
        holder[draw(st.integers(0, len(holder) - 1))] = value
    return body


def _collect(value: Any, holders: list[Any]) -> None:
    if isinstance(value, dict | list):
        holders.append(value)
        for item in value.values() if isinstance(value, dict) else value:
            _collect(item, holders)
