"""The whole way without a browser: a click over HTTP, Facebook's signed events, the Yes, the message, and STOP."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from notifications.payloads import parse
from notifications.services.contents import freeze
from notifications.services.deliveries import enqueue
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState, Origin
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page
from pages.webhooks.processing import process_due
from tests.optins.visitors import SHOP, shop_page
from tests.support import facebook as events
from tests.support.graph import Graph

pytestmark = pytest.mark.django_db(transaction=True)
PSID = "7012345678901234"


def told(page: Page, *happened: events.JSON) -> None:
    assert events.tell(Client(), page.page_id, *happened).status_code == 200
    process_due()
    pump_page(page.pk)


def clicked(page: Page, customer_id: str) -> str:
    assert page.site
    button = page.site.buttons.get()
    body = {"customer_id": customer_id, "button": button.pk, "address": f"{SHOP}/p/1", "language": "fr", "label": "M"}
    response = Client().post(
        f"/tag/{page.site.sid}/optin", json.dumps(body), "application/json", headers={"Origin": SHOP}
    )
    return str(response.json()["link"]).partition("?ref=")[2]


def send(page: Page, customer_id: str) -> str:
    optin = OptIn.objects.get(page=page, customer_id=customer_id)
    content = freeze(parse({"text": "AB123 est de retour."}))
    row = enqueue(optin=optin, content=content, origin=Origin.API, actor=None, now=timezone.now())
    pump_page(page.pk)
    row.refresh_from_db()
    return row.state


def test_a_visitor_agrees_gets_what_was_asked_for_says_stop_and_gets_nothing_more(facebook: Graph) -> None:
    page = shop_page(disclosure="Automatique.")
    told(page, events.postback(page.page_id, PSID, ref=clicked(page, "instock-AB123-k45332j9i54")))
    assert [call.psid for call in facebook.calls] == [PSID, PSID]
    question = facebook.calls[-1].message
    assert "Acceptez-vous que Boutique vous écrive ici une fois" in question["text"]
    yes = question["quick_replies"][0]

    told(page, events.message(page.page_id, PSID, yes["title"], quick_reply={"payload": yes["payload"]}))
    assert "Merci." in str(facebook.calls[-1].text)
    assert send(page, "instock-AB123-k45332j9i54") == DeliveryState.SENT
    assert facebook.calls[-1].text == "AB123 est de retour."
    assert OptIn.objects.get().state == OptInState.EXPIRED

    told(page, events.referral(page.page_id, PSID, clicked(page, "order-871")))
    told(page, events.message(page.page_id, PSID, "oui"))
    assert send(page, "order-871") == DeliveryState.SENT
    told(page, events.message(page.page_id, PSID, "Arrêter !"))
    calls = len(facebook.calls)
    assert "C’est fait" in str(facebook.calls[-1].text)
    assert send(page, "order-871") == DeliveryState.SKIPPED
    assert len(facebook.calls) == calls
