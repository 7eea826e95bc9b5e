"""A utility template on its whole way through the sandbox's Facebook: created, approved, sent, delivered and read."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from messenger_admin.sandbox.messenger import acts
from notifications.models import Delivery, TemplateStatus, UtilityTemplate
from notifications.payloads import parse
from notifications.payloads.utility import ButtonKind, Choice, Draft, DraftButton
from notifications.services import utility
from notifications.services.contents import freeze
from notifications.services.deliveries import enqueue
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState, Origin, Route
from optins.models import OptIn
from pages.models import Page, Thread
from pages.webhooks.processing import process_due
from tests.factories import ConnectedPageFactory, OptInFactory, RecipientFactory
from tests.support import facebook
from tests.support.messenger_sandbox import App, Messenger, app, messenger, wait_until
from tests.support.sandbox import far_end

pytestmark = pytest.mark.django_db(transaction=True)
D = DeliveryState
DAYS = 86_400.0
DRAFT = Draft(
    name="commande_expediee",
    language="fr",
    header="Votre commande est en route",
    body="Bonjour {{prenom}}, la commande {{numero}} vient de partir de notre entrepôt.",
    samples={"prenom": "Claire", "numero": "871"},
    buttons=(
        DraftButton(
            kind=ButtonKind.URL,
            text="Suivre mon colis",
            value="https://shop.example/suivi/{{1}}",
            sample="https://shop.example/suivi/871",
        ),
    ),
)
CHOICE = Choice(
    name="commande_expediee",
    language="fr",
    parameters={"prenom": "{{ first_name|vous }}", "numero": "AB 1/2", "button_1": "AB-12"},
)


@pytest.fixture
def listening(settings: Settings) -> Iterator[App]:
    with app(verify_token=settings.FACEBOOK_VERIFY_TOKEN) as running:
        settings.PUBLIC_URL = running.url
        yield running


@pytest.fixture
def there(tmp_path: Path, settings: Settings, listening: App) -> Iterator[Messenger]:
    """Claire's page on Facebook, which tells this installation everything."""
    with far_end(tmp_path / "sandbox.sqlite3") as end:
        settings.GRAPH_URL = end.url
        settings.PACE_LIMIT = False
        played = messenger(end)
        played.subscribe()
        yield played


@pytest.fixture
def page(there: Messenger) -> Page:
    made: Page = ConnectedPageFactory(page_id=there.page_id, token=there.token)
    return made


def hear(listening: App, count: int) -> None:
    """Takes in what Facebook posted, at least so many events in all."""
    listening.wait(count)
    for body in listening.bodies:
        assert facebook.post_body(Client(), body).status_code == 200
    process_due()


def agreed(page: Page, psid: str) -> OptIn:
    """Somebody who wrote a week ago."""
    long_ago = timezone.now() - timedelta(days=7)
    Thread.objects.create(page=page, psid=psid, first_at=long_ago, last_at=long_ago, acted_at=long_ago)
    recipient = RecipientFactory(page=page, psid=psid)
    made: OptIn = OptInFactory(page=page, recipient=recipient, attributes={"first_name": "Claire"})
    return made


def test_from_the_first_word_to_the_last_receipt(there: Messenger, page: Page, listening: App) -> None:
    made = utility.create(page=page, draft=DRAFT, actor=None, now=timezone.now())
    assert made.status == TemplateStatus.PENDING

    hear(listening, 1)
    assert UtilityTemplate.objects.get().status == TemplateStatus.APPROVED

    claire = there.person(ago=7 * DAYS)
    content = freeze(parse({"text": "Within the window"}), CHOICE)
    row = enqueue(optin=agreed(page, claire.psid), content=content, origin=Origin.API, actor=None, now=timezone.now())
    pump_page(page.pk)
    row.refresh_from_db()
    assert (row.state, row.route, row.reason) == (D.SENT, Route.UTILITY, "")

    # The echo and the delivery.
    hear(listening, 3)
    assert Delivery.objects.get().state == D.DELIVERED
    assert row.receipt.whole

    there.do(acts.read, claire)
    hear(listening, 4)
    assert Delivery.objects.get().state == D.READ

    (sent,) = there.far_end.received(page_id=page.page_id, customer_id=claire.psid, delivered=True)
    assert sent.json["message"]["template"]["components"][0]["parameters"] == [
        {"type": "text", "parameter_name": "prenom", "text": "Claire"},
        {"type": "text", "parameter_name": "numero", "text": "AB 1/2"},
    ]


def test_a_lost_answer_settles_itself_by_the_echo(there: Messenger, page: Page, listening: App) -> None:
    there.tell(Kind.DROP, delivers=True)
    claire = there.person(ago=60.0)
    optin = agreed(page, claire.psid)
    Thread.objects.update(acted_at=timezone.now(), disclosed_at=timezone.now())
    content = freeze(parse({"text": "Is it there?"}))
    row = enqueue(optin=optin, content=content, origin=Origin.API, actor=None, now=timezone.now())
    pump_page(page.pk)
    assert Delivery.objects.get().state == D.UNKNOWN

    hear(listening, 2)
    row.refresh_from_db()
    assert (row.state, row.reason) == (D.DELIVERED, "settled_by_facebook")
    assert there.texts(claire) == ["Is it there?"]


def test_a_rejected_template_says_why_and_nothing_goes_out(there: Messenger, page: Page, listening: App) -> None:
    draft = Draft(name="soldes", language="fr", body="Les soldes commencent demain dans votre boutique.")
    utility.create(page=page, draft=draft, actor=None, now=timezone.now())
    hear(listening, 1)
    template = UtilityTemplate.objects.get()
    assert (template.status, template.reason) == (TemplateStatus.REJECTED, "TAG_SHOULD_BE_MARKETING")

    claire = there.person(ago=7 * DAYS)
    content = freeze(parse({"text": "Hello"}), Choice(name="soldes", language="fr"))
    row = enqueue(optin=agreed(page, claire.psid), content=content, origin=Origin.API, actor=None, now=timezone.now())
    pump_page(page.pk)
    row.refresh_from_db()
    assert (row.state, row.reason) == (D.SKIPPED, "not_approved")
    wait_until(lambda: not there.texts(claire), "nothing")
