"""What an agreement may be used for and how long it lives, by the site's patterns of customer_ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from optins import customer_ids, patterns
from optins.models import IdPattern
from optins.states import Lifetime, Purpose
from pages.models import Page, Site

# What a new site begins with: the guide's two temporary ids. An administrator changes them.
ORDER, STOCK_ALERT = "order-<number>", "instock-<product>-<session>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    purpose: Purpose
    lifetime: Lifetime
    expires_at: datetime | None
    used_up: bool


def terms_of(*, page: Page, customer_id: str, now: datetime) -> Terms | None:
    """Of an agreement that is given now; None where no pattern of the page's site fits."""
    site = page.site
    found = pattern_of(site, customer_id) if site else None
    return terms_by(found, agreed_at=now) if found else None


def terms_by(pattern: IdPattern, *, agreed_at: datetime) -> Terms:
    return Terms(
        purpose=Purpose(pattern.purpose),
        lifetime=Lifetime(pattern.lifetime),
        expires_at=agreed_at + timedelta(days=pattern.days) if pattern.days else None,
        used_up=pattern.used_up,
    )


def purpose_of(*, page: Page, customer_id: str, now: datetime) -> Purpose:
    terms = terms_of(page=page, customer_id=customer_id, now=now)
    return terms.purpose if terms else Purpose.MARKETING


def pattern_of(site: Site, customer_id: str) -> IdPattern | None:
    """The first that fits."""
    return first_that_fits(patterns_of(site), customer_id)


def patterns_of(site: Site) -> list[IdPattern]:
    """In their order."""
    return list(IdPattern.objects.filter(site=site).order_by("position", "pk"))


def first_that_fits(ordered: Iterable[IdPattern], customer_id: str) -> IdPattern | None:
    return next((each for each in ordered if patterns.match(each.pattern, customer_id) is not None), None)


def shadowing(pattern: IdPattern) -> str:
    """The pattern of the same site that decides of the ids that this one is for; empty where it decides itself."""
    first = pattern_of(pattern.site, patterns.example(pattern.pattern))
    return first.pattern if first and first.pk != pattern.pk else ""


def lifetime_of(customer_id: str) -> Lifetime:
    """Where no pattern says: a stock alert is temporary, anything else is durable."""
    return Lifetime.TEMPORARY if customer_ids.is_stock_alert(customer_id) else Lifetime.DURABLE


def give_defaults(site: Site, *, names: tuple[str, str]) -> None:
    """The guide's ids, called `names`: an order may be written about for a year, an alert is used up by being sent."""
    order, alert = names
    temporary = {"site": site, "lifetime": Lifetime.TEMPORARY}
    IdPattern.objects.create(
        **temporary, name=order, pattern=ORDER, purpose=Purpose.TRANSACTIONAL, days=365, position=0
    )
    IdPattern.objects.create(
        **temporary, name=alert, pattern=STOCK_ALERT, purpose=Purpose.ALERT, days=180, used_up=True, position=1
    )
