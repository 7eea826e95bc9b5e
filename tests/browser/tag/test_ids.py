"""Under which customer_id a visitor is asked, and what is wrong with an id: told to the shop's team alone."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from optins.models import IdUse, Invitation, TagFinding
from optins.services import findings
from tests.browser.tag.conftest import Shop, Visitor, message_us
from tests.factories import ButtonFactory
from tests.support.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IDS = json.loads((Path(__file__).parents[2] / "data" / "customer_ids.json").read_text(encoding="utf-8"))
SEND = "Send to Messenger"
# What no JSON can hold: how a shop's own script spells its mistakes.
SPELT = [
    ("12345678901234567890", "number"),
    ("undefined", ""),
    ("null", ""),
    ("''", ""),
    ("{}", "nothing"),
    ("NaN", "number"),
    ("true", "nothing"),
    ("12345", "id"),
]


def found_on(shop: Shop) -> set[str]:
    return set(TagFinding.objects.filter(site=shop.site).values_list("code", flat=True))


def test_every_id_of_the_table_brings_the_button_or_a_word_to_the_administrator(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    welcome = message_us(shop.site, corner="bottom-start")
    visitor.page.goto(shop.page(""))
    expect(visitor.page.get_by_role("link", name="Message us")).to_be_visible()
    wrong = []
    for name, mistake in IDS:
        visitor.page.evaluate("id => { window.idzCustomData = {extId: id}; messengerAdmin.refresh() }", name)
        shown = visitor.page.get_by_role("button", name=SEND).count() == 1
        if shown != (mistake == "") or welcome.pk not in visitor.buttons():
            wrong.append(name)

    assert not wrong
    mistakes = {mistake for _, mistake in IDS} - {""}
    wait_for(lambda: found_on(shop) == mistakes, "the administrator is told of each", seconds=10)
    # The visitor is told nothing: no dialog, and no word of it on the page.
    expect(visitor.page.locator("messenger-admin-sheet")).to_have_count(0)


@pytest.mark.parametrize(("spelt", "verdict"), SPELT)
def test_what_a_script_declares_is_read_as_it_stands(visitor: Visitor, shop: Shop, spelt: str, verdict: str) -> None:
    ButtonFactory(site=shop.site)
    message_us(shop.site, corner="bottom-start")
    visitor.page.goto(shop.page(f"window.idzCustomData = {{extId: {spelt}}};"))
    expect(visitor.page.get_by_role("link", name="Message us")).to_be_visible()

    expect(visitor.page.get_by_role("button", name=SEND)).to_have_count(1 if verdict == "id" else 0)
    if verdict not in {"", "id"}:
        wait_for(lambda: found_on(shop) == {verdict}, "the administrator is told", seconds=10)


@pytest.mark.parametrize("name", ["extId", "extID", "EXTID", "extid", "ExtId", "Social_Notification_Customer_ID"])
def test_an_id_counts_in_any_spelling(visitor: Visitor, shop: Shop, name: str) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page(f"window.idzCustomData = {{{name}: 'FR-1'}};"))

    expect(visitor.page.get_by_role("button", name=SEND)).to_be_visible()


def test_the_id_for_notifications_goes_before_the_customers_own(visitor: Visitor, shop: Shop) -> None:
    ButtonFactory(site=shop.site)
    visitor.page.goto(shop.page("window.idzCustomData = {extId: 'FR-1', social_notification_customer_id: 'order-9'};"))

    visitor.page.get_by_role("button", name=SEND).click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()

    assert Invitation.objects.get(site=shop.site).customer_id == "order-9"


def test_an_id_that_everybody_has_is_told_to_the_administrator_and_not_to_the_visitor(
    visitor: Visitor, shop: Shop
) -> None:
    ButtonFactory(site=shop.site)
    facts = {"site": shop.site, "id_digest": findings._digest(shop.site, "order-1"), "at": timezone.now()}
    IdUse.objects.bulk_create(IdUse(**facts, client_digest=str(one)) for one in range(findings.CLIENTS - 1))
    visitor.page.goto(shop.page())

    visitor.page.get_by_role("button", name=SEND).click()

    expect(visitor.page.get_by_role("heading", name="Go on in Messenger")).to_be_visible()
    assert found_on(shop) == {"same_id"}


def test_reports_reach_us_from_a_shop_that_tells_no_referrer_and_say_nothing_of_the_page(
    visitor: Visitor, shop: Shop
) -> None:
    ButtonFactory(site=shop.site)
    page = shop.page("window.idzCustomData = {extId: '{{id}}'};", headers={"Referrer-Policy": "no-referrer"})

    visitor.page.goto(f"{page}account?mail=claire@shop.example#orders")

    wait_for(lambda: found_on(shop) == {"placeholder"}, "the administrator is told", seconds=10)
    (told,) = [request for request in visitor.requests if request.url.endswith("/report")]
    assert json.loads(told.post_data or "") == {"what": "placeholder", "detail": ""}
    assert not TagFinding.objects.filter(site=shop.site).exclude(address="").exists()
