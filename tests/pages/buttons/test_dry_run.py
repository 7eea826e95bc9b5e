"""A dry run names what says no: the first thing that keeps a button away, and a condition for each rule."""

from datetime import datetime

import pytest

from pages.buttons.config import with_rules
from pages.buttons.dry_run import Reason, Verdict, customer_id_of, judge
from pages.buttons.targeting import Visit
from pages.models import Button, ButtonRule, Page
from pages.models.button import ButtonKind
from pages.states import GatewayKind
from tests.factories import ButtonFactory, PageFactory

pytestmark = pytest.mark.django_db
VISIT = Visit(address="https://shop.example/p/1", device="mobile", at=datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001
HOLDS = {"what": "address", "operator": "contains", "value": "/p/"}
SAYS_NO = {"what": "device", "operator": "one_of", "value": ["desktop"]}


@pytest.fixture
def page() -> Page:
    made: Page = PageFactory(gateway=GatewayKind.META)
    return made


def rule(button: Button, *conditions: object, enabled: bool = True) -> None:
    ButtonRule.objects.create(button=button, name="R", conditions=list(conditions), enabled=enabled)


def verdict(page: Page | None, customer_id: str = "FR-1") -> Verdict:
    found = judge(buttons=list(with_rules(Button.objects.all())), page=page, visit=VISIT, customer_id=customer_id)
    return found[0]


def test_a_button_without_rules_shows(page: Page) -> None:
    ButtonFactory()
    assert verdict(page).shown


def test_one_rule_that_holds_is_enough(page: Page) -> None:
    button = ButtonFactory()
    rule(button, SAYS_NO)
    rule(button, HOLDS)
    assert verdict(page).shown
    assert [one.no for one in verdict(page).rules] == [SAYS_NO, None]


def test_of_each_rule_the_condition_that_says_no_is_named(page: Page) -> None:
    button = ButtonFactory()
    rule(button, HOLDS, SAYS_NO)
    rule(button, {**HOLDS, "value": "/cart"})
    said = verdict(page)
    assert said.reason == Reason.RULES
    assert [one.no for one in said.rules] == [SAYS_NO, {**HOLDS, "value": "/cart"}]


def test_a_rule_that_is_off_does_not_count(page: Page) -> None:
    rule(ButtonFactory(), HOLDS, enabled=False)
    assert verdict(page).reason == Reason.RULES_OFF


def test_a_button_that_is_off(page: Page) -> None:
    ButtonFactory(enabled=False)
    assert verdict(page).reason == Reason.OFF


def test_without_a_page() -> None:
    ButtonFactory()
    assert verdict(None).reason == Reason.NO_PAGE


def test_through_iadvize_nothing_asks_for_consent() -> None:
    ButtonFactory()
    assert verdict(PageFactory(gateway=GatewayKind.IADVIZE)).reason == Reason.THROUGH_IADVIZE


def test_without_an_id_only_message_us_shows(page: Page) -> None:
    button = ButtonFactory()
    assert verdict(page, "").reason == Reason.NO_CUSTOMER_ID
    Button.objects.filter(pk=button.pk).update(kind=ButtonKind.MESSAGE_US)
    assert verdict(page, "").shown


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"social_notification_customer_id": " order-7 ", "extId": "FR-1"}, "order-7"),
        ({"extID": "FR-1"}, "FR-1"),
        ({"EXTID": 17}, "17"),
        ({"social_notification_customer_id": "", "extid": "FR-1"}, "FR-1"),
        ({"extId": True}, ""),
        ({"cart": "FR-1"}, ""),
    ],
)
def test_the_id_is_read_as_the_tag_reads_it(data: dict[str, object], found: str) -> None:
    assert customer_id_of(data) == found
