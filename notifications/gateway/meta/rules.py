"""By what right Facebook takes a message, since when, until when and where: a table, and the look into it. Pure.

When Meta changes its policy, a row gets an end or a new one is added; no code knows a date. A delivery keeps the code
of the row that it went by, so that it can be told later why it was allowed. A row's code is therefore never reused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from notifications.reasons import Reason

DAY, WEEK = timedelta(hours=24), timedelta(days=7)


class Way(StrEnum):
    """The values are those of notifications.states.Route."""

    RESPONSE = "response"
    UPDATE = "update"
    HUMAN_AGENT = "human_agent"
    UTILITY = "utility"


class Needs(StrEnum):
    """What has to hold besides the time."""

    ANSWERS = "answers"  # it answers somebody who wrote
    TYPED = "typed"  # a person typed it, for this conversation
    HUMAN_AGENT = "human_agent"  # App Review granted the page's app the feature
    TEMPLATE = "template"  # a utility template of the page that Facebook approved
    FEEDBACK_TEMPLATE = "feedback_template"
    NEWS_PAGE = "news_page"  # registered as a news page
    ADS_ACCOUNT = "ads_account"
    NOTIFICATION_TOKEN = "notification_token"  # noqa: S105  (what Facebook calls it)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A right that holds from `since` (first day) until `until` (the first day on which it does not), UTC.

    `within` is the time since the person's last act. `way` is how this product uses it; None: it does not, and refuses
    it. `not_in` are regions of either the page or the person.
    """

    code: str
    messaging_type: str
    since: date
    source: str
    tag: str = ""
    way: Way | None = None
    until: date | None = None
    within: timedelta | None = None
    needs: frozenset[Needs] = field(default_factory=frozenset)
    not_in: frozenset[str] = field(default_factory=frozenset)

    def in_force(self, on: date, region: str) -> bool:
        return self.since <= on and (self.until is None or on < self.until) and region not in self.not_in


_SEND = "Messenger Platform, “Send messages” (5 May 2026)"
_CHANGES = "Messenger Platform, “Changelog” (27 March 2026)"
_WITHOUT_ADS = frozenset({"EU", "UK", "JP", "KR", "AU"})

