"""The engine against the sandbox's Messenger: the far end that a demo has, with Facebook's own checks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from optins.models import OptIn
from pages.models import Page
from tests.factories import (
    ConnectedPageFactory,
    ContentFactory,
    DeliveryFactory,
    OptInFactory,
    RecipientFactory,
    ThreadFactory,
)
from tests.notifications.services.meta.conftest import due_again, psid, thread_of
from tests.support.messenger_sandbox import Messenger, messenger
from tests.support.sandbox import far_end

pytestmark = pytest.mark.django_db(transaction=True)

BODIES = {
    "text": '{"text":"Été à 4.95 € 👜"}',
    "image": '{"attachment":{"type":"image","payload":{"url":"https://cdn.shop.example/a.png","is_reusable":false}}}',
    "carousel": (
        '{"text":"Voyez","attachment":{"type":"template","payload":{"template_type":"generic","elements":['
        '{"title":"Sac","subtitle":"Cuir","buttons":[{"type":"web_url","title":"Voir","url":"https://shop.example/sac"}]}'
        "]}}}"
    ),
}


@pytest.fixture
def there(tmp_path: Path, settings: Settings) -> Iterator[Messenger]:
    with far_end(tmp_path / "sandbox.sqlite3") as end:
        settings.GRAPH_URL = end.url
        settings.PACE_LIMIT = False
        settings.CONNECT_TIMEOUT = settings.TOTAL_TIMEOUT = 20.0
        yield messenger(end)


@pytest.fixture
def page(there: Messenger) -> Page:
    return ConnectedPageFactory(page_id=there.page_id, token=there.token, disclosure="Automated.")


@pytest.fixture
def claire(there: Messenger, page: Page) -> OptIn:
    recipient = RecipientFactory(page=page, psid=there.person().psid)
    ThreadFactory(page=page, psid=recipient.psid, disclosed_at=timezone.now())
    return OptInFactory(page=page, recipient=recipient)


@pytest.mark.parametrize("kind", BODIES)
def test_the_guides_messages_are_taken(there: Messenger, claire: OptIn, kind: str) -> None:
    row = DeliveryFactory(optin=claire, content=ContentFactory(kind=kind, body=BODIES[kind]))

    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason, row.detail) == (DeliveryState.SENT, "", "")
    arrived = there.far_end.received(page_id=there.page_id, customer_id=psid(claire), delivered=True)
    assert len(arrived) == row.parts_sent
    assert arrived[-1].message_id == row.provider_message_id
    assert arrived[0].json["message"]["metadata"].endswith(f":{row.pk}:0")


def test_the_disclosure_arrives_before_the_first_message(there: Messenger, claire: OptIn, page: Page) -> None:
    page.threads.update(disclosed_at=None)
    DeliveryFactory(optin=claire, content=ContentFactory(body=BODIES["text"]))

    pump_page(page.pk)

    assert [one.json["message"]["text"] for one in there.far_end.received(delivered=True)] == [
        "Automated.",
        "Été à 4.95 € 👜",
    ]
    assert thread_of(claire).disclosed_at is not None


def test_facebooks_clock_has_the_last_word_on_the_window(there: Messenger, page: Page) -> None:
    """Ours says that the person wrote an hour ago; Facebook knows better."""
    recipient = RecipientFactory(page=page, psid=there.person(ago=25 * 3600).psid)
    ThreadFactory(
        page=page, psid=recipient.psid, acted_at=timezone.now() - timedelta(hours=1), disclosed_at=timezone.now()
    )
    row = DeliveryFactory(optin=OptInFactory(page=page, recipient=recipient))

    pump_page(page.pk)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.FAILED, Reason.WINDOW_REFUSED)


def test_a_psid_of_nobody_is_the_persons_affair(there: Messenger, page: Page) -> None:
    recipient = RecipientFactory(page=page, psid="7000000000000099")
    ThreadFactory(page=page, psid=recipient.psid, disclosed_at=timezone.now())
    row = DeliveryFactory(optin=OptInFactory(page=page, recipient=recipient))

    pump_page(page.pk)

    row.refresh_from_db()
    page.refresh_from_db()
    assert (row.state, row.reason, page.state) == (DeliveryState.FAILED, Reason.RECIPIENT_UNAVAILABLE, "active")


def test_a_dead_token_holds_the_page_and_a_new_one_sends_it(there: Messenger, claire: OptIn, page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(token="")
    page.token = "EAAnobodys"
    page.save()
    DeliveryFactory(optin=claire)

    pump_page(page.pk)

    page.refresh_from_db()
    assert page.state == "on_hold"
    assert Delivery.objects.get().state == DeliveryState.QUEUED

    page.token, page.state = there.token, "active"
    page.save()
    page.incidents.update(closed_at=timezone.now())
    due_again(page)
    pump_page(page.pk)
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_a_reset_behind_the_message_is_a_doubt_and_nothing_arrives_twice(
    there: Messenger, claire: OptIn, page: Page
) -> None:
    there.tell(Kind.DROP)
    DeliveryFactory(optin=claire)

    pump_page(page.pk)
    due_again(page)
    pump_page(page.pk)

    assert Delivery.objects.get().state == DeliveryState.UNKNOWN
    assert len(there.far_end.received(page_id=there.page_id)) <= 1
