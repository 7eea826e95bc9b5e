"""What the tag is told: only what it may show, in the words of the contract."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.buttons.config import config
from pages.models import ButtonRule, Page, Site
from pages.models.button import ButtonKind
from pages.services import buttons
from pages.services.buttons import RuleWish
from pages.states import GatewayKind
from tests.factories import ButtonFactory, LinkFactory, PageFactory, SiteFactory

pytestmark = pytest.mark.django_db
HERE = [{"what": "address", "operator": "contains", "value": "/p/"}]


@pytest.fixture
def site(settings: Any) -> Site:
    settings.PUBLIC_URL, settings.M_ME_URL = "https://admin.example", "https://m.me"
    made: Site = SiteFactory(
        sid="501", privacy_url="https://shop.example/privacy", custom_data=[{"name": "cart_amount", "type": "number"}]
    )
    LinkFactory(site=made, page=PageFactory(page_id="322837607840703", gateway=GatewayKind.META))
    return made


def test_the_whole_of_it(site: Site) -> None:
    button = ButtonFactory.build(site=site, labels={"fr": "M’alerter"}, wordings={"fr": "Nous vous écrirons."})
    rules = [RuleWish(name="Products", enabled=True, conditions=[dict(one) for one in HERE])]
    buttons.save(button=button, rules=rules, actor=None, now=timezone.now())
    assert config(site) == {
        "v": 1,
        "sid": "501",
        "page": "322837607840703",
        "link": "https://m.me/322837607840703",
        "ask": "https://admin.example/tag/501/optin",
        "report": "https://admin.example/tag/501/report",
        "zone": "Europe/Paris",
        "privacy": "https://shop.example/privacy",
        "data": [{"name": "cart_amount", "type": "number"}],
        "buttons": [
            {
                "id": button.pk,
                "kind": "send_to_messenger",
                "size": "large",
                "colour": "blue",
                "placement": "floating",
                "selector": "",
                "corner": "bottom-end",
                "x": 24,
                "y": 24,
                "labels": {"en": "Send to Messenger", "fr": "M’alerter"},
                "wordings": {"fr": {"id": button.texts.get().pk, "text": "Nous vous écrirons."}},
                "legacy": False,
                "rules": [HERE],
            }
        ],
    }


def test_it_is_the_same_bytes_each_time(site: Site) -> None:
    for _ in range(3):
        ButtonFactory(site=site)
    assert json.dumps(config(site)) == json.dumps(config(site))


def test_what_is_switched_off_is_left_out(site: Site) -> None:
    ButtonFactory(site=site, enabled=False)
    assert config(site)["buttons"] == []


@pytest.mark.parametrize(("on", "told"), [((), None), ((False,), []), ((False, True), [HERE])])
def test_no_rule_is_not_the_same_as_rules_that_are_all_off(site: Site, on: tuple[bool, ...], told: object) -> None:
    button = ButtonFactory(site=site)
    for place, enabled in enumerate(on):
        ButtonRule.objects.create(button=button, name="x", enabled=enabled, conditions=HERE, position=place)
    assert config(site)["buttons"][0]["rules"] == told


@pytest.mark.parametrize("gateway", [GatewayKind.IADVIZE, GatewayKind.SANDBOX])
def test_a_page_that_goes_through_iadvize_has_no_button_that_asks_for_consent(site: Site, gateway: str) -> None:
    Page.objects.update(gateway=gateway)
    ButtonFactory(site=site)
    ButtonFactory(site=site, kind=ButtonKind.MESSAGE_US)
    assert [button["kind"] for button in config(site)["buttons"]] == ["message_us"]


def test_without_a_page_there_is_nothing_to_open() -> None:
    button = ButtonFactory()
    told = config(button.site)
    assert (told["page"], told["link"], told["buttons"]) == ("", "", [])


def test_the_newest_wording_is_told_and_one_that_was_taken_away_is_not(site: Site) -> None:
    button = ButtonFactory(site=site)
    for wordings in ({"en": "one", "fr": "un"}, {"en": "two", "fr": "un"}, {"en": "two"}):
        button.wordings = wordings
        buttons.save(button=button, rules=[], actor=None, now=timezone.now())
    told = config(site)["buttons"][0]["wordings"]
    assert {language: text["text"] for language, text in told.items()} == {"en": "two"}


def test_more_buttons_ask_no_more_of_the_database(site: Site) -> None:
    counts = []
    for _ in range(2):
        ButtonFactory(site=site)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            config(site)
        counts.append(len(asked))
    assert counts[0] == counts[1]
