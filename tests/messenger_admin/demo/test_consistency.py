"""The demo adds up: whatever a screen shows of it, another screen and the far end confirm."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q
from pytest_django.plugin import DjangoDbBlocker

from messenger_admin.demo import audience, load
from messenger_admin.demo.bodies import FOLDER, NAMES
from messenger_admin.demo.places import LILAS_PAGE, OUTLET_PAGE, PETERS_PAGE
from messenger_admin.roles import MARKETING, SUPPORT
from messenger_admin.sandbox.messages import Query, Stored, oldest
from messenger_admin.sandbox.store import opened
from notifications.models import Attempt, Campaign, Delivery, Notification, Tally
from notifications.services.personalising import words_sent
from notifications.states import AttemptOutcome, CampaignState, DeliveryState
from optins import customer_ids
from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.states import Lifetime, OptInState, Purpose
from pages.models import Button, Incident, Link, Page, Site
from pages.models.button import ButtonKind
from pages.states import PageState

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
GUIDE = Path(__file__).parents[2] / "data" / "guide"
D = DeliveryState


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Loaded once for all the tests that only look at it; the path is the sandbox's record."""
    patch = pytest.MonkeyPatch()
    store = tmp_path_factory.mktemp("demo") / "sandbox.sqlite3"
    with django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.conf.settings.SANDBOX_STORE", store)
        load.load(now=NOW)
        yield store
        patch.undo()
        transaction.set_rollback(True)


@pytest.fixture
def phones(loaded: Path) -> list[Stored]:
    with opened(loaded) as store:
        return oldest(store, Query(), 100_000)


@pytest.mark.parametrize("name", ["text", "image", "carousel", "receipt"])
def test_the_guides_messages_are_the_guides(name: str) -> None:
    assert json.loads((FOLDER / "guide" / f"{name}.json").read_text()) == json.loads(
        (GUIDE / f"{name}.json").read_text()
    )


