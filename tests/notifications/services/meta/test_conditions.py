"""Window, consent, page and person are looked at when a message's turn comes, and what does not hold is the reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery, UtilityTemplate
from notifications.models.message import TemplateStatus
from notifications.reasons import Reason
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState, Route
from optins.states import OptInState
from pages.models import Page
from tests.factories import ContentFactory, DeliveryFactory, OptInFactory, RecipientFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, psid
from tests.support.graph import Graph, error, refusing_once
from tests.support.ledger import states

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = 1 / 3600
BODY = '{"text":"Commande 871"}'
CHOICE = '{"name":"commande_expediee","language":"fr","parameters":{"prenom":"{{ first_name|client }}","numero":"871"}}'
COMPONENTS = [{"type": "BODY", "text": "Bonjour {{prenom}}, la commande {{numero}} est partie."}]


def outcome(row: Delivery) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


def template(page: Page, status: str = TemplateStatus.APPROVED) -> None:
    UtilityTemplate.objects.create(
        page=page,
        name="commande_expediee",
        language="fr",
        status=status,
        components=COMPONENTS,
        created_at=timezone.now(),
        synced_at=timezone.now(),
    )


def with_template() -> object:
    return ContentFactory(kind="text", body=BODY, utility=CHOICE, sha256="with-a-template")


def test_a_second_before_its_end_the_window_is_open(facebook: Graph, person: NewPerson) -> None:
    # Ten seconds for a slow machine; the border itself is tested without a clock in test_rules.
    row = DeliveryFactory(optin=person(hours_ago=24 - 10 * SECOND))

    pump_page(row.page_id)

    assert outcome(row) == (DeliveryState.SENT, "")


def test_a_second_after_its_end_the_window_is_closed(facebook: Graph, person: NewPerson) -> None:
    row = DeliveryFactory(optin=person(hours_ago=24 + SECOND))

    pump_page(row.page_id)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.WINDOW_CLOSED)
    assert facebook.calls == []


def test_the_window_is_looked_at_when_it_is_sent_and_not_when_it_was_queued(
    facebook: Graph, person: NewPerson, page: Page
) -> None:
    row = DeliveryFactory(optin=person(hours_ago=23.9999))
    facebook.told = refusing_once(error(4))
    pump_page(page.pk)
    assert outcome(row) == (DeliveryState.QUEUED, Reason.THROTTLED)

    page.threads.update(acted_at=timezone.now() - timedelta(hours=25))
    due_again(page)
    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.WINDOW_CLOSED)
    assert len(facebook.calls) == 1


def test_whoever_never_wrote_gets_nothing(facebook: Graph, person: NewPerson, page: Page) -> None:
    only_echoes = DeliveryFactory(optin=person(hours_ago=None))
    no_thread = DeliveryFactory(optin=OptInFactory(page=page, recipient=RecipientFactory(page=page)))

    pump_page(page.pk)

    assert outcome(only_echoes) == outcome(no_thread) == (DeliveryState.SKIPPED, Reason.NEVER_WROTE)


def test_an_opt_in_without_a_person_on_facebook_gets_nothing(facebook: Graph, page: Page) -> None:
    row = DeliveryFactory(optin=OptInFactory(page=page))

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.NO_PSID)


def test_a_thread_of_another_page_opens_no_window(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = DeliveryFactory(optin=OptInFactory(page=page, recipient=RecipientFactory(page=page, psid="4711")))
    person()
    page.threads.create(psid="elsewhere", first_at=timezone.now(), last_at=timezone.now(), acted_at=timezone.now())

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.NEVER_WROTE)


def test_whoever_blocked_the_page_gets_nothing_more_until_they_write(
    facebook: Graph, person: NewPerson, page: Page
) -> None:
    optin = person()
    facebook.told = refusing_once(error(551, 1545041))
    first = DeliveryFactory(optin=optin)
    pump_page(page.pk)
    second = DeliveryFactory(optin=optin)
    pump_page(page.pk)

    assert outcome(first) == (DeliveryState.FAILED, Reason.RECIPIENT_UNAVAILABLE)
    assert outcome(second) == (DeliveryState.SKIPPED, Reason.UNREACHABLE)
    assert len(facebook.calls) == 1
    page.refresh_from_db()
    assert page.state == "active"

    page.threads.update(blocked_at=None, acted_at=timezone.now())
    third = DeliveryFactory(optin=optin)
    pump_page(page.pk)
    assert outcome(third) == (DeliveryState.SENT, "")


def test_consent_goes_before_everything_else(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(hours_ago=48)
    optin.state = OptInState.REVOKED
    optin.save()
    row = DeliveryFactory(optin=optin)

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.OPTED_OUT)


def test_what_went_out_in_part_fails_where_it_may_not_go_on(facebook: Graph, person: NewPerson, page: Page) -> None:
    row = DeliveryFactory(optin=person(hours_ago=48), parts_sent=1, content=with_template())
    template(page)

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.FAILED, Reason.WINDOW_CLOSED)


# -- the template that stands in ---------------------------------------------------------------------------------


def test_after_the_window_the_template_goes_out(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(hours_ago=48, told=False)
    optin.attributes = {"first_name": 'Clé"ment'}
    optin.save()
    template(page)
    row = DeliveryFactory(optin=optin, content=with_template())

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SENT, "")
    assert (row.route, row.rule, row.parts_sent) == (Route.UTILITY, "utility_template", 1)
    (call,) = facebook.calls
    assert call.messaging_type == "UTILITY"
    assert call.psid == psid(optin)
    assert call.message == {
        "template": {
            "name": "commande_expediee",
            "language": {"code": "fr"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "prenom", "text": 'Clé"ment'},
                        {"type": "text", "parameter_name": "numero", "text": "871"},
                    ],
                }
            ],
        }
    }


def test_within_the_window_the_message_itself_goes_out(facebook: Graph, person: NewPerson, page: Page) -> None:
    template(page)
    row = DeliveryFactory(optin=person(), content=with_template())

    pump_page(page.pk)

    assert facebook.calls[0].message == {"text": "Commande 871"}
    assert outcome(row) == (DeliveryState.SENT, "")


@pytest.mark.parametrize("status", [TemplateStatus.PENDING, TemplateStatus.REJECTED, TemplateStatus.GONE, None])
def test_a_template_that_is_not_approved_does_not_stand_in(
    facebook: Graph, person: NewPerson, page: Page, status: str | None
) -> None:
    if status:
        template(page, status)
    row = DeliveryFactory(optin=person(hours_ago=48), content=with_template())

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.NOT_APPROVED)
    assert facebook.calls == []


def test_a_template_that_takes_something_else_by_now_does_not_stand_in(
    facebook: Graph, person: NewPerson, page: Page
) -> None:
    template(page)
    UtilityTemplate.objects.update(components=[{"type": "BODY", "text": "Bonjour {{nom}} !"}])
    row = DeliveryFactory(optin=person(hours_ago=48), content=with_template())

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.SKIPPED, Reason.NOT_APPROVED)


def test_a_refused_template_is_said_to_be_one(facebook: Graph, person: NewPerson, page: Page) -> None:
    template(page)
    facebook.told = lambda _call: error(100)
    row = DeliveryFactory(optin=person(hours_ago=48), content=with_template())

    pump_page(page.pk)

    assert outcome(row) == (DeliveryState.FAILED, Reason.TEMPLATE_REFUSED)


def test_a_campaign_counts_what_facebook_would_not_take(facebook: Graph, person: NewPerson, page: Page) -> None:
    from notifications.services import campaigns, expansion
    from tests.factories import CampaignFactory

    for hours in (1, 2, 30, None):
        person(hours_ago=hours)
    campaign = CampaignFactory(page=page)
    assert campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    expansion.expand(campaign.pk)

    pump_page(page.pk)

    assert states(campaign) == {"sent": 2, "skipped": 2}