# In the order in which they are tried: the first that holds is taken.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="answer_24h",
        messaging_type="RESPONSE",
        way=Way.RESPONSE,
        within=DAY,
        needs=frozenset({Needs.ANSWERS}),
        since=date(2018, 5, 7),
        source=_SEND,
    ),
    Rule(code="update_24h", messaging_type="UPDATE", way=Way.UPDATE, within=DAY, since=date(2018, 5, 7), source=_SEND),
    Rule(
        code="human_agent_7d",
        messaging_type="MESSAGE_TAG",
        tag="HUMAN_AGENT",
        way=Way.HUMAN_AGENT,
        within=WEEK,
        needs=frozenset({Needs.ANSWERS, Needs.TYPED, Needs.HUMAN_AGENT}),
        since=date(2020, 3, 4),
        source=_SEND,
    ),
    Rule(
        code="utility_template",
        messaging_type="UTILITY",
        way=Way.UTILITY,
        needs=frozenset({Needs.TEMPLATE}),
        since=date(2025, 7, 29),
        source="Messenger Platform, “Utility messages” (13 March 2026)",
    ),
    # What this product does not send, and Facebook takes from nobody any more, or not from everybody.
    Rule(
        code="tag_confirmed_event",
        messaging_type="MESSAGE_TAG",
        tag="CONFIRMED_EVENT_UPDATE",
        since=date(2020, 3, 4),
        until=date(2026, 4, 27),
        source=_CHANGES,
    ),
    Rule(
        code="tag_account",
        messaging_type="MESSAGE_TAG",
        tag="ACCOUNT_UPDATE",
        since=date(2020, 3, 4),
        until=date(2026, 4, 27),
        source=_CHANGES,
    ),
    Rule(
        code="tag_post_purchase",
        messaging_type="MESSAGE_TAG",
        tag="POST_PURCHASE_UPDATE",
        since=date(2020, 3, 4),
        until=date(2026, 4, 27),
        source=_CHANGES,
    ),
    Rule(
        code="tag_customer_feedback",
        messaging_type="MESSAGE_TAG",
        tag="CUSTOMER_FEEDBACK",
        within=WEEK,
        needs=frozenset({Needs.FEEDBACK_TEMPLATE}),
        since=date(2021, 6, 2),
        source=_SEND,
    ),
    Rule(
        code="tag_news",
        messaging_type="MESSAGE_TAG",
        tag="NON_PROMOTIONAL_SUBSCRIPTION",
        needs=frozenset({Needs.NEWS_PAGE}),
        since=date(2018, 5, 7),
        source=_SEND,
    ),
    Rule(
        code="recurring_notification",
        messaging_type="UPDATE",
        needs=frozenset({Needs.NOTIFICATION_TOKEN}),
        since=date(2022, 3, 22),
        until=date(2026, 2, 10),
        source="Messenger Platform, retirement of marketing messages (10 February 2026)",
    ),
    Rule(
        code="marketing_message",
        messaging_type="MARKETING",
        needs=frozenset({Needs.ADS_ACCOUNT}),
        not_in=_WITHOUT_ADS,
        since=date(2025, 9, 1),
        source="“Marketing messages on Messenger” (17 April 2026)",
    ),
)
BY_WAY: Final[Mapping[Way, Rule]] = {rule.way: rule for rule in RULES if rule.way is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Of one message to one person, when its turn comes.

    `answers`: it is an agent's reply, and `typed` by hand for this conversation. `human_agent`: the page's app has the
    feature. `template` is whether the utility template that stands in for it is approved; None: none stands in.
    """

    acted_at: datetime | None
    answers: bool = False
    typed: bool = False
    human_agent: bool = False
    template: bool | None = None

    def holds(self, needs: Needs) -> bool:
        held = {
            Needs.ANSWERS: self.answers,
            Needs.TYPED: self.typed,
            Needs.HUMAN_AGENT: self.human_agent,
            Needs.TEMPLATE: bool(self.template),
        }
        return held.get(needs, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The right to send it by, with the code of its row."""

    way: Way
    rule: str


def choose(
    situation: Situation, *, now: datetime, region: str = "", rules: Iterable[Rule] | None = None
) -> Choice | Reason:
    """By what right a message may leave at `now`; or why it may not.

    A person's time is over at its very second: 24 hours after the act it is still open, a microsecond later it is not.
    """
    if situation.acted_at is None:
        return Reason.NEVER_WROTE
    on, age = now.astimezone(UTC).date(), now - situation.acted_at
    fitting = [
        rule for rule in (RULES if rules is None else rules) if rule.way is not None and _fits(rule, situation, age)
    ]
    for rule in fitting:
        if rule.way is not None and rule.in_force(on, region):
            return Choice(way=rule.way, rule=rule.code)
    if fitting:
        # Facebook took such messages once, or takes them elsewhere.
        return Reason.TAG_REFUSED
    return Reason.NOT_APPROVED if situation.template is False else Reason.WINDOW_CLOSED


def _fits(rule: Rule, situation: Situation, age: timedelta) -> bool:
    # An act that seems to be in the future is one of a clock that is ahead: it is recent.
    in_time = rule.within is None or age <= rule.within
    return in_time and all(situation.holds(needs) for needs in rule.needs)


def ends_at(situation: Situation, *, now: datetime, region: str = "") -> datetime | None:
    """Until when the right lasts by which a message may leave at `now`; None: without end, or there is none."""
    chosen = choose(situation, now=now, region=region)
    if isinstance(chosen, Reason) or situation.acted_at is None:
        return None
    within = BY_WAY[chosen.way].within
    return situation.acted_at + within if within else None


def refusal(tag: str, *, on: date, region: str = "") -> Rule | Reason | None:
    """Why a message with this tag is refused before any network: the row that ended, or TAG_REFUSED where no row has it
    or this product has no use for it. None: it may be used.
    """
    rule = next((rule for rule in RULES if rule.tag == tag), None)
    if rule is None:
        return Reason.TAG_REFUSED
    if not rule.in_force(on, region):
        return rule
    return None if rule.way is not None else Reason.TAG_REFUSED
