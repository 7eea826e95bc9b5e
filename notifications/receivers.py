"""What happens here when something happens in the apps below."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from celery.signals import worker_shutting_down
from django.db.models.signals import post_save

from notifications import hints
from notifications.callbacks.events import EventType
from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import answers, belonging, erasing, ledger, utility
from notifications.services.callbacks import telling
from notifications.services.receipts import echoes, watermarks
from notifications.services.whole_file import book
from notifications.shutdown import stopping
from notifications.signals import campaign_moved, deliveries_moved, deliveries_moving
from notifications.states import DeliveryState
from optins.models import OptIn
from optins.services.whole_file.chapter import Chapter
from optins.signals import (
    answer_wanted,
    chapters_wanted,
    id_erased,
    last_written_to,
    optin_agreed,
    optin_ended,
    optin_erased,
    optin_erasing,
    optins_agreed,
    stop_heard,
)
from optins.states import OptInState
from pages.events import Delivered, Echoed, Event, TemplateStatusChanged, WasRead
from pages.models import Page, Site, Thread
from pages.signals import facebook_event, page_looked_at, page_moving, page_resumed, thread_forgotten


def skip_what_is_queued(optin: OptIn, now: datetime, **_kwargs: Any) -> None:
    """Whoever takes an agreement back gets nothing more of what was waiting."""
    optin.refresh_from_db(fields=["state"])
    reason = Reason.OPTED_OUT if optin.state == OptInState.REVOKED else _why_over(optin, now)
    queued = Delivery.objects.filter(optin=optin, state=DeliveryState.QUEUED).values_list("pk", flat=True)
    ledger.move_ids(queued, DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=reason, ended_at=now)


def _why_over(optin: OptIn, now: datetime) -> Reason:
    over = optin.expires_at is not None and optin.expires_at <= now
    return Reason.USED_UP if optin.used_up and not over else Reason.OPT_IN_EXPIRED


def is_leaving(optin: OptIn, **_kwargs: Any) -> bool:
    return erasing.is_leaving(optin)


def forget(optin: OptIn, customer_id: str, now: datetime, **_kwargs: Any) -> None:
    erasing.forget(optin=optin, customer_id=customer_id, now=now)


def forget_id(customer_id: str, **_kwargs: Any) -> None:
    erasing.forget_id(customer_id=customer_id)


def our_chapters(**_kwargs: Any) -> list[Chapter]:
    return list(book.CHAPTERS)


def forget_conversation(thread: Thread, now: datetime, **_kwargs: Any) -> None:
    erasing.forget_conversation(thread=thread, now=now)


def is_told(to: str, **_kwargs: Any) -> bool:
    return telling.is_told(to)


def tell_of_deliveries(moved: list[tuple[int, int]], **_kwargs: Any) -> None:
    telling.deliveries_moved(moved)


def tell_of_campaign(pk: int, frm: str, to: str, **_kwargs: Any) -> None:
    telling.campaign_moved(pk=pk, frm=frm, to=to)


def tell_of_agreement(optin: OptIn, now: datetime, **_kwargs: Any) -> None:
    telling.optin_moved(optin=optin, kind=EventType.OPTIN_GRANTED, now=now)


def tell_of_agreements(optins: list[OptIn], now: datetime, **_kwargs: Any) -> None:
    telling.optins_moved(optins=optins, kind=EventType.OPTIN_GRANTED, now=now)


def tell_of_its_end(optin: OptIn, now: datetime, **_kwargs: Any) -> None:
    optin.refresh_from_db(fields=["state"])
    revoked = optin.state == OptInState.REVOKED
    kind = EventType.OPTIN_REVOKED if revoked else EventType.OPTIN_EXPIRED
    telling.optin_moved(optin=optin, kind=kind, now=now)


def go_on(page: Page, **_kwargs: Any) -> None:
    """It may have come to a site with another clock."""
    Campaign.objects.filter(page=page, rests_until__isnull=False).update(rests_until=None)
    hints.kick_page(page.pk)


def hear_facebook(page: Page, thread: Thread | None, event: Event, now: datetime, **_kwargs: Any) -> None:
    """What Facebook tells of what was sent. In the transaction that marks the event as processed."""
    match event:
        case Delivered() | WasRead():
            watermarks.follow(page=page, thread=thread, event=event)
        case Echoed():
            echoes.note(page=page, thread=thread, event=event)
        case TemplateStatusChanged():
            utility.heard(page=page, event=event, now=now)


def look_at_templates(page: Page, now: datetime, **_kwargs: Any) -> None:
    utility.keep_up(page=page, now=now)


def answer(page: Page, thread: Thread, body: Mapping[str, Any], about: str, now: datetime, **_kwargs: Any) -> None:
    answers.answer(page=page, thread=thread, body=body, about=about, now=now)


def say_nothing_more(thread: Thread, now: datetime, **_kwargs: Any) -> None:
    answers.withdraw(thread=thread, now=now)


def whom_it_was_for(thread: Thread, **_kwargs: Any) -> int | None:
    return answers.last_written_to(thread=thread)


def goes_with(page: Page, **_kwargs: Any) -> list[str]:
    return belonging.effects(page)


def look_at_its_clock(instance: Site, **_kwargs: Any) -> None:
    """Quiet hours are read on the site's clock, which may be another from now on."""
    resting = Campaign.objects.filter(rests_until__isnull=False)
    resting.filter(page__links__site=instance, page__links__closed_at=None).update(rests_until=None)


def stop(**_kwargs: Any) -> None:
    stopping.set()


def connect() -> None:
    """Connects the receivers; called once, when the app is ready."""
    # First what the customer did, then what follows from it.
    optin_ended.connect(tell_of_its_end, dispatch_uid="tell of its end")
    optin_ended.connect(skip_what_is_queued, dispatch_uid="skip what is queued")
    optin_agreed.connect(tell_of_agreement, dispatch_uid="tell of agreement")
    optins_agreed.connect(tell_of_agreements, dispatch_uid="tell of agreements")
    optin_erasing.connect(is_leaving, dispatch_uid="is leaving")
    optin_erased.connect(forget, dispatch_uid="forget")
    id_erased.connect(forget_id, dispatch_uid="forget id")
    chapters_wanted.connect(our_chapters, dispatch_uid="our chapters")
    thread_forgotten.connect(forget_conversation, dispatch_uid="forget conversation")
    answer_wanted.connect(answer, dispatch_uid="answer")
    stop_heard.connect(say_nothing_more, dispatch_uid="say nothing more")
    last_written_to.connect(whom_it_was_for, dispatch_uid="whom it was for")
    deliveries_moving.connect(is_told, dispatch_uid="is told")
    deliveries_moved.connect(tell_of_deliveries, dispatch_uid="tell of deliveries")
    campaign_moved.connect(tell_of_campaign, dispatch_uid="tell of campaign")
    post_save.connect(look_at_its_clock, sender=Site, dispatch_uid="look at its clock")
    page_resumed.connect(go_on, dispatch_uid="go on")
    page_looked_at.connect(look_at_templates, dispatch_uid="look at templates")
    page_moving.connect(goes_with, dispatch_uid="goes with")
    facebook_event.connect(hear_facebook, dispatch_uid="hear Facebook")
    worker_shutting_down.connect(stop, dispatch_uid="stop")
