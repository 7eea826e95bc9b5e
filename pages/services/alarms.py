"""Telling administrators by e-mail that a page stopped, once for each incident."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from pages.models import Incident
from pages.way_out import MAY_MEND, way_out

logger = logging.getLogger(__name__)

# A letter that could not be handed over is tried again after so long, and longer with each failure.
AGAIN = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
AT_ONCE = 20


def tell(*, now: datetime) -> int:
    """Writes about the incidents that nobody was told of yet; returns how many were told of.

    Whoever takes one up has five minutes: a process that dies meanwhile leaves it to the next. So a letter may come
    twice, and is never forgotten.
    """
    due = untold().filter(Q(tell_at=None) | Q(tell_at__lte=now)).select_related("page").defer("page__token")
    return sum(_tell(incident, now) for incident in due.order_by("pk")[:AT_ONCE])


def untold() -> QuerySet[Incident]:
    return Incident.objects.filter(told_at=None, closed_at=None)


def _tell(incident: Incident, now: datetime) -> bool:
    again_at = now + min(AGAIN * 2 ** min(incident.tell_tries, 10), LONGEST)
    mine = untold().filter(pk=incident.pk, tell_tries=incident.tell_tries)
    if not mine.update(tell_at=again_at, tell_tries=F("tell_tries") + 1):
        return False
    readers = addresses()
    if not readers:
        return False
    try:
        _send(incident, readers)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The incident %s was told to nobody: %s", incident.pk, type(error).__name__)
        return False
    Incident.objects.filter(pk=incident.pk).update(told_at=now)
    return True


def addresses() -> list[str]:
    """Of those who can mend it: they may enter a page's token."""
    people = get_user_model().objects.with_perm(MAY_MEND, backend="django.contrib.auth.backends.ModelBackend")
    return sorted(set(people.filter(is_active=True).exclude(email="").values_list("email", flat=True)))


def _send(incident: Incident, readers: list[str]) -> None:
    """A letter of their own for each: nobody reads the others' addresses."""
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = _words(incident)
    letters = [EmailMessage(subject, text, to=[reader]) for reader in readers]
    with get_connection() as post:
        post.send_messages(letters)


def _words(incident: Incident) -> tuple[str, str]:
    address = settings.PUBLIC_URL + reverse("admin:pages_page_change", args=[incident.page_id])
    context = {
        "incident": incident,
        "way_out": way_out(incident.kind, gateway=incident.page.gateway),
        "since": date_format(localtime(incident.opened_at), "DATETIME_FORMAT"),
        "address": address,
    }
    # A name may hold a line break, which no header may.
    subject = " ".join((_("%(page)s is on hold") % {"page": incident.page.name}).split())
    return subject, render_to_string("mail/incident.txt", context)
