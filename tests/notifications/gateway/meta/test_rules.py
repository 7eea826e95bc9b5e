"""By what right a message may leave: every row of the table, its borders, its days and its regions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.gateway.meta import rules
from notifications.gateway.meta.rules import RULES, Choice, Situation, Way
from notifications.reasons import Reason
from notifications.states import Route

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE = timedelta(seconds=1)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)


def ago(age: timedelta, **more: bool) -> Situation:
    return Situation(acted_at=NOW - age, **more)


def choose(situation: Situation) -> Choice | Reason:
    return rules.choose(situation, now=NOW, region="EU")


AGENT = {"answers": True, "typed": True, "human_agent": True}


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (ago(timedelta(0)), Way.UPDATE),
        (ago(DAY - ONE), Way.UPDATE),
        (ago(DAY), Way.UPDATE),
        (ago(DAY + ONE), Reason.WINDOW_CLOSED),
        (ago(DAY - ONE, answers=True), Way.RESPONSE),
        (ago(DAY + ONE, answers=True), Reason.WINDOW_CLOSED),
        (ago(DAY - ONE, **AGENT), Way.RESPONSE),
        (ago(DAY + ONE, **AGENT), Way.HUMAN_AGENT),
        (ago(WEEK - ONE, **AGENT), Way.HUMAN_AGENT),
        (ago(WEEK + ONE, **AGENT), Reason.WINDOW_CLOSED),
        (ago(DAY + ONE, answers=True, typed=True), Reason.WINDOW_CLOSED),
        (ago(DAY + ONE, answers=True, human_agent=True), Reason.WINDOW_CLOSED),
        (ago(DAY + ONE, human_agent=True, typed=True), Reason.WINDOW_CLOSED),
        (ago(DAY - ONE, template=True), Way.UPDATE),
        (ago(DAY + ONE, template=True), Way.UTILITY),
        (ago(timedelta(days=900), template=True), Way.UTILITY),
        (ago(DAY - ONE, template=False), Way.UPDATE),
        (ago(DAY + ONE, template=False), Reason.NOT_APPROVED),
        (Situation(acted_at=None), Reason.NEVER_WROTE),
        (Situation(acted_at=None, template=True), Reason.NEVER_WROTE),
        # Facebook's clock is a little ahead of ours.
        (ago(-timedelta(minutes=5)), Way.UPDATE),
    ],
)
def test_the_right_follows_from_time_and_content(situation: Situation, expected: Way | Reason) -> None:
    chosen = choose(situation)

    assert (chosen.way if isinstance(chosen, Choice) else chosen) == expected


def test_the_border_is_the_instant_itself() -> None:
    assert isinstance(choose(ago(DAY)), Choice)
    assert choose(ago(DAY + timedelta(microseconds=1))) is Reason.WINDOW_CLOSED


def test_a_delivery_keeps_which_row_allowed_it() -> None:
    assert choose(ago(ONE)) == Choice(way=Way.UPDATE, rule="update_24h")


def test_a_right_that_has_ended_is_refused_from_that_day_on() -> None:
    ends = date(2026, 11, 22)
    ended = [replace(rule, until=ends) if rule.way is Way.UPDATE else rule for rule in RULES]
    late = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)

    assert isinstance(rules.choose(Situation(acted_at=late), now=late, rules=ended), Choice)
    assert rules.choose(Situation(acted_at=late), now=late + ONE, rules=ended) is Reason.TAG_REFUSED


def test_a_right_begins_on_its_day() -> None:
    begins = [replace(rule, since=date(2027, 1, 1)) for rule in RULES if rule.way is Way.UPDATE]
    situation = Situation(acted_at=datetime(2026, 12, 31, 12, tzinfo=UTC))

    before = rules.choose(situation, now=datetime(2026, 12, 31, 23, tzinfo=UTC), rules=begins)
    assert before is Reason.TAG_REFUSED
    assert isinstance(rules.choose(situation, now=datetime(2027, 1, 1, 0, tzinfo=UTC), rules=begins), Choice)


def test_a_right_may_be_missing_in_a_region() -> None:
    somewhere = [replace(rule, not_in=frozenset({"EU"})) for rule in RULES if rule.way is Way.UPDATE]

    assert rules.choose(ago(ONE), now=NOW, region="EU", rules=somewhere) is Reason.TAG_REFUSED
    assert isinstance(rules.choose(ago(ONE), now=NOW, region="US", rules=somewhere), Choice)


def test_until_when_the_right_lasts() -> None:
    assert rules.ends_at(ago(ONE), now=NOW) == NOW - ONE + DAY
    assert rules.ends_at(ago(DAY + ONE, **AGENT), now=NOW) == NOW - ONE - DAY + WEEK
    assert rules.ends_at(ago(DAY + ONE, template=True), now=NOW) is None
    assert rules.ends_at(ago(DAY + ONE), now=NOW) is None


# -- tags ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"])
def test_the_dead_tags_are_refused_since_the_27th_of_april_2026(tag: str) -> None:
    dead = rules.refusal(tag, on=date(2026, 4, 27))

    assert isinstance(dead, rules.Rule)
    assert (dead.tag, dead.until) == (tag, date(2026, 4, 27))
    # While Facebook took them this product had no use for them all the same.
    assert rules.refusal(tag, on=date(2026, 4, 26)) is Reason.TAG_REFUSED


@pytest.mark.parametrize("tag", ["CUSTOMER_FEEDBACK", "NON_PROMOTIONAL_SUBSCRIPTION", "SHIPPING_UPDATE", "", "x"])
def test_tags_without_use_and_unknown_ones_are_refused(tag: str) -> None:
    assert rules.refusal(tag or "-", on=NOW.date()) is Reason.TAG_REFUSED


def test_an_agents_tag_is_taken() -> None:
    assert rules.refusal("HUMAN_AGENT", on=NOW.date()) is None


def test_marketing_messages_exist_elsewhere() -> None:
    (marketing,) = (rule for rule in RULES if rule.code == "marketing_message")

    assert not marketing.in_force(NOW.date(), "EU")
    assert marketing.in_force(NOW.date(), "US")


# -- the table -----------------------------------------------------------------------------------------------------


def test_each_row_has_a_code_of_its_own_that_a_delivery_can_keep() -> None:
    codes = [rule.code for rule in RULES]

    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 48


def test_each_right_of_the_ledger_is_a_row() -> None:
    assert set(rules.BY_WAY) == set(Way)
    assert {way.value for way in Way} == {route.value for route in Route}


def test_each_row_says_where_it_comes_from() -> None:
    assert all(rule.source for rule in RULES)
