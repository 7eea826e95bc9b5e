"""The sandbox's pages: who received something, their phones, and how the far end behaves."""

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from messenger_admin.sandbox import messages, rules
from messenger_admin.sandbox.messages import Query
from messenger_admin.sandbox.messenger import acts, people
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.web.behaviour_form import BehaviourForm
from messenger_admin.sandbox.web.forms import AddressForm, CustomersForm, RemovalForm, ThreadForm
from messenger_admin.sandbox.web.threads import moment, names, owner, shown
from messenger_admin.sandbox.web.words import SIDE_LABELS, describe
from pages.models import Page

PER_PAGE = 50
SHOWN = 50


@never_cache
@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """Those with messages, the one written to last first."""
    form = CustomersForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    start, chosen, search = asked.get("start") or 0, asked.get("page_id", ""), asked.get("q", "")
    with opened(settings.SANDBOX_STORE) as store:
        found = messages.threads(store, page_id=chosen, search=search, start=start, limit=PER_PAGE + 1)
        pages = messages.page_ids(store)
        total, told = messages.count(store, Query()), len(rules.load(store))
        persons = people.named(store, [thread.customer_id for thread in found])
    known = names(pages)
    context = {
        "tab": "customers",
        "total": total,
        "told": told,
        "rows": [
            {
                "thread": thread,
                "person": persons.get(thread.customer_id, ""),
                "page": known.get(thread.page_id, thread.page_id),
                "at": moment(thread.last_at),
            }
            for thread in found[:PER_PAGE]
        ],
        "pages": [{"page_id": page_id, "name": known.get(page_id, page_id)} for page_id in pages],
        "chosen": chosen,
        "search": search,
        "newer": max(start - PER_PAGE, 0) if start else None,
        "older": start + PER_PAGE if len(found) > PER_PAGE else None,
    }
    return render(request, "sandbox/customers.html", context)


@never_cache
@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    """One customer's phone; its script asks for what comes later."""
    form = ThreadForm(request.GET)
    if not form.is_valid():
        notices.error(request, _("A phone needs page_id and customer_id. Choose a customer here."))
        return redirect("sandbox:customers")
    page_id, customer_id = form.cleaned_data["page_id"], form.cleaned_data["customer_id"]
    show = form.cleaned_data["show"] or SHOWN
    with opened(settings.SANDBOX_STORE) as store:
        found = messages.newest(store, Query(page_id=page_id, customer_id=customer_id), show + 1)
    page = owner(page_id)
    recent = found[-show:]
    context = {
        "page": page,
        "customer_id": customer_id,
        "rows": shown(message for message in recent if message.delivered),
        "log": shown(recent)[::-1],
        "after": recent[-1].id if recent else 0,
        "more": show * 4 if len(found) > show else None,
    }
    with timezone.override(page.zone):
        return render(request, "sandbox/phone.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def behaviour(request: HttpRequest) -> HttpResponse:
    """What the far end was told, and a form to tell it more."""
    form = BehaviourForm(request.POST if request.method == "POST" else None)
    with opened(settings.SANDBOX_STORE) as store:
        if form.is_valid():
            told = rules.add(store, form.behaviour())
            notices.success(request, _("Told: %(behaviour)s. It holds from now on.") % {"behaviour": describe(told)})
            return redirect("sandbox:behaviour")
        in_force = rules.load(store)[::-1]
    known = names(told.page_id for told in in_force)
    rows = [
        {
            "told": told,
            "words": describe(told),
            "side": SIDE_LABELS[told.side],
            "page": known.get(told.page_id, told.page_id),
        }
        for told in in_force
    ]
    context = {"tab": "behaviour", "form": form, "rows": rows, "pages": Page.objects.only("page_id", "name")}
    return render(request, "sandbox/behaviour.html", context)


@require_POST
def remove_behaviour(request: HttpRequest) -> HttpResponse:
    form = RemovalForm(request.POST)
    if form.is_valid():
        with opened(settings.SANDBOX_STORE) as store:
            removed = rules.remove(store, form.cleaned_data["id"])
        message = ngettext("%(n)d behaviour was taken back.", "%(n)d behaviours were taken back.", removed)
        notices.success(request, message % {"n": removed})
    return redirect("sandbox:behaviour")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forgets one customer's thread, one page's, or all: those that the form names."""
    form = AddressForm(request.POST)
    if form.is_valid():
        query = Query(page_id=form.cleaned_data["page_id"], customer_id=form.cleaned_data["customer_id"])
        with opened(settings.SANDBOX_STORE) as store:
            cleared = messages.clear(store, query)
            acts.forget(store, page_id=query.page_id, psid=query.customer_id)
        message = ngettext("%(n)d message was forgotten.", "%(n)d messages were forgotten.", cleared)
        notices.success(request, message % {"n": cleared})
    return redirect("sandbox:customers")
