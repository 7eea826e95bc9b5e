"""Webhooks on their way to the app: what was told, what waits, what failed, and in which manner."""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from messenger_admin.sandbox.messenger import callback, manners, outbox, verification
from messenger_admin.sandbox.messenger.manners import USUAL, Manner
from messenger_admin.sandbox.messenger.outbox import Entry
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.messenger import places
from messenger_admin.sandbox.web.messenger.forms import MannerForm, WebhooksForm
from messenger_admin.sandbox.web.threads import moment

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    entry: Entry
    page: str

    @property
    def at(self) -> Any:
        return moment(self.entry.at)

    @property
    def due(self) -> Any:
        return moment(self.entry.due_at)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    with opened(settings.SANDBOX_STORE) as store:
        form = MannerForm(request.POST if request.method == "POST" else None, holds=manners.load(store))
        if form.is_valid():
            manners.tell(store, form.cleaned_data["page_id"], **form.changes())
            notices.success(request, _("Told. It holds from the next event on."))
            return redirect("sandbox:webhooks")
    return render(request, "sandbox/messenger/webhooks.html", {"tab": "webhooks", "form": form, **_shown(request)})


def _shown(request: HttpRequest) -> dict[str, Any]:
    asked = WebhooksForm(request.GET)
    wanted = asked.cleaned_data if asked.is_valid() else {}
    page_id, state, before = wanted.get("page_id", ""), wanted.get("state", ""), wanted.get("before")
    with opened(settings.SANDBOX_STORE) as store:
        found = outbox.newest(store, page_id=page_id, state=state, before=before, limit=PER_PAGE + 1)
        hooks, told = outbox.hooks(store), manners.told(store)
        concerned = {*(one.page_id for one in found), *(one.page_id for one in hooks), *told}
        names = places.named(store, concerned)
        proof, waiting = callback.load(store), outbox.count(store)
    return {
        "rows": [Row(entry=one, page=names.get(one.page_id, one.page_id)) for one in found[:PER_PAGE]],
        "older": found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        "hooks": [{"hook": one, "page": names.get(one.page_id, one.page_id)} for one in hooks],
        "told": [(names.get(one, one), one, _unusual(manner)) for one, manner in told.items()],
        "proof": proof,
        "waiting": waiting,
        "address": verification.address(),
        "chosen": {"page_id": page_id, "state": state},
    }


def _unusual(manner: Manner) -> list[tuple[str, Any]]:
    """What differs from a good day, in the form's words."""
    usual, fields = asdict(USUAL), MannerForm.base_fields
    changed = {name: value for name, value in asdict(manner).items() if value != usual[name]}
    return [(str(fields[name].label), _words(fields[name], value)) for name, value in changed.items()]


def _words(field: Field, value: Any) -> str:
    """As the form's choice says it, or the number."""
    spelt = str(value).lower() if isinstance(value, bool) else str(value)
    return str(dict(getattr(field, "choices", ())).get(spelt, spelt))


@require_POST
def usual(request: HttpRequest) -> HttpResponse:
    """Back to a good day, for one page or for all of them."""
    with opened(settings.SANDBOX_STORE) as store:
        manners.forget(store, request.POST.get("page_id"))
    notices.success(request, _("Webhooks are posted as on a good day again."))
    return redirect("sandbox:webhooks")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forgets what was posted and drops what waits."""
    with opened(settings.SANDBOX_STORE) as store:
        cleared = outbox.clear(store)
    message = ngettext("%(n)d event was forgotten.", "%(n)d events were forgotten.", cleared)
    notices.success(request, message % {"n": cleared})
    return redirect("sandbox:webhooks")
