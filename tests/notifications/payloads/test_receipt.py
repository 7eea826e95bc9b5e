"""The receipt: what it needs, and what its values must look like."""

from typing import Any

import pytest

from notifications.payloads import parse
from tests.notifications.payloads.findings import ADDRESS, found, line, receipt, warned

PATH = "attachment.payload"


def test_the_shortest_receipt_comes_back_as_it_was_given() -> None:
    assert parse(receipt()).as_dict() == receipt()


@pytest.mark.parametrize(
    "keys",
    [
        {"merchant_name": "Boutique", "sharable": False},
        {"timestamp": "1428444852"},
        {"address": {**ADDRESS, "street_2": ""}},
        {"elements": []},
        {"elements": [line(quantity=2, subtitle="", price=0)]},
        {"elements": [line()] * 100},
        {"adjustments": []},
        {"adjustments": [{"name": "Gift wrap", "amount": -2.5}]},
        {"summary": {"total_cost": 0}},
    ],
)
def test_optional_keys_come_back_as_they_were_given(keys: dict[str, Any]) -> None:
    assert parse(receipt(**keys)).as_dict() == receipt(**keys)


@pytest.mark.parametrize("key", ["recipient_name", "order_number", "currency", "payment_method", "summary"])
def test_a_required_key_is_missed(key: str) -> None:
    assert found(receipt(**{key: None})) == [(f"{PATH}.{key}", "missing")]


@pytest.mark.parametrize("key", ["recipient_name", "order_number", "payment_method"])
def test_a_required_text_is_not_blank(key: str) -> None:
    assert found(receipt(**{key: " "})) == [(f"{PATH}.{key}", "blank")]


@pytest.mark.parametrize("key", sorted(ADDRESS))
def test_an_address_is_complete(key: str) -> None:
    address = {name: value for name, value in ADDRESS.items() if name != key}
    assert found(receipt(address=address)) == [(f"{PATH}.address.{key}", "missing")]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"summary": {}}, ("summary.total_cost", "missing")),
        ({"summary": {"total_cost": -1}}, ("summary.total_cost", "too_small")),
        ({"summary": {"total_cost": 1, "shipping_cost": -1}}, ("summary.shipping_cost", "too_small")),
        ({"elements": [line()] * 101}, ("elements", "too_many")),
        ({"elements": [{"title": "x"}]}, ("elements[0].price", "missing")),
        ({"elements": [line(), {"price": 1}]}, ("elements[1].title", "missing")),
        ({"elements": [line(price=-0.01)]}, ("elements[0].price", "too_small")),
        ({"elements": [line(quantity=0)]}, ("elements[0].quantity", "too_small")),
        ({"elements": [line(quantity=1.5)]}, ("elements[0].quantity", "not_whole_number")),
        ({"elements": [line(quantity="2")]}, ("elements[0].quantity", "not_whole_number")),
        ({"elements": [line(quantity=True)]}, ("elements[0].quantity", "not_whole_number")),
        ({"elements": [line(quantity=10**9)]}, ("elements[0].quantity", "too_large")),
        ({"elements": [line(currency="EURO")]}, ("elements[0].currency", "currency")),
        ({"adjustments": [{"name": "Discount"}]}, ("adjustments[0].amount", "missing")),
        ({"adjustments": [{"amount": 1}]}, ("adjustments[0].name", "missing")),
        ({"address": {**ADDRESS, "country": "France"}}, ("address.country", "country")),
        ({"address": {**ADDRESS, "city": ""}}, ("address.city", "blank")),
        ({"currency": "eur"}, ("currency", "currency")),
        ({"currency": "€"}, ("currency", "currency")),
        ({"timestamp": 1428444852}, ("timestamp", "not_text")),
        ({"timestamp": "2015-04-07"}, ("timestamp", "timestamp")),
        ({"timestamp": "1428444852\n"}, ("timestamp", "timestamp")),
        ({"order_url": "shop.example"}, ("order_url", "url_scheme")),
        ({"order_number": 871}, ("order_number", "not_text")),
    ],
)
def test_what_facebook_refuses_is_named_by_its_path(keys: dict[str, Any], problem: tuple[str, str]) -> None:
    path, code = problem
    assert found(receipt(**keys)) == [(f"{PATH}.{path}", code)]


def test_a_whole_quantity_written_with_a_dot_is_whole() -> None:
    assert '"quantity":2}' in parse(receipt(elements=[line(quantity=2.0)])).as_json()


def test_a_line_in_another_currency_is_a_warning() -> None:
    body = receipt(elements=[line(currency="EUR"), line(currency="USD")], summary={"total_cost": 20})
    assert warned(body) == [(f"{PATH}.elements[1].currency", "other_currency")]


def test_addresses_over_http_are_warnings() -> None:
    body = receipt(
        order_url="http://shop.example/871",
        elements=[line(image_url="http://shop.example/1.png")],
        summary={"total_cost": 10},
    )
    assert warned(body) == [(f"{PATH}.order_url", "http"), (f"{PATH}.elements[0].image_url", "http")]
