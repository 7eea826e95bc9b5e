"""The dry run: a visit is described, and each button says whether it would appear, and which condition says no."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, SUPPORT
from pages.models import AuditEntry, Button, ButtonRule, Site
from pages.states import GatewayKind
from tests.factories import ButtonFactory, ConnectedPageFactory, LinkedPageFactory, SiteFactory
from tests.pages.admin.buttons.editing import change_url
from tests.people import client_as
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db

DRY_RUN = reverse("admin:pages_button_dry_run")
DATA = [{"name": "page_type", "type": "text"}, {"name": "cart_amount", "type": "number"}]
# A Monday.
VISIT: dict[str, str] = {
    "address": "https://shop.example/p/AB123",
    "device": "mobile",
    "at": "2026-11-23T09:30",
    "language": "en",
    "seconds_on_page": "10",
    "seconds_on_site": "65,5",
    "pages_seen": "3",
    "customer_id": "FR-1",
    "datum-cart_amount": "42.5",
}


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def site() -> Site:
    made: Site = ConnectedPageFactory().site
    made.custom_data = DATA
    made.save()
    return made


def button(site: Site, *conditions: dict[str, Any], **values: Any) -> Button:
    made: Button = ButtonFactory(site=site, name="Alert", **values)
    if conditions:
        ButtonRule.objects.create(button=made, name="Only then", conditions=list(conditions))
    return made


def asked(client: Client, site: Site, **visit: str) -> Any:
    response = client.get(DRY_RUN, {**VISIT, "site": str(site.pk), **visit})
    assert response.status_code == 200
    return response


def lines(response: Any) -> list[tuple[str, bool]]:
    return [(line.button.name, line.shown) for line in response.context["results"]]


NOS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"what": "address", "operator": "starts_with", "value": "https://shop.example/cart"},
        "Address of the page starts with “https://shop.example/cart”",
        "https://shop.example/p/AB123",
    ),
    (
        {"what": "address", "operator": "matches", "value": "*/cart/*"},
        "Address of the page matches “*/cart/*”",
        "https://shop.example/p/AB123",
    ),
    (
        {"what": "device", "operator": "one_of", "value": ["desktop", "tablet"]},
        "Device: Computer or Tablet",
        "Telephone",
    ),
    (
        {"what": "time", "operator": "within", "value": {"days": [1, 2], "from": "10:00", "until": "19:00"}},
        "Day and time: Monday, Tuesday, 10:00–19:00",
        "Monday 23 November 2026, 09:30",
    ),
    (
        {
            "what": "time",
            "operator": "within",
            "value": {"days": [1, 2, 3, 4, 5, 6, 7], "from": "22:00", "until": "02:00"},
        },
        "Day and time: every day, 22:00–02:00",
        "Monday 23 November 2026, 09:30",
    ),
    (
        {"what": "seconds_on_page", "operator": "at_least", "value": 20},
        "Seconds on the page is at least 20",
        "10",
    ),
    ({"what": "seconds_on_site", "operator": "at_most", "value": 60}, "Seconds on the site is at most 60", "65.5"),
    ({"what": "pages_seen", "operator": "at_least", "value": 4}, "Pages seen is at least 4", "3"),
    ({"what": "data:page_type", "operator": "is", "value": "cart"}, "page_type is “cart”", "nothing"),
    ({"what": "data:page_type", "operator": "is_set", "value": ""}, "page_type is given", "nothing"),
    ({"what": "data:cart_amount", "operator": "more_than", "value": 42.5}, "cart_amount is more than 42.5", "42.5"),
]


@pytest.mark.parametrize(("condition", "words", "here"), NOS)
def test_each_kind_of_condition_says_no_in_words(
    administrator: Client, site: Site, condition: dict[str, Any], words: str, here: str
) -> None:
    button(site, {"what": "device", "operator": "one_of", "value": ["mobile"]}, condition)
    response = asked(administrator, site)
    [line] = response.context["results"]
    [said] = line.rules
    assert (line.shown, said.name, said.no, said.here) == (False, "Only then", words, here)
    assert "None of its rules holds." in response.text
    assert f"says no: {words}" in response.text


def test_the_same_in_french(administrator: Client, site: Site) -> None:
    button(site, {"what": "data:cart_amount", "operator": "at_least", "value": 80.5})
    administrator.cookies["django_language"] = "fr"
    [line] = asked(administrator, site).context["results"]
    assert (line.rules[0].no, line.rules[0].here) == ("cart_amount vaut au moins 80,5", "42.5")


def test_those_that_appear_come_first_and_look_as_they_would(administrator: Client, site: Site) -> None:
    button(site, {"what": "device", "operator": "one_of", "value": ["desktop"]})
    ButtonFactory(site=site, name="Shown", size="xlarge", colour="white", labels={"en": "Ring me", "fr": "Ici"})
    response = asked(administrator, site, language="fr")
    assert lines(response) == [("Shown", True), ("Alert", False)]
    assert '<span class="mb mb-white mb-xlarge">' in response.text
    assert '<span class="mb-label">Ici</span>' in response.text


def test_the_rule_by_which_a_button_appears_is_named(administrator: Client, site: Site) -> None:
    made = button(site, {"what": "device", "operator": "one_of", "value": ["desktop"]})
    ButtonRule.objects.create(button=made, name="Holds", conditions=[], position=1)
    ButtonRule.objects.create(button=made, name="Off", conditions=[], position=2, enabled=False)
    [line] = asked(administrator, site).context["results"]
    assert line.shown
    assert [(rule.name, rule.enabled, bool(rule.no)) for rule in line.rules] == [
        ("Only then", True, True),
        ("Holds", True, False),
        ("Off", False, False),
    ]


def test_a_button_that_is_off_says_what_it_would_do(administrator: Client, site: Site) -> None:
    """So that it can be tried before visitors see it."""
    made = button(site, enabled=False)
    assert "It is switched off. Switched on, it would appear." in asked(administrator, site).text
    ButtonRule.objects.create(
        button=made, name="R", conditions=[{"what": "pages_seen", "operator": "at_least", "value": 9}]
    )
    text = asked(administrator, site).text
    assert "Switched on, it would not appear either: None of its rules holds." in text
    assert "Pages seen is at least 9" in text


def test_what_keeps_every_button_away_is_said(administrator: Client, site: Site) -> None:
    button(site)
    assert "The page names no customer" in asked(administrator, site, customer_id="").text
    alone = SiteFactory()
    ButtonFactory(site=alone)
    assert "has no Facebook page" in asked(administrator, alone).text
    through = LinkedPageFactory(gateway=GatewayKind.IADVIZE).site
    ButtonFactory(site=through)
    assert "go through iAdvize" in asked(administrator, through).text


def test_the_customer_is_read_from_the_custom_data_as_the_tag_does(administrator: Client, site: Site) -> None:
    button(site)
    response = asked(administrator, site, customer_id="", more='{"extID": "FR-7"}')
    assert lines(response) == [("Alert", True)]


def test_fields_go_before_the_json(administrator: Client, site: Site) -> None:
    button(site, {"what": "data:cart_amount", "operator": "equals", "value": 42.5})
    assert lines(asked(administrator, site, more='{"cart_amount": 1}')) == [("Alert", True)]
    assert lines(asked(administrator, site, more='{"cart_amount": 42.5}', **{"datum-cart_amount": ""})) == [
        ("Alert", True)
    ]


def test_what_was_found_is_shown_as_the_page_declares_it(administrator: Client, site: Site) -> None:
    button(site, {"what": "data:page_type", "operator": "is", "value": "cart"})
    [line] = asked(administrator, site, more='{"page_type": {"a": ["é", true]}}').context["results"]
    assert line.rules[0].here == '{"a": ["é", true]}'


def test_the_site_s_own_clock_counts(administrator: Client) -> None:
    site = ConnectedPageFactory().site
    site.timezone = "America/Toronto"
    site.save()
    form = administrator.get(DRY_RUN, {"site": site.pk}).context["form"]
    shown = datetime.fromisoformat(form["at"].value()).replace(tzinfo=site.zone)
    assert abs(timezone.now() - shown) < timedelta(minutes=2)
    assert "America/Toronto" in form.fields["at"].help_text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("more", "{", "can’t be read from line 1, character 2"),
        ("more", '{"a": 1,\n oops}', "can’t be read from line 2, character 2"),
        ("more", "[1]", "This is no JSON object"),
        ("more", "12", "This is no JSON object"),
        ("more", "[" * 15_000, "that long or that deep"),
        ("more", "9" * 5_000, "that long or that deep"),
        ("more", "x" * 20_001, "at most 20000"),
        ("at", "tomorrow", "Enter a valid date/time"),
        ("device", "fridge", "Select a valid choice"),
        ("language", "xx", "Select a valid choice"),
        ("seconds_on_page", "-1", "greater than or equal to 0"),
        ("seconds_on_site", "soon", "Enter a number"),
        ("pages_seen", "0", "greater than or equal to 1"),
        ("pages_seen", "1.5", "whole number"),
        ("address", "a" * 2_001, "at most 2000"),
    ],
)
def test_a_wrong_field_says_so_and_the_rest_stays(
    administrator: Client, site: Site, field: str, value: str, words: str
) -> None:
    button(site)
    response = asked(administrator, site, **{field: value})
    errors = read_errors(response.text)
    assert list(errors) == [f"id_{field}"]
    assert words in errors[f"id_{field}"]
    assert response.context["results"] is None
    assert "Mend the fields in red" in response.text
    assert f'href="#id_{field}"' in response.text
    assert response.context["form"]["customer_id"].value() == "FR-1"


@pytest.mark.parametrize("value", ["1e999", "-1e999", "NaN", str(10**400)])
def test_a_number_that_is_none_is_nothing(administrator: Client, site: Site, value: str) -> None:
    button(
        site,
        {"what": "data:other", "operator": "at_least", "value": 1},
        {"what": "data:other", "operator": "is", "value": "1"},
    )
    assert lines(asked(administrator, site, more=f'{{"other": {value}}}')) == [("Alert", False)]


def test_the_visit_stays_beside_its_result(administrator: Client, site: Site) -> None:
    button(site)
    form = asked(administrator, site, more='{"a": 1}').context["form"]
    assert {name: form[name].value() for name in VISIT} == VISIT
    assert form["more"].value() == '{"a": 1}'


def test_what_is_left_out_is_as_for_anybody(administrator: Client, site: Site) -> None:
    button(site, {"what": "pages_seen", "operator": "at_most", "value": 1})
    response = administrator.get(DRY_RUN, {"site": str(site.pk), "address": "", "customer_id": "FR-1"})
    assert lines(response) == [("Alert", True)]


def test_nothing_to_judge_yet(administrator: Client, site: Site) -> None:
    assert "Describe a visit" in administrator.get(DRY_RUN, {"site": site.pk}).text
    assert "has no button yet" in asked(administrator, site).text


def test_without_a_site_there_is_nothing_to_try(administrator: Client) -> None:
    assert "No site yet" in administrator.get(DRY_RUN).text


def test_buttons_of_other_sites_are_none_of_it(administrator: Client, site: Site) -> None:
    ButtonFactory(site=SiteFactory(), name="Elsewhere")
    button(site)
    assert lines(asked(administrator, site)) == [("Alert", True)]


def test_it_writes_nothing_and_every_role_may_ask(site: Site) -> None:
    made = button(site)
    before = Button.objects.values().get()
    response = asked(client_as(SUPPORT), site)
    assert change_url(made) in response.text
    assert Button.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_it_asks_as_often_for_many_buttons_as_for_few(
    administrator: Client, site: Site, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        button(site, {"what": "pages_seen", "operator": "at_least", "value": 9})
    with django_assert_max_num_queries(15):
        asked(administrator, site)
