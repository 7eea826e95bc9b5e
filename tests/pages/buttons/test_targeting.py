"""Who sees a button. The table is the tag's too: both judge alike, or one of them fails here."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.buttons.targeting import MAX_CONDITIONS, ConditionError, Visit, first_no, parse, shows

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data/targeting.json").read_text())
VISIT = Visit(address="https://shop.example/", at=datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001  (the site's clock)
DAY = {"days": [1], "from": "08:00", "until": "19:30"}


def visit_of(told: dict[str, Any]) -> Visit:
    return Visit(**{**told, "at": datetime.fromisoformat(told["at"])})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_table(case: dict[str, Any]) -> None:
    assert first_no(parse(case["conditions"]), visit_of(case["visit"])) == case["no"]


def test_several_rules_are_alternatives() -> None:
    never, always = [{"what": "pages_seen", "operator": "at_least", "value": 99}], [{**CASES[1]["conditions"][1]}]
    assert shows([never, always], VISIT)
    assert not shows([never, never], VISIT)


def test_no_rule_shows_everywhere_and_rules_that_are_all_off_nowhere() -> None:
    assert shows(None, VISIT)
    assert not shows([], VISIT)


@pytest.mark.parametrize(
    ("condition", "field", "code"),
    [
        ({}, "what", "what"),
        ({"what": "weather", "operator": "is", "value": "rain"}, "what", "what"),
        ({"what": "data:", "operator": "is", "value": "x"}, "what", "name"),
        ({"what": "address", "operator": "at_least", "value": "x"}, "operator", "operator"),
        ({"what": "address", "operator": "is", "value": "  "}, "value", "value"),
        ({"what": "address", "operator": "is", "value": "x" * 501}, "value", "long"),
        ({"what": "device", "operator": "one_of", "value": ["watch"]}, "value", "device"),
        ({"what": "pages_seen", "operator": "at_least", "value": "many"}, "value", "number"),
        ({"what": "pages_seen", "operator": "at_least", "value": -1}, "value", "whole"),
        ({"what": "pages_seen", "operator": "at_least", "value": 1.5}, "value", "whole"),
        ({"what": "data:cart", "operator": "more_than", "value": "1e3"}, "value", "number"),
        ({"what": "time", "operator": "within", "value": {**DAY, "days": []}}, "value", "days"),
        ({"what": "time", "operator": "within", "value": {**DAY, "from": "25:00"}}, "value", "hour"),
        ({"what": "time", "operator": "within", "value": {**DAY, "until": "08:00"}}, "value", "hour"),
        ({"what": "time", "operator": "within", "value": "always"}, "value", "days"),
    ],
)
def test_what_can_not_be_judged_is_refused_where_it_stands(condition: object, field: str, code: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse([{"what": "pages_seen", "operator": "at_least", "value": 1}, condition])
    assert (refused.value.place, refused.value.field, refused.value.code) == (1, field, code)
    assert str(refused.value)


def test_too_many_conditions() -> None:
    one = {"what": "pages_seen", "operator": "at_least", "value": 1}
    assert len(parse([one] * MAX_CONDITIONS)) == MAX_CONDITIONS
    with pytest.raises(ConditionError, match="20"):
        parse([one] * (MAX_CONDITIONS + 1))


def test_values_are_stored_as_what_they_are() -> None:
    stored = parse(
        [
            {"what": "pages_seen", "operator": "at_least", "value": "3", "more": 1},
            {"what": "data:cart", "operator": "more_than", "value": "42,5"},
            {"what": "data:vip", "operator": "is_set"},
            {"what": "time", "operator": "within", "value": {"days": [7, 1], "from": "8:00", "until": "19:30"}},
        ]
    )
    assert [one["value"] for one in stored] == [3, 42.5, "", {"days": [1, 7], "from": "08:00", "until": "19:30"}]
    assert all(set(one) == {"what", "operator", "value"} for one in stored)


def test_no_pattern_takes_long() -> None:
    begun = time.process_time()
    conditions = parse([{"what": "address", "operator": "matches", "value": "*a" * 200}])
    first_no(conditions, Visit(address="a" * 2_000 + "b", at=VISIT.at))
    assert time.process_time() - begun < 1


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_any_json_is_parsed_or_refused(raw: object) -> None:
    for told in (raw, [raw], [{"what": "time", "operator": "within", "value": raw}]):
        try:
            conditions = parse(told)
        except ConditionError:
            continue
        first_no(conditions, VISIT)


@given(st.dictionaries(st.sampled_from(["cart", "vip"]), json_values))
def test_any_custom_data_can_be_judged(data: dict[str, object]) -> None:
    for operator in ("is", "is_not", "at_least", "differs", "is_set"):
        first_no([{"what": "data:cart", "operator": operator, "value": "1"}], Visit(address="", at=VISIT.at, data=data))
