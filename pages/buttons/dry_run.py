"""Which of a site's buttons a visitor would see, and what says no to the others. Nothing is shown to anybody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pages.buttons import targeting
from pages.buttons.config import may_show
from pages.buttons.targeting import Visit
from pages.models import Button, ButtonRule, Page
from pages.models.button import ButtonKind

CUSTOMER_ID = "social_notification_customer_id"
ACCOUNT = "extid"


class Reason(StrEnum):
    """Why a button does not appear; the first that holds is named."""

    OFF = "off"
    NO_PAGE = "no_page"
    THROUGH_IADVIZE = "through_iadvize"  # the page's messages go through iAdvize, which asks for consent itself
    NO_CUSTOMER_ID = "no_customer_id"
    RULES_OFF = "rules_off"  # it has rules, and all are switched off
    RULES = "rules"  # each rule has a condition that says no


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """`no` is the first condition that does not hold; None where all do, or the rule is switched off."""

    name: str
    enabled: bool
    no: Mapping[str, Any] | None

    @property
    def holds(self) -> bool:
        return self.enabled and self.no is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`reason` is why it stays away; `decided`, what would be said if it were switched on."""

    button: Button
    reason: Reason | None
    decided: Reason | None
    rules: tuple[RuleVerdict, ...]

    @property
    def shown(self) -> bool:
        return self.reason is None


def judge(*, buttons: Sequence[Button], page: Page | None, visit: Visit, customer_id: str) -> list[Verdict]:
    """The buttons with their rules, as config.with_rules reads them."""
    return [_judged(button, page, visit, customer_id) for button in buttons]


def customer_id_of(data: Mapping[str, object]) -> str:
    """As the tag reads it from the shop's page: its own name first, else the account's, in any spelling."""
    return next(filter(None, _ids(data)), "")


def _ids(data: Mapping[str, object]) -> Iterator[str]:
    yield _text(data.get(CUSTOMER_ID))
    yield from (_text(value) for name, value in data.items() if name.lower() == ACCOUNT)


def _text(value: object) -> str:
    is_id = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return str(value).strip() if is_id else ""


def _judged(button: Button, page: Page | None, visit: Visit, customer_id: str) -> Verdict:
    rules = tuple(_rule(rule, visit) for rule in button.rules.all())
    decided = _decided(button, page, customer_id, rules)
    return Verdict(button=button, reason=decided if button.enabled else Reason.OFF, decided=decided, rules=rules)


def _rule(rule: ButtonRule, visit: Visit) -> RuleVerdict:
    place = targeting.first_no(rule.conditions, visit) if rule.enabled else None
    return RuleVerdict(name=rule.name, enabled=rule.enabled, no=None if place is None else rule.conditions[place])


def _decided(button: Button, page: Page | None, customer_id: str, rules: Sequence[RuleVerdict]) -> Reason | None:
    if page is None:
        return Reason.NO_PAGE
    if not may_show(button, page):
        return Reason.THROUGH_IADVIZE
    if button.kind == ButtonKind.SEND_TO_MESSENGER and not customer_id:
        return Reason.NO_CUSTOMER_ID
    if not rules or any(rule.holds for rule in rules):
        return None
    return Reason.RULES if any(rule.enabled for rule in rules) else Reason.RULES_OFF
