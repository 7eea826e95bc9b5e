"""A click on the shop's page becomes an invitation: a link and a code that stand for what was clicked."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from optins import codes, customer_ids
from optins.models import Invitation
from pages.models import Button, Link, Page, Site, Wording
from pages.models.button import ButtonKind
from pages.states import GatewayKind

MAX_ADDRESS, MAX_LABEL, MAX_LANGUAGE = 2_000, 120, 16
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\Z")


class CannotInvite(Exception):
    """`code` says why, to the tag and to nobody else."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """What the tag tells of a click. `wording` is the id of the text that stood beside the button, where it says so."""

    customer_id: str
    button: int
    address: str
    language: str
    label: str = ""
    wording: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    link: str
    code: str
    expires_at: datetime


def invite(*, site: Site, click: Click, now: datetime) -> Invited:
    """The same for an id that is known and one that is not. Raises CannotInvite."""
    page = page_of(site)
    customer_id = _customer_id(click.customer_id)
    button = site.buttons.filter(pk=click.button, enabled=True, kind=ButtonKind.SEND_TO_MESSENGER).first()
    if button is None:
        raise CannotInvite("button")
    language = click.language[:MAX_LANGUAGE] if _LANGUAGE.match(click.language) else settings.LANGUAGE_CODE
    token, code = codes.new_token(), _new_code(page, now)
    expires_at = now + timedelta(seconds=settings.OPTIN_TOKEN_SECONDS)
    Invitation.objects.create(
        token_sha256=codes.digest(token),
        code_sha256=code_digest(page, code),
        site=site,
        page=page,
        button=button,
        wording=_wording(button, language, click.wording),
        customer_id=customer_id,
        address=click.address[:MAX_ADDRESS],
        look=_look(button, click.label),
        language=language,
        created_at=now,
        expires_at=expires_at,
    )
    return Invited(link=f"{settings.M_ME_URL}/{page.page_id}?ref={token}", code=code, expires_at=expires_at)


def page_of(site: Site) -> Page:
    """Where the site's visitors are written to. Raises CannotInvite where Facebook tells us of nobody."""
    link = Link.objects.open().filter(site=site).select_related("page").first()
    if link is None:
        raise CannotInvite("no_page")
    if link.page.gateway != GatewayKind.META:
        raise CannotInvite("not_through_facebook")
    return link.page


def code_digest(page: Page, code: str) -> str:
    """Keyed: a plain hash of six signs is undone in seconds."""
    return salted_hmac("code of an invitation", f"{page.pk}/{code}", algorithm="sha256").hexdigest()


def by_code(page: Page, code: str, now: datetime) -> Invitation | None:
    """The invitation, as long as its code is good; none where two have the same."""
    since = now - timedelta(seconds=settings.OPTIN_CODE_SECONDS)
    found = Invitation.objects.filter(page=page, code_sha256=code_digest(page, code), created_at__gt=since)
    rows = list(found[:2])
    return rows[0] if len(rows) == 1 else None


def is_code_awaited(page: Page, now: datetime) -> bool:
    """Whether anybody on this page was shown one that may still be typed."""
    since = now - timedelta(seconds=settings.OPTIN_CODE_SECONDS)
    return Invitation.objects.filter(created_at__gt=since, page=page).exclude(code_sha256="").exists()


def _new_code(page: Page, now: datetime) -> str:
    code = codes.new_code()
    while by_code(page, code, now) is not None:
        code = codes.new_code()
    return code


def _customer_id(raw: str) -> str:
    try:
        customer_id = customer_ids.parse(raw)
    except customer_ids.CustomerIdError:
        raise CannotInvite("customer_id") from None
    if customer_ids.suspicion(customer_id):
        raise CannotInvite("suspicious_customer_id")
    return customer_id


def _wording(button: Button, language: str, told: int | None) -> Wording | None:
    """What the visitor read: the text that the tag names, else the newest in the visitor's language."""
    texts = Wording.objects.filter(button=button)
    named = texts.filter(pk=told).first() if told else None
    return named or texts.filter(language__in={language, language.partition("-")[0]}).order_by("-pk").first()


def _look(button: Button, label: str) -> dict[str, str]:
    return {"kind": button.kind, "size": button.size, "colour": button.colour, "label": label[:MAX_LABEL]}
