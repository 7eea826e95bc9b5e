"""The doctor on pages as shops have them: each finding, and none where all is well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.doctor.examining import Case, examine
from optins.doctor.findings import WORDS, Level

TAG = "https://messenger.example.com/tag/501.js"
SCRIPT = f'<script async src="{TAG}"></script>'
DATA = "<script>window.idzCustomData = {social_notification_customer_id: 'order-FR-871'};</script>"
SDK = '<script async defer src="https://connect.facebook.net/fr_FR/sdk.js"></script>'
META = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
SNIPPET = "(function(d){var js=d.createElement('script');js.src='//connect.facebook.net/en_US/sdk.js';}(document));"


def codes(body: str, **options: object) -> set[str]:
    html = f"<!DOCTYPE html><html lang=fr><head></head><body>{body}</body></html>"
    return {found.code for found in examine(Case(html=html, tag_url=TAG, sid="501", **options))}  # type: ignore[arg-type]


GOOD = {"tag_there", "data_there", "id_there"}


def test_a_sound_page_is_sound() -> None:
    assert codes(DATA + SCRIPT) == GOOD


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (DATA, {"tag_missing", "id_there"}),
        (DATA + SCRIPT + SCRIPT, {"tag_twice", "data_there", "id_there"}),
        (DATA + SCRIPT.replace("501", "777"), {"tag_of_another", "tag_missing", "data_there", "id_there"}),
        (DATA + SCRIPT.replace("messenger.example", "old.example"), GOOD - {"tag_there"} | {"tag_elsewhere"}),
        (DATA + SCRIPT.replace("https:", "http:"), GOOD - {"tag_there"} | {"tag_insecure"}),
        (DATA + SCRIPT.replace("https:", ""), GOOD),
        (DATA + f"<!-- {SCRIPT} -->", {"tag_commented", "id_there"}),
        (DATA + f"<noscript>{SCRIPT}</noscript>", {"tag_dead", "data_there", "id_there"}),
        (DATA + f"<template>{SCRIPT}</template>", {"tag_dead", "data_there", "id_there"}),
        (DATA + SCRIPT.replace("async ", ""), GOOD | {"tag_waits"}),
        (DATA + SCRIPT.replace("async", "defer"), GOOD),
        (DATA + SCRIPT.replace("async", 'type="text/plain"'), GOOD - {"tag_there"} | {"tag_asleep"}),
        (SCRIPT + DATA, {"tag_there", "data_after", "id_there"}),
        (SCRIPT, {"tag_there", "data_missing"}),
        ("<script>idzCustomData = {page: 'home'}</script>" + SCRIPT, {"tag_there", "data_there", "id_missing"}),
        ("<script>idzCustomData = {extid: ''}</script>" + SCRIPT, {"tag_there", "data_there", "id_empty"}),
        ("<script>idzCustomData = {extID: u.id}</script>" + SCRIPT, {"tag_there", "data_there", "data_unread"}),
        ("<script>idzCustomData = {EXTID: 12}</script>" + SCRIPT, GOOD),
        (DATA.replace("order-FR-871", "{{ customer_id }}") + SCRIPT, {"tag_there", "data_there", "id_placeholder"}),
        (DATA.replace("order-FR-871", "undefined") + SCRIPT, {"tag_there", "data_there", "id_nothing"}),
        (DATA.replace("order-FR-871", "claire@shop.example") + SCRIPT, {"tag_there", "data_there", "id_e_mail"}),
        (DATA.replace("order-FR-871", "x" * 300) + SCRIPT, {"tag_there", "data_there", "id_too_long"}),
        (DATA + SCRIPT + SDK, GOOD | {"sdk_there"}),
        (DATA + SCRIPT + f"<script>{SNIPPET}</script>", GOOD | {"sdk_there"}),
        (DATA + SCRIPT + SDK + f"<script>{SNIPPET}</script>", GOOD | {"sdk_there", "sdk_twice"}),
        (DATA + SCRIPT + "<script>window.fbAsyncInit = function () {};</script>", GOOD | {"sdk_init"}),
        (META + DATA + SCRIPT, GOOD | {"csp_script"}),
    ],
)  # fmt: skip
def test_what_is_found(body: str, found: set[str]) -> None:
    assert codes(body) == found


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("default-src 'none'; script-src https://messenger.example.com", "csp_connect"),
        ("default-src https://messenger.example.com", "csp_good"),
        ("default-src *, script-src 'none'", "csp_script"),
    ],
)
def test_the_policy_in_the_headers(policy: str, found: str) -> None:
    assert codes(DATA + SCRIPT, headers={"content-security-policy": policy}) == GOOD | {found}


def test_where_the_shop_is() -> None:
    here = {"address": "https://shop.example/p/1"}
    assert codes(DATA + SCRIPT, **here) == GOOD | {"origin_unknown"}
    assert codes(DATA + SCRIPT, **here, origins=["https://SHOP.example"]) == GOOD


def test_what_is_no_page() -> None:
    assert [found.code for found in examine(Case(html="hello", tag_url=TAG, sid="501"))] == ["no_html"]


def test_the_worst_comes_first() -> None:
    found = examine(Case(html="<html>" + SCRIPT + SDK, tag_url=TAG, sid="501"))
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=list(Level).index)


def test_each_sentence_can_be_filled_and_what_is_wrong_has_a_mend() -> None:
    params = dict.fromkeys(
        ("count", "sid", "host", "expected", "element", "names", "id", "name", "why", "locale", "origin"), "x"
    )
    for level, says, mend in WORDS.values():
        assert says % params
        assert mend % params or level is not Level.WRONG


@given(st.text(alphabet="<>/!-scriptmeta noscript=\"'idzCustomData{}:;,.\n", max_size=200))
def test_no_page_breaks_it(html: str) -> None:
    examine(Case(html=html, tag_url=TAG, sid="501", address="https://shop.example/"))
