"""The person's pages, to tick and to give sites to; all of what was chosen is linked, or nothing."""

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from pages.admin.base import actor_of
from pages.admin.facebook import way
from pages.admin.facebook.choice_form import ChoiceForm
from pages.models import FacebookLogin, Page
from pages.services import connecting, logins, offers, subscribing
from pages.services.choices import choices, free_sites
from pages.services.links import CannotLink
from pages.services.logins import LoginFailed

# Above this a list is searched, not read.
MANY = 8


@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    way.require_right(request)
    now, actor = timezone.now(), actor_of(request)
    try:
        login = logins.waiting_for_a_choice(user=actor, session_key=way.session_key(request), now=now)
        form = ChoiceForm(choices(offers.read(login)), request.POST if request.method == "POST" else None)
        if form.is_valid():
            return _link(request, login, form, actor)
    except LoginFailed as failed:
        return way.leads_to_facebook(request, way.explain(request, failed))
    return _ask(request, login, form)


def _link(request: HttpRequest, login: FacebookLogin, form: ChoiceForm, actor: AbstractBaseUser) -> HttpResponse:
    now = timezone.now()
    try:
        pages = connecting.connect(login=login, chosen=form.chosen, actor=actor, now=now)
    except CannotLink as refusal:
        # Somebody was faster: the list is read anew, and shows whose the page is.
        fresh = ChoiceForm(choices(offers.read(login)), request.POST)
        fresh.refuse(_("Nothing was linked. %(reason)s") % {"reason": refusal})
        return _ask(request, login, fresh)
    _say(request, [page for page in pages if not _subscribed(request, page, actor)])
    return HttpResponseRedirect(reverse("admin:pages_page_changelist"))


def _subscribed(request: HttpRequest, page: Page, actor: AbstractBaseUser) -> str:
    """What Facebook said where it does not send the page's events, after it was said."""
    problem = subscribing.open_up(page=page, actor=actor, now=timezone.now())
    if problem:
        text = _(
            "%(page)s is linked, but Facebook does not send us its events, so it waits on hold: %(problem)s. Open the "
            "page to try again."
        )
        messages.error(request, text % {"page": page.name, "problem": problem.rstrip(".")})
    return problem


def _say(request: HttpRequest, pages: list[Page]) -> None:
    if pages:
        text = ngettext("%(pages)s is linked and may send.", "%(pages)s are linked and may send.", len(pages))
        messages.success(request, text % {"pages": ", ".join(page.name for page in pages)})


def _ask(request: HttpRequest, login: FacebookLogin, form: ChoiceForm) -> HttpResponse:
    rows = form.rows()
    context = {
        "login": login,
        "form": form,
        "rows": rows,
        "free": sum(row.choice.is_free for row in rows),
        "many": len(rows) > MANY,
        "sites": free_sites(),
        "lacks_permission": any(row.choice.page.missing_permissions for row in rows),
    }
    title = _("Choose pages and their sites")
    return way.leads_to_facebook(request, way.render(request, "admin/pages/facebook/choose.html", context, title=title))
