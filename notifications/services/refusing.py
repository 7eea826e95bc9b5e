"""Why messages are not taken from the merchant's systems: asked after the statement that would have taken them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef

from notifications import payloads
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from optins.states import OptInState
from pages.models import ApiToken, Page


class Refusal(StrEnum):
    """The first that holds, in this order."""

    PAGE_UNKNOWN = "page_unknown"
    TOKEN_ENDED = "token_ended"  # noqa: S105  (a refusal, not a secret)
    NOT_THIS_PAGE = "not_this_page"
    CUSTOMER_UNKNOWN = "customer_unknown"
    OPTED_OUT = "opted_out"
    OPT_IN_EXPIRED = "opt_in_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A message to take; `body` is its frozen text, and `personal` goes before the opt-in's attributes.

    `utility` is the frozen text of what goes out instead once Facebook's window is closed, or empty.
    """

    token_pk: int
    page_id: str
    customer_id: str
    message: payloads.Message
    body: str
    personal: dict[str, str] | None = None
    utility: str = ""

    @property
    def to(self) -> tuple[str, str]:
        return self.page_id, self.customer_id


def refusal_of(order: Order, *, now: datetime) -> Refusal | None:
    """What stands in the way; None where nothing does."""
    return refusals_of([order], token_pk=order.token_pk, now=now)[order.to]


def refusals_of(orders: Collection[Order], *, token_pk: int, now: datetime) -> dict[tuple[str, str], Refusal | None]:
    """The same for many of one token, by page and customer, in three statements."""
    valid = ApiToken.objects.valid(now).filter(pk=token_pk)
    pages = Page.objects.filter(page_id__in={order.page_id for order in orders})
    opened = dict(pages.values_list("page_id", Exists(valid.opening(OuterRef("pk")))))
    found = known(orders).select_related("page").defer("page__token")
    optins = {(optin.page.page_id, optin.customer_id): optin for optin in found}
    ended = not valid.exists()
    return {
        to: _refusal(opened=opened.get(to[0]), optin=optins.get(to), ended=ended, now=now)
        for to in {order.to for order in orders}
    }


def known(orders: Collection[Order]) -> OptInQuerySet:
    """The opt-ins of these customers on these pages, and some that nobody asked for where customers share an id."""
    of_pages = OptIn.objects.filter(page__page_id__in={order.page_id for order in orders})
    return (
        of_pages.filter(customer_id__in={order.customer_id for order in orders})
        .select_related("page")
        .defer("page__token")
    )


def _refusal(*, opened: bool | None, optin: OptIn | None, ended: bool, now: datetime) -> Refusal | None:
    if opened is None:
        return Refusal.PAGE_UNKNOWN
    if ended:
        return Refusal.TOKEN_ENDED
    if not opened:
        return Refusal.NOT_THIS_PAGE
    if optin is None:
        return Refusal.CUSTOMER_UNKNOWN
    if optin.state == OptInState.REVOKED:
        return Refusal.OPTED_OUT
    over = optin.state != OptInState.ACTIVE or (optin.expires_at is not None and optin.expires_at <= now)
    return Refusal.OPT_IN_EXPIRED if over else None


def attributes_of(
    orders: Collection[Order], *, pages: Collection[int]
) -> Mapping[tuple[str, str], Mapping[str, object]]:
    """What is known of these customers, by page and customer; of those on `pages`, and of nobody else."""
    if not orders:
        return {}
    rows = known(orders).filter(page_id__in=pages).values_list("page__page_id", "customer_id", "attributes")
    return {(page_id, customer_id): attributes for page_id, customer_id, attributes in rows}
