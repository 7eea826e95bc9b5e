"""The person behind a conversation: the whole file of what is known, and erasing it, asked first."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from notifications.admin.conversations.rows import beside, name_of
from notifications.admin.lookups import by_pk
from notifications.admin.people import actor_of
from optins.admin.erasing import Confirmation
from optins.admin.whole_file import archive
from optins.services import AgreedMeanwhile, StillLeaving
from optins.services.erasing_people import erase_person
from optins.services.whole_file.making import count
from optins.services.whole_file.person import of_thread
from pages.admin.base import not_here, question
from pages.admin.unfold import ModelAdmin
from pages.models import Thread

VIEW, ERASE = "pages.view_thread", "optins.erase_optin"


class Typed(Confirmation):
    """The PSID, which no other person on the page has: two people may have one name."""

    typed = forms.CharField(
        label=gettext_lazy("Type the PSID to confirm"),
        error_messages={"required": gettext_lazy("Type the PSID to confirm.")},
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}
        ),
    )
    another = gettext_lazy("This is another PSID. It has to be the same, to the letter.")


class PersonViews(ModelAdmin[Thread]):
    """Doors on the conversation's page."""

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            view = self.admin_site.admin_view(view)
            found: URLPattern = path(f"<path:object_id>/{route}/", view, name=f"pages_thread_{name}")
            return found

        return [
            door("erase", self.erase_view, "erase"),
            door("whole-file", require_POST(self.whole_file_view), "whole_file"),
            *super().get_urls(),
        ]

    def whole_file_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        thread = self._thread(object_id)
        if thread is None:
            return not_here(self, request, object_id)
        return archive(request, person=of_thread(thread), subject=thread)

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not request.user.has_perms((VIEW, ERASE)):
            raise PermissionDenied
        thread = self._thread(object_id)
        if thread is None:
            return not_here(self, request, object_id)
        person = of_thread(thread)
        if not person.is_anybody:
            self.message_user(request, _("This person was erased already."), messages.WARNING)
            return _to(thread)
        form = Typed(request.POST if request.method == "POST" else None, wanted=thread.psid)
        if not form.is_valid():
            told = {"form": form, "person": person, "known": count(person), "name": name_of(thread)}
            template, title = "admin/pages/thread/erase.html", _("Erase this person?")
            return question(self, request, thread, template=template, title=title, **told)
        return self._erase(request, thread)

    def _erase(self, request: HttpRequest, thread: Thread) -> HttpResponse:
        try:
            erase_person(page=thread.page, psid=thread.psid, actor=actor_of(request), now=timezone.now())
        except (AgreedMeanwhile, StillLeaving) as error:
            self.message_user(request, str(error), messages.ERROR)
            return _to(thread)
        self.message_user(request, _("Erased. If this person writes again, a new conversation begins."))
        return HttpResponseRedirect(reverse("admin:pages_thread_changelist"))

    def _thread(self, object_id: str) -> Thread | None:
        return by_pk(beside(Thread.objects.all()), object_id)


def _to(thread: Thread) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:pages_thread_change", args=[thread.pk]))
