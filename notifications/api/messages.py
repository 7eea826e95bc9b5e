"""The guide's own call: a message to one customer."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from notifications import payloads
from notifications.api import bodies, forecasts, keys
from notifications.api.access import access_of, token
from notifications.api.answers import answer
from notifications.api.documentation import words
from notifications.api.documents import MESSAGE_BODY, ONCE, failures
from notifications.api.envelope import success
from notifications.api.keys import Answer
from notifications.api.orders import check_that_it_can_be_filled, has_placeholders, order_of, refusal
from notifications.api.schemas import Forecast, Success, Taken
from notifications.api.telling import link_to
from notifications.services import accepting
from notifications.services.accepting import Accepted, NotAccepted
from notifications.services.refusing import Order, attributes_of
from notifications.words import say
from pages.scopes import Scope

router = Router(tags=["Messages"], by_alias=True)


@router.post(
    "/social/facebook/messenger/pages/{page_id}/customers/{path:customer_id}/messages",
    auth=token(Scope.MESSAGES_SEND, at_dispatch=True),
    operation_id="send_message",
    summary="Send a message to a customer",
    response={202: Taken, 200: Success[Forecast], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra={**MESSAGE_BODY, **ONCE},
)
def send(
    request: HttpRequest,
    page_id: str,
    customer_id: str,
    dry_run: Annotated[bool, Query(description=words.DRY_RUN)] = False,  # noqa: FBT002  (ninja passes it by name)
) -> HttpResponse:
    """202 says that the message has its row: it will be sent, or it will be said why not."""
    raw, now = bodies.read(request), timezone.now()

    def order() -> Order:
        access = access_of(request)
        found = order_of(bodies.value(raw), token_pk=access.token_pk, page_id=page_id, customer_id=customer_id)
        if has_placeholders(found):
            known = attributes_of([found], pages=access.pages)
            check_that_it_can_be_filled(found, known.get(found.to, {}))
        return found

    def work() -> Answer:
        wanted = order()
        try:
            return taken(wanted, accepting.accept(wanted, now=now))
        except NotAccepted as error:
            raise refusal(error.refusal, wanted) from None

    if dry_run:
        return answer(success(forecasts.forecast(order(), now=now)))
    return keys.once(keys.call_of(request, raw), now=now, work=work).response()


def taken(order: Order, row: Accepted) -> Answer:
    """The answer to a message that has its row."""
    link = link_to(row.delivery_id)
    data = {
        "id": row.delivery_id,
        "state": "queued",
        "_link": link,
        "created_at": _told(row.created_at),
        "useful_until": _told(row.expires_at),
    }
    warnings = payloads.warnings_of(order.message)
    told = [{"field": one.path, "code": one.code, "message": say(one)} for one in warnings]
    return Answer(status=202, body=success(data, warnings=told), location=link)


# The messages of a batch have their times in common.
_told = lru_cache(maxsize=16)(datetime.isoformat)
