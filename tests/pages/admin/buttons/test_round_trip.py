"""What is written in the editor is what is stored, and what is stored is what the editor shows."""

from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS
from pages.models import Button, Site
from tests.factories import ButtonFactory, SiteFactory
from tests.pages.admin.buttons.editing import ADDRESS, add_url, change_url, opened, rule, saved
from tests.people import client_as

pytestmark = pytest.mark.django_db

WEEK = [1, 2, 3, 4, 5]
# What is sent, and what is stored of it.
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "address": (
        {"what": "address", "operator": "starts_with", "value": " https://shop.example/é "},
        {"what": "address", "operator": "starts_with", "value": "https://shop.example/é"},
    ),
    "wildcards": (
        {"what": "address", "operator": "matches", "value": "*/p/??123*"},
        {"what": "address", "operator": "matches", "value": "*/p/??123*"},
    ),
    "device": (
        {"what": "device", "devices": ["mobile", "tablet"]},
        {"what": "device", "operator": "one_of", "value": ["tablet", "mobile"]},
    ),
    "time": (
        {"what": "time", "days": ["1", "2", "3", "4", "5"], "start": "08:00", "until": "19:30"},
        {"what": "time", "operator": "within", "value": {"days": WEEK, "from": "08:00", "until": "19:30"}},
    ),
    "time with seconds, across midnight": (
        {"what": "time", "days": ["7"], "start": "22:00:00", "until": "02:00:00"},
        {"what": "time", "operator": "within", "value": {"days": [7], "from": "22:00", "until": "02:00"}},
    ),
    "seconds on the page": (
        {"what": "seconds_on_page", "operator": "at_least", "value": "20"},
        {"what": "seconds_on_page", "operator": "at_least", "value": 20},
    ),
    "seconds on the site": (
        {"what": "seconds_on_site", "operator": "at_most", "value": "600"},
        {"what": "seconds_on_site", "operator": "at_most", "value": 600},
    ),
    "pages seen": (
        {"what": "pages_seen", "operator": "at_least", "value": "3"},
        {"what": "pages_seen", "operator": "at_least", "value": 3},
    ),
    "custom data as text": (
        {"what": "data:page_type", "operator": "is_not", "value": "cart"},
        {"what": "data:page_type", "operator": "is_not", "value": "cart"},
    ),
    "custom data that are given": (
        {"what": "data:page_type", "operator": "is_set", "value": "left over"},
        {"what": "data:page_type", "operator": "is_set", "value": ""},
    ),
    "custom data as a number, with a comma": (
        {"what": "data:cart_amount", "operator": "more_than", "value": "42,5"},
        {"what": "data:cart_amount", "operator": "more_than", "value": 42.5},
    ),
}


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory(
        custom_data=[{"name": "page_type", "type": "text"}, {"name": "cart_amount", "type": "number"}]
    )
    return made


def conditions(button: Button) -> list[list[dict[str, Any]]]:
    return [one.conditions for one in button.rules.all()]


def new(client: Client, site: Site, **fields: Any) -> Button:
    return saved(client, add_url(site), {**opened(client, add_url(site)), "name": "Alert", **fields})


@pytest.mark.parametrize("kind", KINDS)
def test_a_condition_of_each_kind_comes_back_as_it_was_written(administrator: Client, site: Site, kind: str) -> None:
    sent, stored = KINDS[kind]
    button = new(administrator, site, **rule(0, sent))
    assert conditions(button) == [[stored]]
    # Saved again as the editor shows it, nothing becomes another.
    again = saved(administrator, change_url(button), opened(administrator, change_url(button)))
    assert conditions(again) == [[stored]]


def test_a_new_button_with_all_it_can_have(administrator: Client, site: Site) -> None:
    button = new(
        administrator,
        site,
        kind="message_us",
        look="xlarge-white",
        placement="fixed",
        selector=" .product > .buy ",
        label_fr="Écrivez-nous ici",
        label_en="",
        wording_en="line\r\nline",
        wording_fr="",
        legacy="on",
    )
    assert (button.site, button.name, button.kind, button.enabled) == (site, "Alert", "message_us", True)
    assert (button.size, button.colour, button.placement, button.selector) == (
        "xlarge",
        "white",
        "fixed",
        ".product > .buy",
    )
    assert (button.labels, button.wordings) == ({"fr": "Écrivez-nous ici"}, {"en": "line\nline"})
    assert button.legacy


def test_a_new_button_proposes_a_wording_that_names_the_shop(administrator: Client) -> None:
    fields = opened(administrator, add_url(SiteFactory(name="Maison Lilas")))
    assert fields["wording_fr"].startswith("Maison Lilas vous écrira")
    assert fields["wording_en"].startswith("Maison Lilas will write")
    assert (fields["look"], fields["kind"], fields["enabled"]) == ("large-blue", "send_to_messenger", "on")


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
@pytest.mark.parametrize("colour", ["blue", "white"])
def test_each_of_the_six_looks_can_be_chosen(administrator: Client, size: str, colour: str) -> None:
    button = ButtonFactory(wordings={"en": "Agree"})
    url = change_url(button)
    saved(administrator, url, {**opened(administrator, url), "look": f"{size}-{colour}"})
    button.refresh_from_db()
    assert (button.size, button.colour) == (size, colour)
    assert opened(administrator, url)["look"] == f"{size}-{colour}"


def test_a_place_in_a_corner(administrator: Client, site: Site) -> None:
    button = new(administrator, site, corner="top-start", offset_x="0", offset_y="400")
    assert (button.placement, button.corner, button.offset_x, button.offset_y) == ("floating", "top-start", 0, 400)


def test_rules_keep_their_names_their_order_and_their_switch(administrator: Client, site: Site) -> None:
    rules = {**rule(0, ADDRESS, name="Off", enabled=None), **rule(1, ADDRESS), **rule(2, ADDRESS, name="Third")}
    button = new(administrator, site, **rules)
    assert [(one.name, one.enabled) for one in button.rules.all()] == [
        ("Off", False),
        ("Rule 2", True),
        ("Third", True),
    ]
    shown = opened(administrator, change_url(button))
    assert "rule-0-enabled" not in shown
    assert (shown["rule-1-name"], shown["rule-2-place"]) == ("Rule 2", "3")


def test_a_rule_may_compare_what_the_site_declares_no_more(administrator: Client, site: Site) -> None:
    button = new(administrator, site, **rule(0, KINDS["custom data as text"][0]))
    Site.objects.update(custom_data=[])
    saved(administrator, change_url(button), opened(administrator, change_url(button)))
    assert conditions(button) == [[KINDS["custom data as text"][1]]]


def test_twenty_rules_of_twenty_conditions_are_saved(administrator: Client, site: Site) -> None:
    many: dict[str, Any] = {}
    for number in range(20):
        many |= rule(number, *[ADDRESS] * 20)
    button = new(administrator, site, **many)
    assert [len(one) for one in conditions(button)] == [20] * 20


def test_rows_with_gaps_between_their_numbers_are_all_read(administrator: Client, site: Site) -> None:
    button = new(administrator, site, **rule(3, ADDRESS, name="A"), **rule(77, ADDRESS, name="B"))
    assert [one.name for one in button.rules.all()] == ["A", "B"]
