"""The guide's own call: a message to one customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Status

from notifications import payloads
from notifications.api import bodies, forecasts, keys
from notifications.api.access import access_of, token
from notifications.api.documents import MESSAGE_BODY, failures
from notifications.api.envelope import success
from notifications.api.orders import order_of, refusal
from notifications.api.schemas import Forecast, Success, Taken
from notifications.services import accepting
from notifications.services.accepting import Accepted, NotAccepted, Order
from notifications.words import say
from pages.scopes import Scope

router = Router(tags=["Messages"])


@router.post(
    "/social/facebook/messenger/pages/{page_id}/customers/{path:customer_id}/messages",
    auth=token(Scope.MESSAGES_SEND, at_dispatch=True),
    operation_id="send_message",
    summary="Send a message to a customer",
    response={202: Taken, 200: Success[Forecast], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra=MESSAGE_BODY,
)
def send(request: HttpRequest, response: HttpResponse, page_id: str, customer_id: str, *, dry_run: bool = False) -> Any:
    """202 says that the message has its row: it will be sent, or it will be said why not."""
    raw = bodies.read(request)
    now, access = timezone.now(), access_of(request)
    order = order_of(bodies.value(raw), token_pk=access.token_pk, page_id=page_id, customer_id=customer_id)
    try:
        if dry_run:
            return Status(200, success(forecasts.forecast(order, now=now)))
        answer = keys.once(
            request, raw, token_pk=access.token_pk, now=now, work=lambda: taken(order, accepting.accept(order, now=now))
        )
    except NotAccepted as error:
        raise refusal(error.refusal, order) from None
    if answer.replayed:
        response[keys.REPLAYED] = "true"
    response["Location"] = answer.body["data"]["_link"]
    return Status(answer.status, answer.body)


def taken(order: Order, row: Accepted) -> dict[str, Any]:
    data = {
        "id": row.delivery_id,
        "state": "queued",
        "_link": f"/v1/messages/{row.delivery_id}",
        "created_at": row.created_at.isoformat(),
        "useful_until": row.expires_at.isoformat(),
    }
    warnings = payloads.warnings_of(order.message)
    return success(data, warnings=[{"field": one.path, "code": one.code, "message": say(one)} for one in warnings])
