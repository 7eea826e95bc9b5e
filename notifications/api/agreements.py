"""What the calls about opt-ins share: finding them, agreements as they are told, and refusals in words."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.api.access import access_of, page_of
from notifications.api.asking import customer_id_of, fault, instant_of
from notifications.api.envelope import ApiError
from notifications.api.evidence import plain, proof_of
from notifications.api.optin_shapes import NewOptIn
from optins import services
from optins.attributes import AttributeProblem
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from optins.services import Agreement
from optins.services.terms import lifetime_of, pattern_of
from optins.states import Lifetime, OptInState, Purpose, Source
from pages import audit
from pages.models import Page

# Seconds until a message that is leaving has left.
_SOON = "5"

_REFUSALS: Mapping[type[Exception], str] = {
    services.HeldByAnother: "held_by_another",
    services.TakenBack: "opted_out",
    services.Suppressed: "erased",
}


def by_token(request: HttpRequest) -> AbstractContextManager[None]:
    """Whatever is done within is written down as the token's doing."""
    access = access_of(request)
    return audit.by_token(pk=access.token_pk, name=access.name)


def rows_of(page: Page) -> OptInQuerySet:
    """The page's opt-ins; what is left of somebody who was erased is none."""
    rows = OptIn.objects.filter(page=page).exclude(state=OptInState.ERASED)
    return rows.select_related("page", "recipient").defer("page__token")


def in_state(rows: OptInQuerySet, state: str, now: datetime) -> OptInQuerySet:
    """Those in which it holds now: an agreement whose time is over is expired, swept or not."""
    if state == OptInState.ACTIVE:
        return rows.active(now)
    over = Q(state=OptInState.ACTIVE, expires_at__lte=now) if state == OptInState.EXPIRED else Q()
    return rows.filter(Q(state=state) | over if over else Q(state=state))


def optin_of(request: HttpRequest, page_id: str, customer_id: str) -> OptIn:
    """Raises ApiError 400, 403 or 404."""
    page, parsed = page_of(request, page_id), customer_id_of(customer_id)
    optin = rows_of(page).filter(customer_id=parsed).first()
    if optin is None:
        raise nobody(parsed)
    return optin


def nobody(customer_id: str) -> ApiError:
    words = _("Nobody has opted in under the customer_id “%(id)s” on this page.")
    return fault(404, "customer_id", "customer_unknown", words % {"id": customer_id})


def agreement_of(request: HttpRequest, asked: NewOptIn, customer_id: str, *, now: datetime) -> Agreement:
    """Raises ApiError 422."""
    lifetime = Lifetime(asked.lifetime) if asked.lifetime else None
    expires_at = instant_of(asked.expires_at, "expires_at")
    if expires_at and (lifetime or lifetime_of(customer_id)) == Lifetime.DURABLE:
        raise fault(422, "expires_at", "durable", _("A durable agreement doesn't expire: give it as temporary."))
    if expires_at and expires_at <= now:
        raise fault(422, "expires_at", "time_passed", _("This moment is over. Give one in the future, or none."))
    evidence = proof_of(asked.evidence, token_name=access_of(request).name)
    purpose = Purpose(asked.purpose) if asked.purpose else None
    return Agreement(source=Source.API, lifetime=lifetime, expires_at=expires_at, purpose=purpose, evidence=evidence)


def refuse_wider(*, page: Page, customer_id: str, agreement: Agreement) -> None:
    """The site's patterns say what its customer_ids stand for; no system widens that. Raises ApiError 422."""
    site, told = page.site, agreement.purpose
    pattern = pattern_of(site, customer_id) if site and told else None
    if pattern and pattern.purpose not in {told, Purpose.MARKETING}:
        words = _("The site's pattern “%(detail)s” does not allow this purpose.")
        raise fault(422, "purpose", "purpose_wider", words % {"detail": pattern.pattern})


def agree(*, page: Page, customer_id: str, psid: str | None, agreement: Agreement, now: datetime) -> OptIn:
    """Raises ApiError 409."""
    try:
        return services.agree_as(psid=psid, page=page, customer_id=customer_id, agreement=agreement, now=now)
    except tuple(_REFUSALS) as error:
        raise fault(409, "customer_id", _REFUSALS[type(error)], str(error)) from None


def describe(optin: OptIn, more: Mapping[str, Any], without: Collection[str]) -> None:
    """Raises ApiError 404 or 422."""
    given = {name: plain(value) for name, value in more.items()}
    try:
        services.describe_more(optin=optin, more=given, without=without, actor=None)
    except AttributeProblem as problem:
        field = f"attributes.{problem.name}" if problem.name else "attributes"
        raise fault(422, field, problem.code, _(problem.message) % problem.params) from None
    except services.ChangedMeanwhile:
        raise nobody(optin.customer_id) from None


def erase(optin: OptIn) -> None:
    """Raises ApiError 409."""
    try:
        services.erase(optin=optin, actor=None, now=timezone.now())
    except services.StillLeaving as error:
        raise fault(409, "", "still_leaving", str(error), retry_after=_SOON) from None
    except services.AgreedMeanwhile as error:
        raise fault(409, "", "agreed_again", str(error)) from None
