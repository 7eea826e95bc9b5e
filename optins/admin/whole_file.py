"""A person's whole file, by one click: an archive that is made, written down in the audit log, and kept nowhere."""

import re
from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from optins.models import OptIn
from optins.services.whole_file.book import rights
from optins.services.whole_file.making import make
from optins.services.whole_file.person import Person, of_optin
from pages.admin.base import actor_of, not_here
from pages.admin.unfold import ModelAdmin

# Of an id in the file's name; the file itself has the whole of it.
MOST = 60


def may_export(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever may see each part of it on the screens."""
    return bool(getattr(user, "has_perms", lambda _rights: False)(rights()))


def archive(request: HttpRequest, *, person: Person, subject: models.Model) -> FileResponse:
    """For a POST alone: it is written down who asked."""
    if not may_export(request.user):
        raise PermissionDenied
    out, now = TemporaryFile(), timezone.now()  # noqa: SIM115  (the response closes it, and with that it is gone)
    make(person=person, subject=subject, actor=actor_of(request), now=now, out=out)
    out.seek(0)
    name = re.sub(r"[^\w.-]+", "-", (person.customer_ids or ("",))[0])[:MOST].strip("-")
    words = [_("whole-file"), *([name] if name else []), f"{timezone.localtime(now):%Y-%m-%d}"]
    return FileResponse(out, as_attachment=True, filename="-".join(words) + ".zip", content_type="application/zip")


class WholeFileView(ModelAdmin[OptIn]):
    """The door on the opt-in's page."""

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.whole_file_view)
        door: URLPattern = path(
            "<path:object_id>/whole-file/", self.admin_site.admin_view(view), name="optins_optin_whole_file"
        )
        return [door, *super().get_urls()]

    def whole_file_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        optin: Any = self.get_object(request, object_id)
        if optin is None:
            return not_here(self, request, object_id)
        return archive(request, person=of_optin(optin), subject=optin)
