"""A campaign in a browser: numbers that move while it sends, and a form that counts while it is filled in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from messenger_admin.roles import ADMINISTRATORS
from notifications.models import Campaign, Delivery, Heartbeat, Tally
from notifications.states import CampaignState, DeliveryState, Halt
from tests.browser.conftest import log_in
from tests.factories import (
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    TallyFactory,
)
from tests.people import client_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def page_of(campaign: Campaign) -> str:
    return reverse("admin:notifications_campaign_change", args=[campaign.pk])


@pytest.fixture
def running(marketing_page: Page) -> Campaign:
    """A campaign of a hundred, a quarter done, open in the browser."""
    Heartbeat.objects.create(name="worker", seen_at=timezone.now() + timedelta(hours=1))
    campaign: Campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, queued=75, sent=25)
    marketing_page.goto(page_of(campaign))
    return campaign


def test_the_bar_moves_while_it_sends(marketing_page: Page, running: Campaign) -> None:
    bar = marketing_page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "25")
    Tally.objects.update(queued=40, sent=55, failed=5)
    expect(bar).to_have_attribute("aria-valuenow", "60")
    expect(bar.locator("[data-tone=good]")).to_have_attribute("style", re.compile(r"width: 55%"))
    expect(marketing_page.locator("[data-count=failed]")).to_have_text("5")
    expect(marketing_page.locator("[data-summary]")).to_have_text("60 of 100")


def test_the_rate_is_measured_as_it_goes(marketing_page: Page, running: Campaign) -> None:
    for sent in (30, 35, 40, 45):
        Tally.objects.update(queued=100 - sent, sent=sent)
        expect(marketing_page.locator("[data-count=sent]")).to_have_text(str(sent))
    expect(marketing_page.locator("[data-pace]")).to_have_text(re.compile(r"^[\d.]+ a second · about .* left"))


def test_the_page_ends_with_the_campaign_and_asks_no_more(marketing_page: Page, running: Campaign) -> None:
    Tally.objects.update(queued=0, sent=100)
    Campaign.objects.update(state=CampaignState.FINISHED, finished_at=timezone.now())
    expect(marketing_page.get_by_text("It ended on")).to_be_visible()
    expect(marketing_page.get_by_role("link", name="Pause")).to_have_count(0)
    asked: list[str] = []
    marketing_page.on("request", lambda request: asked.append(request.url))
    marketing_page.wait_for_timeout(1500)
    assert not asked


def test_a_scheduled_campaign_wakes_when_it_is_launched(marketing_page: Page) -> None:
    later = timezone.now() + timedelta(hours=1)
    campaign = CampaignFactory(state=CampaignState.SCHEDULED, content=ContentFactory(), scheduled_for=later)
    marketing_page.goto(page_of(campaign))
    expect(marketing_page.get_by_text("It starts by itself on")).to_be_visible()
    marketing_page.wait_for_timeout(1500)
    Campaign.objects.update(state=CampaignState.RUNNING, launched_at=timezone.now(), audience_ceiling=0)
    expect(marketing_page.get_by_text("It has been going out since")).to_be_visible()


def test_a_lost_connection_is_said_and_mends_itself(marketing_page: Page, running: Campaign) -> None:
    marketing_page.route("**/progress.json*", lambda route: route.abort())
    expect(marketing_page.get_by_text("The connection is lost")).to_be_visible()
    marketing_page.unroute("**/progress.json*")
    Tally.objects.update(queued=0, sent=100)
    expect(marketing_page.locator("[data-count=sent]")).to_have_text("100")
    expect(marketing_page.get_by_text("The connection is lost")).to_be_hidden()


def test_the_form_counts_and_says_the_zone_as_it_is_filled_in(marketing_page: Page) -> None:
    page = LinkedPageFactory(name="Apparel")
    OptInFactory.create_batch(2, page=page)
    OptInFactory(page=page, customer_id="instock-AB123-1")
    NotificationFactory(name="Back in stock", body={"text": "It is back!"})
    marketing_page.goto(reverse("admin:notifications_campaign_add"))
    expect(marketing_page.get_by_text("Choose a page to see")).to_be_visible()
    expect(marketing_page.locator("[name=audience_prefix]")).to_be_hidden()
    marketing_page.locator("select[name=page]").select_option(str(page.pk))
    expect(marketing_page.get_by_text("3 customers will receive it.")).to_be_visible()
    marketing_page.get_by_label("Those whose customer_id begins with").check()
    marketing_page.locator("[name=audience_prefix]").fill("instock-")
    expect(marketing_page.get_by_text("1 customer will receive it.")).to_be_visible()
    marketing_page.get_by_label("At a set time").check()
    expect(marketing_page.locator(".field-launch_at")).to_contain_text("Europe/Paris")
    marketing_page.locator(".select2-selection").click()
    marketing_page.get_by_role("option", name="Back in stock").click()
    expect(marketing_page.get_by_text("It is back!")).to_be_visible()


def test_how_it_is_sent_is_folded_into_one_line_that_follows_the_fields(marketing_page: Page) -> None:
    page = LinkedPageFactory(messages_per_second=40)
    OptInFactory.create_batch(2, page=page)
    marketing_page.goto(reverse("admin:notifications_campaign_add"))
    fold = marketing_page.locator(".ledger-folded summary")
    expect(fold).to_contain_text("At the page's pace · at any hour · pauses at 20% of failures")
    expect(marketing_page.locator("[name=messages_per_second]")).to_be_hidden()
    marketing_page.locator("select[name=page]").select_option(str(page.pk))
    fold.focus()
    marketing_page.keyboard.press("Enter")
    expect(marketing_page.locator("[data-page-pace-said]")).to_have_text("at most 40 a second")
    marketing_page.locator("[name=messages_per_second]").fill("1")
    marketing_page.locator("[name=quiet_from]").fill("22:00")
    marketing_page.locator("[name=quiet_until]").fill("08:00")
    marketing_page.locator("[name=canary_size]").fill("1")
    line = "At most 1 a second · quiet from 22:00 to 08:00 (Europe/Paris) · pauses after the first 1"
    expect(fold).to_contain_text(line)
    expect(marketing_page.get_by_text("After the first 1 it pauses")).to_be_visible()


def test_what_happens_when_its_time_is_missed_is_asked_only_of_a_set_time(marketing_page: Page) -> None:
    marketing_page.goto(reverse("admin:notifications_campaign_add"))
    asked = marketing_page.get_by_text("If its time was missed")
    expect(asked).to_be_hidden()
    marketing_page.get_by_label("At a set time").check()
    expect(asked).to_be_visible()


def test_a_mistake_opens_what_was_folded_and_keeps_what_was_typed(marketing_page: Page) -> None:
    marketing_page.goto(reverse("admin:notifications_campaign_add"))
    marketing_page.locator("[name=name]").fill("Autumn sale")
    marketing_page.locator(".ledger-folded summary").click()
    marketing_page.locator("[name=quiet_from]").fill("22:00")
    marketing_page.get_by_role("button", name="Save the draft").click()
    expect(marketing_page.get_by_text("Quiet hours have two ends")).to_be_visible()
    expect(marketing_page.locator("[name=quiet_from]")).to_have_value("22:00")
    expect(marketing_page.locator("[name=name]")).to_have_value("Autumn sale")


def test_the_page_draws_itself_anew_when_the_campaign_pauses_by_itself(marketing_page: Page, running: Campaign) -> None:
    detail = {"failed": 37, "ended": 60}
    Campaign.objects.update(state=CampaignState.PAUSED, halt=Halt.FAILURES, halt_detail=detail)
    expect(marketing_page.get_by_text("37 of the latest 60 failed or are in doubt.")).to_be_visible()
    expect(marketing_page.get_by_role("link", name="Resume")).to_be_visible()


def test_a_running_campaign_is_slowed_down_on_its_page(marketing_page: Page, running: Campaign) -> None:
    marketing_page.get_by_text("Change it").click()
    marketing_page.get_by_label("Messages per second").fill("5")
    marketing_page.get_by_role("button", name="Send it like this").click()
    expect(marketing_page.get_by_text("Its own, at most 5 a second")).to_be_visible()


def test_to_send_doubts_again_by_itself_is_confirmed_where_it_is_chosen(browser_page: Page) -> None:
    log_in(browser_page, client_as(ADMINISTRATORS))
    page = LinkedPageFactory()
    browser_page.goto(reverse("admin:pages_page_change", args=[page.pk]))
    confirm = browser_page.locator("[name=doubts_understood]")
    expect(confirm).to_be_hidden()
    expect(browser_page.locator("[name=doubt_minutes]")).to_be_hidden()
    browser_page.get_by_label("Send it again, once.").check()
    expect(confirm).to_be_visible()
    browser_page.get_by_role("button", name="Save", exact=True).click()
    expect(browser_page.get_by_text("Tick this to let messages be sent again")).to_be_visible()
    confirm.check()
    browser_page.get_by_role("button", name="Save", exact=True).click()
    expect(browser_page.get_by_text("was changed successfully")).to_be_visible()


def test_a_delivery_s_page_follows_it_to_its_end(marketing_page: Page) -> None:
    delivery = DeliveryFactory(optin__customer_id="FR-012345")
    marketing_page.goto(reverse("admin:notifications_delivery_change", args=[delivery.pk]))
    expect(marketing_page.get_by_text("Waiting since")).to_be_visible()
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now(), attempts=1)
    expect(marketing_page.get_by_text("at the first try.")).to_be_visible()
