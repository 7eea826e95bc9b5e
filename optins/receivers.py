"""What happens here when something happens in the apps below."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from optins.services import hearing, terms
from pages.events import Event
from pages.models import Page, Site, Thread
from pages.signals import facebook_event


def hear_facebook(page: Page, thread: Thread | None, event: Event, now: datetime, **_kwargs: Any) -> None:
    hearing.hear(page=page, thread=thread, event=event, now=now)


def give_patterns(instance: Site, *, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    """A new site knows the guide's temporary ids, in the words of whoever makes it."""
    if created and not raw:
        terms.give_defaults(instance, names=(_("Order"), _("Stock alert")))


def connect() -> None:
    """Connects the receivers; called once, when the app is ready."""
    facebook_event.connect(hear_facebook, dispatch_uid="optins hear Facebook")
    post_save.connect(give_patterns, sender=Site, dispatch_uid="give patterns")
