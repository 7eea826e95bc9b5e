"""Which ids are taken for mistakes: one table for the server and for the tag."""

import json
from pathlib import Path

import pytest

from optins import customer_ids

CASES: list[list[str]] = json.loads((Path(__file__).parents[1] / "data/customer_ids.json").read_text())


def mistake_in(customer_id: str) -> str:
    try:
        customer_ids.parse(customer_id)
    except customer_ids.CustomerIdError as error:
        return error.code
    return customer_ids.suspicion(customer_id) or ""


@pytest.mark.parametrize(("customer_id", "mistake"), CASES)
def test_the_table(customer_id: str, mistake: str) -> None:
    assert mistake_in(customer_id) == mistake