def test_every_message_that_is_shipped_is_loaded() -> None:
    assert {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.json")} == set(NAMES)


def test_the_guides_page_belongs_to_its_site(loaded: Path) -> None:
    page = Page.objects.get(page_id=PETERS_PAGE)

    assert (page.site, page.state) == (Site.objects.get(sid="501"), PageState.ACTIVE)


def test_a_page_remembers_the_site_it_came_from(loaded: Path) -> None:
    links = Link.objects.filter(page__page_id=LILAS_PAGE).order_by("opened_at")

    assert [(link.site.sid, link.closed_at is None) for link in links] == [("504", False), ("502", True)]


def test_the_page_on_hold_has_its_one_incident(loaded: Path) -> None:
    assert Incident.objects.get(closed_at=None).page == Page.objects.get(state=PageState.ON_HOLD)


@pytest.mark.parametrize(("page_id", "expected"), [(PETERS_PAGE, 3000), (LILAS_PAGE, 800), (OUTLET_PAGE, 40)])
def test_thousands_have_opted_in(loaded: Path, page_id: str, expected: int) -> None:
    assert OptIn.objects.filter(page__page_id=page_id).count() == expected


def test_the_guides_customers_are_among_them_as_one_person(loaded: Path) -> None:
    john = OptIn.objects.filter(customer_id__in=["instock-AB123-k45332j9i54", "12345678902", "FR-012345"])

    assert [optin.state for optin in john] == [OptInState.ACTIVE] * 3
    assert john.values("recipient").distinct().count() == 1


def test_every_customer_id_keeps_the_guides_rules(loaded: Path) -> None:
    assert all(customer_ids.parse(key) == key for key in OptIn.objects.values_list("customer_id", flat=True))


def test_every_stock_alert_is_temporary(loaded: Path) -> None:
    alerts = OptIn.objects.filter(customer_id__startswith="instock-")

    assert set(alerts.values_list("lifetime", flat=True)) == {Lifetime.TEMPORARY}


def test_every_agreement_has_its_proof_and_every_end_its_event(loaded: Path) -> None:
    kinds = Counter(ConsentEvent.objects.values_list("kind", flat=True))
    states = Counter(OptIn.objects.values_list("state", flat=True))

    assert kinds.pop(ConsentKind.EXPIRED) + kinds[ConsentKind.USED_UP] == states[OptInState.EXPIRED]
    used_up = OptIn.objects.filter(used_up=True, deliveries__state=D.SENT).distinct()
    assert kinds == {
        ConsentKind.GRANTED: OptIn.objects.count(),
        ConsentKind.REVOKED: states[OptInState.REVOKED],
        ConsentKind.USED_UP: used_up.count(),
        ConsentKind.CONFLICT: 1,
    }


def test_agreements_and_campaigns_have_each_purpose(loaded: Path) -> None:
    assert set(OptIn.objects.values_list("purpose", flat=True)) == set(Purpose)
    assert set(Campaign.objects.values_list("purpose", flat=True)) == set(Purpose)
    assert set(OptIn.objects.filter(used_up=True).values_list("purpose", flat=True)) == {Purpose.ALERT}


def test_no_agreement_ends_before_it_begins_or_after_today(loaded: Path) -> None:
    wrong = Q(ended_at__lt=F("agreed_at")) | Q(ended_at__gt=NOW) | Q(agreed_at__gt=NOW)

    assert not OptIn.objects.filter(wrong).exists()
    assert not OptIn.objects.filter(state=OptInState.ACTIVE, expires_at__lte=NOW).exists()
    assert not OptIn.objects.exclude(state=OptInState.ACTIVE).filter(ended_at=None).exists()


def test_the_french_shop_has_buttons_of_both_kinds_one_of_them_off(loaded: Path) -> None:
    shown = Button.objects.filter(site__sid="502").order_by("position")

    assert list(shown.values_list("kind", "enabled")) == [
        (ButtonKind.SEND_TO_MESSENGER, True),
        (ButtonKind.MESSAGE_US, True),
        (ButtonKind.SEND_TO_MESSENGER, False),
    ]
    assert [rule.name for rule in shown[0].rules.all()] == ["Pages de sacs", "Gros paniers, en semaine"]


def test_there_is_a_campaign_in_every_state(loaded: Path) -> None:
    assert set(Campaign.objects.values_list("state", flat=True)) == set(CampaignState)


def test_every_tally_is_a_recount(loaded: Path) -> None:
    for tally in Tally.objects.select_related("campaign"):
        recount = Counter(tally.campaign.deliveries.values_list("state", flat=True))
        assert {state: n for state, n in tally.by_state().items() if n} == recount, tally.campaign


def test_a_campaign_was_sent_to_those_and_only_those_who_had_agreed(loaded: Path) -> None:
    for campaign in Campaign.objects.exclude(launched_at=None):
        agreed = (
            OptIn.objects.filter(page=campaign.page, agreed_at__lte=campaign.launched_at)
            .filter(Q(ended_at=None) | Q(ended_at__gt=campaign.launched_at))
            .with_prefix(campaign.audience_prefix)
            .for_purpose(campaign.purpose)
        )
        written_to = campaign.deliveries.values_list("optin_id", flat=True)
        assert sorted(written_to) == sorted(agreed.values_list("pk", flat=True)), campaign


def test_a_campaign_ends_when_nothing_of_it_can_move(loaded: Path) -> None:
    for campaign in Campaign.objects.select_related("tally").exclude(launched_at=None):
        open_still = campaign.state in {CampaignState.RUNNING, CampaignState.PAUSED}
        assert (campaign.tally.movable > 0) == open_still, campaign
        assert (campaign.finished_at is None) == open_still, campaign


def test_the_paused_campaign_has_half_of_its_way_before_it(loaded: Path) -> None:
    tally = Tally.objects.get(campaign__state=CampaignState.PAUSED)

    assert 0.45 < tally.done / tally.total < 0.55


def test_the_scheduled_campaign_starts_at_ten_on_a_later_day(loaded: Path) -> None:
    campaign = Campaign.objects.get(state=CampaignState.SCHEDULED)
    zone = campaign.page.site.zone if campaign.page.site else None

    assert campaign.scheduled_for
    assert campaign.scheduled_for.astimezone(zone).hour == 10
    assert campaign.scheduled_for > NOW


def test_a_delivery_ended_as_its_last_try_did(loaded: Path) -> None:
    ends = {
        AttemptOutcome.ACCEPTED: D.SENT,
        AttemptOutcome.FAILED: D.FAILED,
        AttemptOutcome.UNKNOWN: D.UNKNOWN,
        AttemptOutcome.RETRY: D.QUEUED,
        AttemptOutcome.HELD: D.QUEUED,
    }
    last = {attempt.delivery_id: attempt for attempt in Attempt.objects.order_by("number")}
    for delivery in Delivery.objects.filter(pk__in=last):
        assert delivery.state == ends[AttemptOutcome(last[delivery.pk].outcome)], delivery.pk
        assert delivery.reason == last[delivery.pk].reason, delivery.pk


def test_tries_are_counted(loaded: Path) -> None:
    assert not Delivery.objects.annotate(n=Count("tries")).exclude(n=F("attempts")).exists()


def test_what_was_never_tried_was_never_sent(loaded: Path) -> None:
    states = Delivery.objects.filter(attempts=0).values_list("state", flat=True)

    assert set(states) == {D.QUEUED, D.SKIPPED, D.CANCELLED}


def test_no_time_lies_in_the_future_but_when_to_try_again(loaded: Path) -> None:
    later = Q(created_at__gt=NOW) | Q(sent_at__gt=NOW) | Q(ended_at__gt=NOW) | Q(dispatch_started_at__gt=NOW)

    assert not Delivery.objects.filter(later).exists()
    assert not Attempt.objects.filter(started_at__gt=NOW).exists()


def test_what_is_on_hold_is_due_and_waits_for_its_page(loaded: Path) -> None:
    waiting = Delivery.objects.filter(page__state=PageState.ON_HOLD)

    assert waiting.count() == 4
    assert set(waiting.values_list("state", flat=True)) == {D.QUEUED}


def test_each_phone_holds_exactly_what_the_ledger_calls_sent(loaded: Path, phones: list[Stored]) -> None:
    sent = Delivery.objects.filter(state=D.SENT).select_related("page", "optin", "content")

    assert sorted(
        (row.provider_message_id, row.page.page_id, row.whom, words_sent(row.content, row.personal)) for row in sent
    ) == sorted(
        (message.message_id, message.page_id, message.customer_id, message.text)
        for message in phones
        if message.status == 202
    )


def test_some_of_the_doubtful_arrived_and_some_did_not(loaded: Path, phones: list[Stored]) -> None:
    arrived = sum(message.status is None for message in phones)

    assert 0 < arrived < Delivery.objects.filter(state=D.UNKNOWN).count()


def test_the_phones_received_in_the_order_of_time(phones: list[Stored]) -> None:
    times = [message.received_at for message in phones]

    assert times == sorted(times)


def test_a_story_tells_of_two_refusals_before_it_was_sent(loaded: Path) -> None:
    delivery = Delivery.objects.get(optin__customer_id=audience.GUIDE_ALERT, campaign=None)

    assert [attempt.status_code for attempt in delivery.tries.order_by("number")] == [429, 503, 202]


@pytest.mark.parametrize(("name", "group"), [("marie", MARKETING), ("sam", SUPPORT)])
def test_its_people_have_a_role_and_no_password(loaded: Path, name: str, group: str) -> None:
    person = User.objects.get(username=name)

    assert [one.name for one in person.groups.all()] == [group]
    assert person.is_staff
    assert not person.has_usable_password()


def test_loading_again_changes_nothing(loaded: Path, phones: list[Stored]) -> None:
    before = [model.objects.count() for model in (Page, OptIn, Notification, Campaign, Delivery, Attempt)]

    assert load.load(now=NOW) is False
    assert [model.objects.count() for model in (Page, OptIn, Notification, Campaign, Delivery, Attempt)] == before


def test_a_customer_of_the_french_shop_is_called_by_name(loaded: Path) -> None:
    delivery = Delivery.objects.get(content__body__contains="{{ first_name", optin__customer_id="ML-00042")
    assert delivery.personal == {"first_name": "Claire"}
    assert "Bonjour Claire !" in (words_sent(delivery.content, delivery.personal) or "")
