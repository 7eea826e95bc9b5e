"""What became of messages: one by its link, or those of a customer, newest first.

The list has the address that sending has, and an address has one router.
"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query

from notifications.api import messages, paging
from notifications.api.access import access_of, page_of, token
from notifications.api.answers import answer
from notifications.api.asking import customer_id_of
from notifications.api.documents import failures
from notifications.api.envelope import ApiError, success
from notifications.api.orders import unknown_customer
from notifications.api.schemas import DeliveryStates, MessageTold, MessageToldWhole, Success
from notifications.api.telling import tell, tell_whole
from notifications.models import Delivery
from notifications.states import ANSWERS
from optins.models import OptIn
from pages.scopes import Scope

router = messages.router


@router.get(
    "/v1/messages/{message_id}",
    auth=token(Scope.MESSAGES_READ),
    operation_id="read_message",
    summary="What became of a message",
    response={200: Success[MessageToldWhole], **failures(403, 404)},
)
def read(request: HttpRequest, message_id: str) -> HttpResponse:
    """Its state, why, each try, and the body that went out. Of pages that the token does not open nothing is told."""
    # What is answered in a conversation was none of the merchant's systems' asking.
    rows = Delivery.objects.filter(page_id__in=access_of(request).pages).exclude(origin__in=ANSWERS)
    found = _together(rows).select_related("content").filter(pk=_pk(message_id)).first()
    if found is None:
        raise ApiError(404, _("There is no message %(id)s here.") % {"id": message_id})
    return answer(success(tell_whole(found)))


@router.get(
    "/social/facebook/messenger/pages/{page_id}/customers/{path:customer_id}/messages",
    auth=token(Scope.MESSAGES_READ),
    operation_id="list_messages",
    summary="The messages of a customer",
    response={200: paging.Listed[MessageTold], **failures(400, 403, 404)},
)
def listed(
    request: HttpRequest,
    page_id: str,
    customer_id: str,
    state: Annotated[DeliveryStates | None, Query(description="Those in this state alone.")] = None,
    after: Annotated[str | None, Query(description=paging.AFTER)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST, description=paging.LIMIT)] = paging.USUAL,
) -> HttpResponse:
    """Newest first, whoever sent them: a campaign, a test, or a call of the API."""
    page, known_as = page_of(request, page_id), customer_id_of(customer_id)
    optin = OptIn.objects.filter(page=page, customer_id=known_as).first()
    if optin is None:
        raise unknown_customer(known_as)
    rows = Delivery.objects.filter(optin=optin, **({"state": state} if state else {}))
    return answer(paging.part(_together(rows), tell, after=after, limit=limit))


def _together(rows: Any) -> Any:
    return rows.select_related("page", "optin").defer("page__token")


def _pk(message_id: str) -> int:
    """What can't be the number of a row is that of none."""
    return int(message_id) if message_id.isascii() and message_id.isdigit() and len(message_id) < 19 else 0
