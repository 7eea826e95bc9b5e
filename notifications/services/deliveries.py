"""Putting single messages into the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from notifications import hints, payloads
from notifications.launch_problems import LaunchProblem, problem
from notifications.models import Content, Delivery
from notifications.payloads import Message
from notifications.payloads.utility import Choice
from notifications.services import installation, personalising
from notifications.services.contents import freeze
from notifications.states import DeliveryState, Origin
from optins import customer_ids
from optins.models import OptIn
from pages import audit
from pages.models import Page
from pages.states import PageState


class NotOptedIn(Exception):
    """Nobody with this customer_id agreed to be written to on this page."""


class NoValue(Exception):
    """The customer has no value for some placeholders that have no default; `str()` names them, and the way out."""


class PageCannotSend(Exception):
    """The page is unlinked, on hold, or has no token; `str()` says which, and the way out."""


def page_problem(page: Page) -> LaunchProblem | None:
    """Why the page can't send, and what to do; None when it can."""
    if not installation.is_armed():
        return problem("restored_copy")
    if page.open_link is None:
        return problem("page_unlinked", page=str(page))
    if page.state == PageState.ON_HOLD:
        return problem("page_on_hold", page=str(page))
    if not page.token:
        return problem("page_without_token", page=str(page))
    return None


def obstacle_of(page: Page) -> str:
    """The same in the reader's language; empty when it can."""
    return str(page_problem(page) or "")


def missing_words(names: Sequence[str]) -> str:
    """Of placeholders that can't be filled; `names` is not empty."""
    words = _("This customer has no value for: %(names)s. Write a default, as in {{ %(first)s|… }}, or choose another.")
    return words % {"names": ", ".join(names), "first": names[0]}


def send_test(
    *,
    message: Message,
    page: Page,
    customer_id: str,
    actor: AbstractBaseUser | None,
    now: datetime,
    utility: Choice | None = None,
) -> Delivery:
    """Queues the message for one customer_id, ahead of every campaign; useful for an hour.

    Raises CustomerIdError, NotOptedIn, NoValue, or PageCannotSend.
    """
    obstacle = obstacle_of(page)
    if obstacle:
        raise PageCannotSend(obstacle)
    customer_id = customer_ids.parse(customer_id)
    optin = OptIn.objects.active(now).filter(page=page, customer_id=customer_id).first()
    if optin is None:
        raise NotOptedIn(
            _("Nobody with the customer_id “%(id)s” has an active opt-in on %(page)s.")
            % {"id": customer_id, "page": page}
        )
    if missing := payloads.compiled(message.as_json()).missing(optin.attributes):
        raise NoValue(missing_words(missing))
    with transaction.atomic():
        content = freeze(message, utility)
        delivery = enqueue(optin=optin, content=content, origin=Origin.TEST, actor=actor, now=now)
        audit.record(actor=actor, action="notification.tested", subject=delivery, customer_id=customer_id)
    return delivery


def enqueue(
    *,
    optin: OptIn,
    content: Content,
    origin: Origin,
    actor: AbstractBaseUser | None,
    now: datetime,
    values: Mapping[str, object] | None = None,
) -> Delivery:
    """The row of one transactional message, and the hint to its page.

    `values` fill the content's placeholders, and go before the opt-in's attributes.
    """
    delivery = Delivery.objects.create(
        page_id=optin.page_id,
        optin=optin,
        content=content,
        origin=origin,
        requested_by_id=actor.pk if actor else None,
        personal=personalising.given(values),
        state=DeliveryState.QUEUED,
        created_at=now,
        due_at=now,
        expires_at=now + timedelta(seconds=settings.TEST_LIFE if origin == Origin.TEST else settings.MESSAGE_LIFE),
    )
    hints.kick_page(optin.page_id)
    return delivery
