"""Every look as Chromium draws it: size, colours, and that it can be read."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pages.models.button import ButtonColour, ButtonKind, ButtonSize, Corner, Placement
from tests.browser.tag.conftest import Shop, new_site
from tests.browser.tag.shops import Shops
from tests.factories import ButtonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLUE, WHITE = (8, 102, 255), (255, 255, 255)
HEIGHTS = {"standard": 32, "large": 44, "xlarge": 56}
LETTERS = {"standard": 14, "large": 16, "xlarge": 19}
COLOURS = {"blue": (BLUE, WHITE), "white": (WHITE, BLUE)}  # letters, ground
LOOKS = list(product(ButtonSize.values, ButtonColour.values, Placement.values))
SEEN = """buttons => Object.fromEntries(buttons.map(button => {
  const style = getComputedStyle(button), box = button.getBoundingClientRect(), icon = button.querySelector('.mb-icon')
  return [button.dataset.button, {
    height: box.height, width: box.width, letters: style.fontSize, ink: style.color, ground: style.backgroundColor,
    border: style.borderTopColor, position: getComputedStyle(button.getRootNode().firstElementChild).position,
    icon: icon.getBoundingClientRect().width, name: button.textContent,
  }]
}))"""
# The shop's own styles say all they can against it.
LOUD = """button, a, span, p, div { font: 40px/3 cursive !important; color: red !important; background: lime !important;
  padding: 50px !important; border: 9px dotted red !important; text-transform: uppercase !important; }"""


@pytest.fixture(scope="module")
def seen(host: str, shops: Shops, browser: Browser) -> Iterator[dict[tuple[str, ...], dict[str, Any]]]:
    """What stands on one page that has all twelve."""
    site = new_site(shops)
    ids = {}
    for row, (size, colour, placement) in enumerate(LOOKS):
        facts = {"size": size, "colour": colour, "placement": placement, "selector": f"#place-{row}"}
        button = ButtonFactory(site=site, **facts, corner=Corner.values[row % 4], offset_y=10 + 60 * row)
        ids[str(button.pk)] = (size, colour, placement)
    body = "".join(f'<div id="place-{row}"></div>' for row in range(len(LOOKS)))
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(Shop(site=site, host=host, shops=shops).page(body=body, css=LOUD))
    buttons = page.locator("messenger-admin-buttons .mb")
    buttons.nth(len(LOOKS) - 1).wait_for()
    yield {ids[number]: facts for number, facts in buttons.evaluate_all(SEEN).items()}
    page.context.close()


def rgb(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.removeprefix("rgb(").removesuffix(")").split(","))


def luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(rgb(one)), luminance(rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("size", "colour", "placement"), LOOKS)
def test_a_look_is_as_the_administrator_chose_it(
    seen: dict[tuple[str, ...], dict[str, Any]], size: str, colour: str, placement: str
) -> None:
    facts = seen[size, colour, placement]

    assert facts["height"] == HEIGHTS[size]
    assert facts["letters"] == f"{LETTERS[size]}px"
    assert (rgb(facts["ink"]), rgb(facts["ground"])) == COLOURS[colour]
    assert rgb(facts["border"]) == BLUE
    assert contrast(facts["ink"], facts["ground"]) >= 4.5
    assert (facts["position"] == "fixed") == (placement == "floating")
    assert facts["name"] == "Send to Messenger"
    assert facts["icon"] == pytest.approx({"standard": 20, "large": 24, "xlarge": 30}[size], abs=0.1)


@pytest.mark.parametrize("background", ["#fff", "#0866ff", "#0b1020", "#e9e3d5"])
def test_a_button_brings_its_own_ground(browser: Browser, shop: Shop, background: str) -> None:
    """Its letters are read against itself, whatever the shop put behind it; so is the wording."""
    button = ButtonFactory(site=shop.site, kind=ButtonKind.SEND_TO_MESSENGER, wordings={"en": "We write to you."})
    button.texts.create(language="en", version=1, text="We write to you.", created_at=button.created_at)
    page: Page = browser.new_page()
    page.goto(shop.page(css=f"body {{ background: {background} }}"))

    for selector in (".mb", ".mb-wording"):
        style = page.locator(f"messenger-admin-buttons {selector}").evaluate(
            "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
        )
        assert contrast(*style) >= 4.5
    page.context.close()
