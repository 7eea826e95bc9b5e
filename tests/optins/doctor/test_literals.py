"""Custom data as shops write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.doctor.literals import declared


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ('window.idzCustomData = {"page":"product","cart":42.5};', {"page": "product", "cart": 42.5}),
        ("var idzCustomData={extID:'FR-012345',}", {"extID": "FR-012345"}),
        ("idzCustomData = {\n // id\n extId : 'é\\u00e9\\'', /* n */ n: -3\n}", {"extId": "éé'", "n": -3}),
        ("idzCustomData = {ok: true, no: null}", {"ok": True, "no": None}),
        ("window.idzCustomData={};window.idzCustomData.extId='7';", {"extId": "7"}),
        ("window.idzCustomData['ext-id'] = \"order-1\"", {"ext-id": "order-1"}),
        ("let idzCustomData = {a:[1,'b',{c:0x1F}],b:`x`}", {"a": [1, "b", {"c": 31}], "b": "x"}),
        ("window.idzCustomData = window.idzCustomData || {};\nidzCustomData.extId = 12", {"extId": 12}),
    ],
)  # fmt: skip
def test_what_is_declared(script: str, values: dict[str, object]) -> None:
    told = declared(script)
    assert told
    assert told.values == values


@pytest.mark.parametrize(
    ("script", "values", "unread"),
    [
        ("window.idzCustomData = {extId: user.id, page: 'x'}", {"page": "x"}, ["extId"]),
        ("window.idzCustomData = {extId: get('a,b', {c: 1}), page: 'x'}", {"page": "x"}, ["extId"]),
        ("window.idzCustomData = {extId: 'a' + b}", {}, ["extId"]),
        ("window.idzCustomData = build();", {}, ["*"]),
        ("window.idzCustomData = {extId: `${id}`}", {}, ["extId"]),
        ("idzCustomData.extId = user.id", {}, ["extId"]),
        ("window.idzCustomData = {", {}, ["*"]),
    ],
)
def test_what_is_worked_out_is_said_to_be_unread(script: str, values: dict[str, object], unread: list[str]) -> None:
    told = declared(script)
    assert told
    assert (told.values, told.unread) == (values, unread)


@pytest.mark.parametrize(
    "script", ["", "var other = {a: 1}", "if (window.idzCustomData == null) {}", "my.idzCustomData = {a: 1}"]
)
def test_scripts_that_declare_none(script: str) -> None:
    assert declared(script) is None


@given(st.text(alphabet="{}[](),:;'\"`\\/*$ \nabc0123.=idzCustomData", max_size=80))
def test_no_script_breaks_it(rest: str) -> None:
    declared("window.idzCustomData = " + rest)
    declared("window.idzCustomData = {a: " + rest)
