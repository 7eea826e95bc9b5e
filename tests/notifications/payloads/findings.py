"""Short ways to ask what is wrong with a message."""

from collections.abc import Mapping
from typing import Any

import pytest

from notifications.payloads import PayloadError, Problem, parse, parse_json, warnings_of


def problems(raw: object) -> tuple[Problem, ...]:
    with pytest.raises(PayloadError) as caught:
        parse(raw)
    return caught.value.problems


def problems_of_json(raw: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(PayloadError) as caught:
        parse_json(raw)
    return caught.value.problems


def found(raw: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems(raw)]


def warned(raw: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in warnings_of(parse(raw))]


def image(**payload: object) -> dict[str, Any]:
    return {"attachment": {"type": "image", "payload": payload}}


def template(**payload: object) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def carousel(*cards: object, **payload: object) -> dict[str, Any]:
    return template(template_type="generic", elements=list(cards), **payload)


CARD: Mapping[str, Any] = {"title": "Scarf", "image_url": "https://shop.example/scarf.png"}


def card(**keys: object) -> dict[str, Any]:
    return {**CARD, **keys}


def buttons(*given: object) -> dict[str, Any]:
    return carousel(card(buttons=list(given)))


def web_url(**keys: object) -> dict[str, Any]:
    return {"type": "web_url", "title": "View", "url": "https://shop.example/scarf", **keys}


RECEIPT: Mapping[str, Any] = {
    "template_type": "receipt",
    "recipient_name": "Claire Martin",
    "order_number": "FR-871",
    "currency": "EUR",
    "payment_method": "CB 4242",
    "summary": {"total_cost": 84.8},
}

ADDRESS: Mapping[str, Any] = {
    "street_1": "3 rue des Lilas",
    "city": "Nantes",
    "postal_code": "44000",
    "state": "Pays de la Loire",
    "country": "FR",
}


def receipt(**keys: object) -> dict[str, Any]:
    """A key given as None is left out."""
    return template(**{key: value for key, value in {**RECEIPT, **keys}.items() if value is not None})


def line(**keys: object) -> dict[str, Any]:
    return {"title": "Scarf", "price": 10, **keys}
