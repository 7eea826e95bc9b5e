"""Opt-ins: told by the merchant's systems, read, described, revoked and erased."""

import unicodedata
from functools import partial
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from notifications.api import agreements, bodies, paging
from notifications.api.access import access_of, page_of, token
from notifications.api.answers import answer
from notifications.api.asking import asked_if_any, customer_id_of, fault, takes
from notifications.api.documents import failures
from notifications.api.envelope import success
from notifications.api.evidence import proof_of
from notifications.api.optin_shapes import ChangedAttributes, NewOptIn, OptInEntry, OptInTold, Revocation, States
from notifications.api.optin_words import link_to, tell, tell_with_proof
from notifications.api.schemas import Success
from optins import services
from optins.services import suppressing
from optins.states import Source
from pages.scopes import Scope

router = Router(tags=["Opt-ins"], by_alias=True)

OPTINS = "/v1/pages/{page_id}/optins"
OPTIN = OPTINS + "/{path:customer_id}"
REVOKE = OPTIN + "/revoke"
_REVOKE = "/revoke"


@router.get(
    OPTINS,
    auth=token(Scope.OPTINS_READ),
    operation_id="list_optins",
    summary="List a page's opt-ins",
    response={200: paging.Listed[OptInEntry], **failures(400, 403, 404)},
)
def read_all(
    request: HttpRequest,
    page_id: str,
    *,
    state: States | None = None,
    prefix: Annotated[str, Query(max_length=255, description="With what the customer_ids begin, to the letter.")] = "",
    after: Annotated[str | None, Query(description=paging.AFTER)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST, description=paging.LIMIT)] = paging.USUAL,
) -> HttpResponse:
    """Newest first."""
    page, now = page_of(request, page_id), timezone.now()
    beginning = unicodedata.normalize("NFC", prefix)
    if "\0" in beginning:
        raise fault(400, "prefix", "unprintable", _("Remove the control characters from the prefix."))
    rows = agreements.rows_of(page).with_prefix(beginning)
    rows = agreements.in_state(rows, state, now) if state else rows
    return answer(paging.part(rows, partial(tell, now=now), after=after, limit=limit))


@router.post(
    OPTINS,
    auth=token(Scope.OPTINS_WRITE),
    operation_id="create_optin",
    summary="Tell of an agreement",
    response={201: Success[OptInEntry], 200: Success[OptInEntry], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra=takes(NewOptIn),
)
def create(request: HttpRequest, page_id: str) -> HttpResponse:
    """201 for a new customer_id, 200 for one that is known: the same call again changes nothing.

    409 where somebody else holds the customer_id (the attempt is kept and shown), where the customer took the agreement
    back or was erased: only the customer can agree again then, in Messenger.
    """
    page, now = page_of(request, page_id), timezone.now()
    asked = bodies.parse(request, NewOptIn)
    customer_id = customer_id_of(asked.customer_id, status=422)
    agreement = agreements.agreement_of(request, asked, customer_id, now=now)
    agreements.refuse_wider(page=page, customer_id=customer_id, agreement=agreement)
    is_known = agreements.rows_of(page).filter(customer_id=customer_id).exists()
    with agreements.by_token(request):
        optin = agreements.agree(page=page, customer_id=customer_id, psid=asked.psid, agreement=agreement, now=now)
        agreements.describe(optin, asked.attributes or {}, ())
    link = {"Location": link_to(page_id, customer_id)}
    told = tell(agreements.rows_of(page).get(pk=optin.pk), now=now)
    return answer(success(told), status=200 if is_known else 201, headers=link)


# Before the address of an opt-in, which would take this one for a longer id.
@router.post(
    REVOKE,
    auth=token(Scope.OPTINS_WRITE),
    operation_id="revoke_optin",
    summary="Take an agreement back",
    response={200: Success[OptInEntry], **failures(400, 403, 404, 413, 415, 422)},
    openapi_extra=takes(Revocation, required=False),
)
def revoke(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    """Nothing more is sent, and what waits is skipped. The same call again answers the same."""
    optin, now = agreements.optin_of(request, page_id, customer_id), timezone.now()
    asked = asked_if_any(request, Revocation)
    evidence: dict[str, object] = {"api_token": access_of(request).name}
    if asked.evidence is not None:
        evidence = proof_of(asked.evidence, token_name=access_of(request).name)
    with agreements.by_token(request):
        services.revoke(optin=optin, actor=None, now=now, evidence={"source": Source.API.value, **evidence})
    optin.refresh_from_db(fields=["state", "ended_at"])
    return answer(success(tell(optin, now=now)))


@router.get(
    OPTIN,
    auth=token(Scope.OPTINS_READ),
    operation_id="read_optin",
    summary="Read an opt-in and its proof",
    response={200: Success[OptInTold], **failures(400, 403, 404)},
)
def read(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    return answer(success(tell_with_proof(agreements.optin_of(request, page_id, customer_id), now=timezone.now())))


@router.patch(
    OPTIN,
    auth=token(Scope.OPTINS_WRITE),
    operation_id="describe_optin",
    summary="Change what is known of a customer",
    response={200: Success[OptInEntry], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra=takes(ChangedAttributes),
)
def describe(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    """Attributes that are not named stay as they are."""
    optin = agreements.optin_of(request, page_id, customer_id)
    asked = bodies.parse(request, ChangedAttributes)
    with agreements.by_token(request):
        agreements.describe(optin, asked.attributes or {}, asked.remove or ())
    return answer(success(tell(optin, now=timezone.now())))


@router.delete(
    OPTIN,
    auth=token(Scope.OPTINS_WRITE),
    operation_id="erase_optin",
    summary="Erase a customer",
    response={204: None, **failures(400, 403, 404, 409)},
)
def erase(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    """All that is known under the customer_id goes, and nobody can be opted in under it again, but by the customer in
    Messenger. The same call again answers 204 as well. 409: a message is leaving this instant; repeat the call.
    """
    page, parsed = page_of(request, page_id), customer_id_of(customer_id)
    optin = agreements.rows_of(page).filter(customer_id=parsed).first()
    if optin is None and not suppressing.is_suppressed(page=page, customer_id=parsed):
        raise agreements.nobody(parsed)
    if optin is not None:
        with agreements.by_token(request):
            agreements.erase(optin)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


# An id may end like the address of its revocation.


@router.get(REVOKE, auth=token(Scope.OPTINS_READ), include_in_schema=False)
def read_one_that_ends_so(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    return read(request, page_id, customer_id + _REVOKE)


@router.patch(REVOKE, auth=token(Scope.OPTINS_WRITE), include_in_schema=False)
def describe_one_that_ends_so(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    return describe(request, page_id, customer_id + _REVOKE)


@router.delete(REVOKE, auth=token(Scope.OPTINS_WRITE), include_in_schema=False)
def erase_one_that_ends_so(request: HttpRequest, page_id: str, customer_id: str) -> HttpResponse:
    return erase(request, page_id, customer_id + _REVOKE)
