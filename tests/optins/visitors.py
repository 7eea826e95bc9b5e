"""A visitor of the shop, from the click to the answer: events as values, told as the webhook tells them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import Origin
from optins import choices
from optins.choices import Tap
from optins.models import Invitation, OptIn
from optins.services import inviting
from optins.services.inviting import Click, Invited
from pages.conversations.mirror import mirror
from pages.events import Event, MessageReceived, PostbackReceived, Referral, Referred
from pages.models import Button, Page, Thread, Wording
from pages.models.button import ButtonKind
from pages.signals import facebook_event
from tests.factories import ConnectedPageFactory

SHOP = "https://shop.example"


def shop_page(**more: Any) -> Page:
    """A page whose site has a button, with its wording in both languages."""
    page: Page = ConnectedPageFactory(name="Boutique", **more)
    site = page.site
    assert site
    site.origins = [SHOP]
    site.save()
    new_button(page)
    return page


def new_button(page: Page, **more: Any) -> Button:
    site = page.site
    assert site
    button = Button.objects.create(**{"site": site, "name": "Alert", "kind": ButtonKind.SEND_TO_MESSENGER, **more})
    for language, text in (("en", "The shop writes to you."), ("fr", "La boutique vous écrit.")):
        Wording.objects.create(button=button, language=language, version=1, text=text, created_at=timezone.now())
    return button


def click(page: Page, customer_id: str = "c-1", *, language: str = "en", now: datetime | None = None) -> Invited:
    site = page.site
    assert site
    button = site.buttons.get(kind=ButtonKind.SEND_TO_MESSENGER)
    clicked = Click(customer_id=customer_id, button=button.pk, address=f"{SHOP}/p/1", language=language, label="Alert")
    return inviting.invite(site=site, click=clicked, now=now or timezone.now())


def token_of(invited: Invited) -> str:
    return invited.link.partition("?ref=")[2]


def tell(page: Page, event: Event, *, now: datetime | None = None) -> None:
    at = now or timezone.now()
    with transaction.atomic():
        thread = mirror(page=page, event=event, now=at)
        facebook_event.send(sender=Page, page=page, thread=thread, event=event, now=at)


@dataclass
class Visitor:
    """`told` are all events so far, in their order."""

    page: Page
    psid: str = "7099"
    at: datetime = field(default_factory=timezone.now)
    told: list[Event] = field(default_factory=list)

    def comes(self, token: str, *, new: bool = True, **more: Any) -> Event:
        """By Get Started where there is no thread yet, else by the referral alone."""
        referral = Referral(ref=token, source="SHORTLINK", type="OPEN_THREAD")
        if new:
            return self._does(
                PostbackReceived, mid=self._mid(), title="Start", payload="GET_STARTED", referral=referral, **more
            )
        return self._does(Referred, referral=referral, **more)

    def writes(self, text: str, **more: Any) -> Event:
        return self._does(MessageReceived, mid=self._mid(), text=text, **more)

    def taps(self, tap: Tap, ids: list[int] | None = None, *, title: str = "Yes", **more: Any) -> Event:
        of = ids or list(Invitation.objects.filter(recipient__psid=self.psid).values_list("pk", flat=True))
        return self.writes(title, quick_reply=choices.payload(tap, of), **more)

    def heard(self) -> list[str]:
        """Our answers to this person, in their order."""
        rows = Delivery.objects.filter(thread__psid=self.psid, origin=Origin.ANSWER).order_by("pk")
        return [row.content.as_dict()["text"] for row in rows.select_related("content")]

    def titles(self) -> list[str]:
        """What can be tapped beneath the last answer."""
        row = Delivery.objects.filter(thread__psid=self.psid, origin=Origin.ANSWER).latest("pk")
        return [reply["title"] for reply in row.content.as_dict().get("quick_replies", [])]

    def optin(self, customer_id: str = "c-1") -> OptIn:
        return OptIn.objects.get(page=self.page, customer_id=customer_id)

    def thread(self) -> Thread:
        return Thread.objects.get(page=self.page, psid=self.psid)

    def _mid(self) -> str:
        return f"m_{self.psid}_{len(self.told)}"

    def _does(self, kind: type[Event], *, silently: bool = False, **values: Any) -> Event:
        self.at += timedelta(seconds=1)
        event = kind(**{"page_id": self.page.page_id, "psid": self.psid, "at": self.at, **values})
        self.told.append(event)
        if not silently:
            tell(self.page, event, now=max(self.at, timezone.now()))
        return event


def agreed(page: Page, *customer_ids: str, psid: str = "7099", at: datetime | None = None) -> Visitor:
    """Somebody who clicked, came and said Yes under each of the ids."""
    visitor = Visitor(page=page, psid=psid, at=at or timezone.now())
    for customer_id in customer_ids or ("c-1",):
        visitor.comes(token_of(click(page, customer_id)), new=not visitor.told)
        visitor.writes("yes")
    return visitor
