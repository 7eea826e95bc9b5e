"""A form without scripts can do what the editor does with them: add, take away and reorder, at the price of a click."""

from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS
from pages.models import Button
from tests.factories import ButtonFactory
from tests.pages.admin.buttons.editing import ADDRESS, Fields, change_url, fields_in, opened, rule, saved
from tests.people import client_as
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db

CART = {**ADDRESS, "value": "/cart"}


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def button() -> Button:
    made: Button = ButtonFactory(wordings={"en": "Agree"})
    return made


def asked(client: Client, button: Button, fields: Fields, add: str) -> str:
    """The page that comes back when a further row is asked for."""
    response = client.post(change_url(button), {**fields, "add": add})
    assert response.status_code == 200
    assert not button.rules.exists()
    return response.text


def names(button: Button) -> list[str]:
    return [one.name for one in button.rules.all()]


def values(button: Button) -> list[Any]:
    return [condition["value"] for one in button.rules.all() for condition in one.conditions]


def test_a_rule_is_added_row_by_row(administrator: Client, button: Button) -> None:
    fields = fields_in(asked(administrator, button, opened(administrator, change_url(button)), "rule"))
    assert fields["rule-0-enabled"] == "on"
    fields |= {"rule-0-name": "Products", "rule-0-0-what": "address", "rule-0-0-operator": "contains"}
    fields = fields_in(asked(administrator, button, {**fields, "rule-0-0-value": "/p/"}, "condition-0"))
    assert (fields["rule-0-name"], fields["rule-0-0-value"]) == ("Products", "/p/")
    fields |= {"rule-0-1-what": "device", "rule-0-1-devices": ["mobile"]}
    saved(administrator, change_url(button), fields)
    assert names(button) == ["Products"]
    assert values(button) == ["/p/", ["mobile"]]


def test_asking_for_a_row_judges_nothing_yet(administrator: Client, button: Button) -> None:
    fields = {**opened(administrator, change_url(button)), "name": "", **rule(0, {"what": "device"})}
    page = asked(administrator, button, fields, "condition-0")
    assert read_errors(page) == {}
    assert "data-errors" not in page
    assert fields_in(page)["name"] == ""


def test_a_row_that_was_asked_for_and_not_needed_is_left_out(administrator: Client, button: Button) -> None:
    fields = fields_in(asked(administrator, button, opened(administrator, change_url(button)), "rule"))
    saved(administrator, change_url(button), fields)
    assert names(button) == []


def test_rows_stand_where_their_numbers_say(administrator: Client, button: Button) -> None:
    fields = {
        **opened(administrator, change_url(button)),
        **rule(0, ADDRESS, CART, name="Second", place=2),
        **rule(1, ADDRESS, name="First", place=1),
        **rule(2, ADDRESS, name="Nowhere", place=""),
    }
    saved(administrator, change_url(button), {**fields, "rule-0-0-place": "9", "rule-0-1-place": "5"})
    assert names(button) == ["First", "Second", "Nowhere"]
    assert values(button) == ["/p/", "/cart", "/p/", "/p/"]


def test_what_is_ticked_goes_and_is_not_judged(administrator: Client, button: Button) -> None:
    fields = {
        **opened(administrator, change_url(button)),
        **rule(0, ADDRESS, {"what": "device", "removed": "on"}, name="Stays"),
        **rule(1, {"what": "time"}, name="Goes", removed="on"),
    }
    saved(administrator, change_url(button), fields)
    assert names(button) == ["Stays"]
    assert values(button) == ["/p/"]


def test_the_page_shows_a_new_row_without_scripts(administrator: Client, button: Button) -> None:
    """The address of the answer leads to where the row was added."""
    page = administrator.get(change_url(button)).text
    assert 'formaction="#rules"' in page
    page = asked(administrator, button, fields_in(page), "rule")
    assert 'formaction="#id_rule-0"' in page
    assert 'id="id_rule-0"' in page
