"""For everybody: keyboard, screen reader, right-to-left, little motion, few colours, and a page that does not jump."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.tag.conftest import Shop, Visitor, box_of, message_us
from tests.factories import ButtonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEND = "Send to Messenger"
RING = """one => {
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(one)
  return [outlineStyle, outlineWidth, boxShadow !== 'none']
}"""
SHIFTS = """window.shifts = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) shifts += one.value })
  .observe({type: 'layout-shift', buffered: true});"""


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_reaches_presses_and_comes_back(visitor: Visitor, shop: Shop, key: str) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(body="<a href='#'>Shop</a>"))
    button = visitor.page.get_by_role("button", name=SEND)
    expect(button).to_be_visible()

    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert button.evaluate(RING) == ["solid", "3px", True]

    with visitor.context.expect_page():
        visitor.page.keyboard.press(key)
    visitor.page.bring_to_front()
    dialog = visitor.page.get_by_role("dialog", name="Go on in Messenger")
    expect(dialog).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="Open Messenger")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_a_screen_reader_hears_names_roles_and_what_stands_beside(visitor: Visitor, shop: Shop) -> None:
    button = ButtonFactory(site=shop.site, wordings={"en": "We write when it is back."})
    button.texts.create(language="en", version=1, text="We write when it is back.", created_at=button.created_at)
    type(shop.site).objects.filter(pk=shop.site.pk).update(privacy_url="https://shop.example/privacy")
    message_us(shop.site, corner="bottom-start")
    visitor.page.goto(shop.page(body="<main>Shop</main>"))
    expect(visitor.page.get_by_role("button", name=SEND)).to_have_accessible_description(
        "We write when it is back. Privacy"
    )

    asks, welcomes = visitor.page.locator(".mb-floating").all()
    expect(asks).to_match_aria_snapshot(
        """
        - button "Send to Messenger"
        - paragraph:
          - text: We write when it is back.
          - link "Privacy"
        """
    )
    expect(welcomes).to_match_aria_snapshot('- link "Message us"')


@pytest.mark.parametrize(("html", "at_the_right"), [('lang="en"', True), ('lang="ar" dir="rtl"', False)])
def test_the_end_of_the_line_is_where_the_page_is_read_to(
    visitor: Visitor, shop: Shop, html: str, at_the_right: bool
) -> None:
    message_us(shop.site)
    visitor.page.goto(shop.page(html=html))
    link = visitor.page.get_by_role("link", name="Message us")
    expect(link).to_be_visible()

    box = box_of(link)
    assert (box["x"] + box["width"] if at_the_right else box["x"]) == pytest.approx(1256 if at_the_right else 24, abs=1)
    icon, label = (box_of(link.locator(part)) for part in (".mb-icon", ".mb-label"))
    assert (icon["x"] < label["x"]) == at_the_right


def test_who_wants_little_motion_sees_none(visits: Callable[..., Visitor], shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor = visits(reduced_motion="reduce")
    visitor.page.goto(shop.page())
    button = visitor.page.get_by_role("button", name=SEND)
    button.click()

    assert visitor.page.get_by_role("dialog").evaluate("one => getComputedStyle(one).animationName") == "none"
    assert button.evaluate("one => getComputedStyle(one).transitionDuration") in {"0s", "0.00001s"}


def test_few_colours_leave_a_border_and_the_sign(visits: Callable[..., Visitor], shop: Shop) -> None:
    ButtonFactory(site=shop.site, colour="white")
    visitor = visits(forced_colors="active")
    visitor.page.goto(shop.page())
    button = visitor.page.get_by_role("button", name=SEND)
    expect(button).to_be_visible()

    look = button.evaluate(
        """one => [getComputedStyle(one), getComputedStyle(one.firstChild, '::before')]
          .map(style => [style.borderTopColor, style.backgroundColor, style.color])"""
    )
    (border, ground, letters), (_, sign, _) = look
    assert border != ground
    assert letters != ground
    assert sign != ground


def test_a_floating_button_moves_nothing(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(f"window.idzCustomData = {{extId: 'a'}};{SHIFTS}", body="<p>Shop</p>" * 30))
    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()
    visitor.page.wait_for_timeout(600)
    visitor.page.get_by_role("button", name=SEND).click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    visitor.page.wait_for_timeout(600)

    assert visitor.page.evaluate("shifts") == 0


def test_a_fixed_button_moves_nothing_where_the_shop_kept_its_height_or_it_only_has_to_wait(
    visitor: Visitor, shop: Shop
) -> None:
    wait = {"what": "seconds_on_page", "operator": "at_least", "value": 2}
    message_us(shop.site, placement="fixed", selector="#kept", size="large")
    late = message_us(shop.site, wait, placement="fixed", selector="#waits", size="xlarge")
    body = '<div id="kept"></div><p>Shop</p><div id="waits"></div><p>More</p>' + "<p>Shop</p>" * 20
    css = "#kept { min-height: 44px } #waits { min-height: 56px }"
    visitor.page.goto(shop.page(SHIFTS, body=body, css=css))

    expect(visitor.page.locator(f'[data-button="{late.pk}"]')).to_be_visible()
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate("shifts") == 0


def test_it_fits_a_narrow_phone_with_large_letters(visits: Callable[..., Visitor], shop: Shop) -> None:
    label = "Prévenez-moi dès qu’il est de retour"
    ButtonFactory(site=shop.site, size="xlarge", labels={"fr": label})
    visitor = visits(viewport={"width": 320, "height": 568})
    visitor.page.goto(shop.page(html='lang="fr"', css="html { font-size: 200% }"))
    button = visitor.page.get_by_role("button", name=label)
    button.click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()

    for part in (button, visitor.page.get_by_role("dialog")):
        box = box_of(part)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320
