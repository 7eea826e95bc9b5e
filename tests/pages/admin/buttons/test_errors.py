"""What is wrong is said beside its field, in words, and nothing that was written is lost."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS
from pages.admin.buttons.selector import is_selector
from pages.models import Button, Site
from tests.factories import ButtonFactory, SiteFactory
from tests.pages.admin.buttons.editing import ADDRESS, add_url, change_url, fields_in, opened, refused, rule, saved
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory(
        custom_data=[{"name": "page_type", "type": "text"}, {"name": "cart_amount", "type": "number"}]
    )
    return made


def wrong(client: Client, site: Site, **fields: Any) -> dict[str, str]:
    errors = refused(client, add_url(site), {**opened(client, add_url(site)), "name": "Alert", **fields})
    assert not Button.objects.exists()
    return errors


BUTTONS: list[tuple[dict[str, str], str, str]] = [
    ({"name": " "}, "name", "required"),
    ({"name": "n" * 121}, "name", "at most 120"),
    ({"label_fr": "l" * 41}, "label_fr", "at most 40"),
    ({"wording_en": "w" * 601}, "wording_en", "at most 600"),
    ({"wording_en": "", "wording_fr": " "}, "wording_en", "Say who will write, why, and how to stop it"),
    ({"placement": "fixed"}, "selector", "Say which element of the page"),
    ({"placement": "fixed", "selector": "div["}, "selector", "This is no CSS selector"),
    ({"selector": "#a, , #b"}, "selector", "This is no CSS selector"),
    ({"selector": f"#{'a' * 500}"}, "selector", "at most 500"),
    ({"offset_x": "401"}, "offset_x", "less than or equal to 400"),
    ({"offset_y": "-1"}, "offset_y", "greater than or equal to 0"),
    ({"offset_y": "1.5"}, "offset_y", "whole number"),
    ({"offset_x": ""}, "offset_x", "required"),
    ({"kind": "like_us"}, "kind", "Select a valid choice"),
    ({"corner": "middle"}, "corner", "Select a valid choice"),
]


@pytest.mark.parametrize(("fields", "place", "words"), BUTTONS)
def test_a_wrong_field_says_so(
    administrator: Client, site: Site, fields: dict[str, str], place: str, words: str
) -> None:
    errors = wrong(administrator, site, **fields)
    assert list(errors) == [place]
    assert words in errors[place]


def test_a_look_that_is_none_says_so(administrator: Client, site: Site) -> None:
    page = administrator.post(add_url(site), {**opened(administrator, add_url(site)), "name": "A", "look": "huge-red"})
    assert "Select a valid choice" in page.text
    assert not Button.objects.exists()


def test_message_us_asks_for_no_wording(administrator: Client, site: Site) -> None:
    fields = {**opened(administrator, add_url(site)), "name": "A", "kind": "message_us"}
    assert saved(administrator, add_url(site), {**fields, "wording_en": "", "wording_fr": ""}).wordings == {}


CONDITIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"what": "address", "operator": "contains", "value": ""}, "value", "Fill in what it is compared with"),
    ({"what": "address", "operator": "contains", "value": "a" * 501}, "value", "Shorten this to 500"),
    ({"what": "address", "operator": "", "value": "/p/"}, "operator", "Choose how it is compared"),
    ({"what": "address", "operator": "at_least", "value": "3"}, "operator", "Choose how it is compared"),
    ({"what": "", "value": "/p/"}, "what", "Choose what is compared"),
    ({"what": "weather", "operator": "is", "value": "fair"}, "what", "Select a valid choice"),
    ({"what": "data:unknown", "operator": "is", "value": "a"}, "what", "Select a valid choice"),
    ({"what": "device"}, "devices", "Choose at least one device"),
    ({"what": "device", "devices": ["fridge"]}, "devices", "Select a valid choice"),
    ({"what": "time", "start": "08:00", "until": "19:00"}, "days", "Choose at least one day"),
    ({"what": "time", "days": ["1"], "start": "08:00", "until": "08:00"}, "start", "not the same one twice"),
    ({"what": "time", "days": ["1"], "start": "25:00", "until": "08:00"}, "start", "Give both times"),
    ({"what": "time", "days": ["1"], "start": "08:00", "until": ""}, "start", "Give both times"),
    ({"what": "seconds_on_page", "operator": "at_least", "value": "-1"}, "value", "not negative"),
    ({"what": "seconds_on_site", "operator": "at_least", "value": "1.5"}, "value", "whole number"),
    ({"what": "pages_seen", "operator": "at_least", "value": "many"}, "value", "Give a number"),
    ({"what": "pages_seen", "operator": "at_least", "value": "9" * 20}, "value", "Give a number"),
    ({"what": "data:cart_amount", "operator": "at_least", "value": "12 €"}, "value", "Give a number"),
    ({"what": "data:cart_amount", "operator": "contains", "value": "12"}, "operator", "Choose how it is compared"),
    ({"what": "data:page_type", "operator": "at_least", "value": "12"}, "operator", "Choose how it is compared"),
]


@pytest.mark.parametrize(("condition", "place", "words"), CONDITIONS)
def test_a_wrong_condition_says_so_in_its_row(
    administrator: Client, site: Site, condition: dict[str, Any], place: str, words: str
) -> None:
    errors = wrong(administrator, site, **rule(0, ADDRESS), **rule(1, ADDRESS, condition))
    assert list(errors) == [f"rule-1-1-{place}"]
    assert words in errors[f"rule-1-1-{place}"]


def test_a_rule_without_a_condition_is_no_rule(administrator: Client, site: Site) -> None:
    fields = {**opened(administrator, add_url(site)), "name": "A", **rule(0, name="Empty")}
    page = administrator.post(add_url(site), fields)
    assert "Add a condition, or remove this rule." in page.text
    assert not Button.objects.exists()


def test_more_conditions_or_rules_than_there_may_be(administrator: Client, site: Site) -> None:
    fields = {**opened(administrator, add_url(site)), "name": "A"}
    page = administrator.post(add_url(site), {**fields, **rule(0, *[ADDRESS] * 21)})
    assert "A rule may have 20 conditions; make two rules of it." in page.text
    many: dict[str, Any] = {}
    for number in range(21):
        many |= rule(number, ADDRESS)
    assert "A button may have 20 rules." in administrator.post(add_url(site), {**fields, **many}).text
    assert not Button.objects.exists()


def test_nothing_that_was_written_is_lost(administrator: Client, site: Site) -> None:
    hours = {"what": "time", "days": ["6", "7"], "start": "09:00", "until": "09:00"}
    sent = {
        **opened(administrator, add_url(site)),
        "name": "Alert",
        "look": "standard-white",
        "kind": "message_us",
        "label_fr": "Prévenez-moi",
        "offset_x": "x",
        **rule(0, {"what": "device", "devices": ["mobile"]}, hours, name="One", enabled=None),
        **rule(1, {**ADDRESS, "removed": "on"}, name="Two", removed="on"),
    }
    for name in ("enabled", "csrfmiddlewaretoken", "rules"):
        del sent[name]
    shown = fields_in(administrator.post(add_url(site), sent).text)
    assert {name: str(shown.get(name)) for name in sent} == {name: str(value) for name, value in sent.items()}
    assert "enabled" not in shown
    assert "rule-0-enabled" not in shown


def test_the_summary_leads_to_each_place(administrator: Client, site: Site) -> None:
    page = administrator.post(
        add_url(site),
        {
            **opened(administrator, add_url(site)),
            "name": "",
            "kind": "",
            **rule(0, {"what": "device"}, {"what": "time"}, name="Hours"),
            **rule(1, name="Empty"),
        },
    ).text
    summary = page.split("data-errors", 1)[1].split("</div>", 1)[0]
    assert "Hours, Devices" in summary
    anchors = re.findall(r'href="#([^"]+)"', summary)
    assert len(anchors) == 5
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


def test_a_pattern_made_to_be_slow_is_judged_at_once(administrator: Client) -> None:
    """The wildcards are walked, never searched: no pattern takes long, whatever its address."""
    button = ButtonFactory(wordings={"en": "Agree"})
    slow = {"what": "address", "operator": "matches", "value": "*a" * 200 + "b"}
    url = change_url(button)
    saved(administrator, url, {**opened(administrator, url), **rule(0, slow)})
    begun = time.monotonic()
    query = {"site": button.site_id, "address": "https://shop.example/" + "a" * 1_900, "customer_id": "FR-1"}
    response = administrator.get("/admin/pages/button/dry-run/", query)
    assert response.status_code == 200
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "text",
    ["#alert-me", ".product .buy", "[data-alert]", "main > p:nth-child(2)", 'a[href="/p"]', "a, b", ".w-1\\/2", "#é"],
)
def test_selectors(text: str) -> None:
    assert is_selector(text)


@pytest.mark.parametrize(
    "text",
    [
        "div[",
        "div]",
        ")(",
        "#",
        ".",
        "#1",
        "a >",
        "> a",
        "a,,b",
        ",a",
        "{}",
        "<p>",
        "a[]",
        "a:",
        '"a"',
        "[a='b]",
        "a..b",
    ],
)
def test_no_selectors(text: str) -> None:
    assert not is_selector(text)
