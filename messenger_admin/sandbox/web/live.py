"""What the phone's script asks for every second: the messages that came since, as ready HTML."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from messenger_admin.sandbox.messages import Query, Stored, newest, oldest
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.forms import ThreadForm
from messenger_admin.sandbox.web.threads import owner, shown

# More than this at once come with the next questions.
AT_ONCE = 100


@never_cache
@require_GET
def thread(request: HttpRequest) -> JsonResponse:
    """What came after the id `after`. `reset` tells to forget what is shown, since the thread was cleared."""
    form = ThreadForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.problems()}, status=400)
    page_id, customer_id = form.cleaned_data["page_id"], form.cleaned_data["customer_id"]
    reset, new, previous = _since(page_id, customer_id, form.cleaned_data["after"] or 0)
    return JsonResponse({"reset": reset, **fragments(page_id, new, previous)})


def _since(page_id: str, customer_id: str, after: int) -> tuple[bool, list[Stored], Stored | None]:
    """Whether the last message that is shown has gone, those that are new, and the delivered one before them."""
    with opened(settings.SANDBOX_STORE) as store:
        reset = bool(after) and not oldest(store, Query(after=after - 1, before=after + 1), 1)
        query = Query(page_id=page_id, customer_id=customer_id, after=0 if reset else after)
        new = oldest(store, query, AT_ONCE)
        if not new or reset:
            return reset, new, None
        earlier = Query(page_id=page_id, customer_id=customer_id, before=new[0].id, delivered=True)
        return reset, new, next(iter(newest(store, earlier, 1)), None)


def fragments(page_id: str, new: list[Stored], previous: Stored | None) -> dict[str, Any]:
    """HTML for the phone, in order, and for the log beside it, newest first; nothing where nothing came."""
    if not new:
        return {"after": None, "phone": "", "log": ""}
    page = owner(page_id)
    delivered = shown([message for message in new if message.delivered], previous)
    with timezone.override(page.zone):
        return {
            "after": new[-1].id,
            "phone": render_to_string("sandbox/messages.html", {"rows": delivered, "page": page}),
            "log": render_to_string("sandbox/log.html", {"rows": shown(new)[::-1]}),
        }
