"""What a login offers: the pages that the person administers, with why one of them can't be had.

It waits encrypted in the login's row while a person chooses. The person's own token is no part of it: with the pages'
tokens in hand nothing needs it any more.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from pages.graph import accounts, debug
from pages.graph.accounts import Account
from pages.models import FacebookLogin


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedPage:
    """`missing_tasks` and `missing_permissions` are Facebook's words; with either, the page can't be linked."""

    page_id: str
    name: str
    token: str = field(repr=False)
    category: str = ""
    picture_url: str = ""
    missing_tasks: tuple[str, ...] = ()
    missing_permissions: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return bool(self.token) and not self.missing_tasks and not self.missing_permissions


def fetch(token: str) -> list[OfferedPage]:
    """Asks Facebook. A page that is named twice counts once. Raises GraphError or GraphUnreachable."""
    facts = debug.look_at(token)
    found = {account.page_id: account for account in accounts.administered(token)}
    return sorted((_offered(account, facts) for account in found.values()), key=lambda page: page.name.casefold())


def _offered(account: Account, facts: debug.TokenFacts) -> OfferedPage:
    return OfferedPage(
        page_id=account.page_id,
        name=account.name,
        token=account.token,
        category=account.category,
        picture_url=account.picture_url,
        missing_tasks=account.missing_tasks,
        missing_permissions=facts.lacking(debug.REQUIRED, page_id=account.page_id),
    )


def written(pages: Sequence[OfferedPage]) -> str:
    return json.dumps([asdict(page) for page in pages])


def read(login: FacebookLogin) -> list[OfferedPage]:
    """Nothing where the login is over, or its key was taken out of TOKEN_KEYS meanwhile."""
    if not login.offered:
        return []
    pages = (OfferedPage(**page) for page in json.loads(login.offered))
    return [
        replace(page, missing_tasks=tuple(page.missing_tasks), missing_permissions=tuple(page.missing_permissions))
        for page in pages
    ]
