"""STOP ends everything at once; what narrows it; START asks again and gives nothing back by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.states import DeliveryState
from optins.choices import Tap
from optins.models import ConsentKind, Invitation, OptIn
from optins.services import Agreement, TakenBack, agree
from optins.states import OptInState, Source
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import DeliveryFactory
from tests.optins.visitors import Visitor, agreed, click, shop_page, tell, token_of

pytestmark = pytest.mark.django_db

DONE = "It is done: Boutique sends you nothing more. Write START if you change your mind."


@pytest.fixture
def page() -> Page:
    return shop_page()


def states(page: Page) -> dict[str, str]:
    return dict(OptIn.objects.filter(page=page).values_list("customer_id", "state"))


@pytest.mark.parametrize(
    "words",
    [
        "STOP",
        "stop",
        " Stop ! ",
        "Arrêt",
        "ARRÊTER",
        "arretez",
        "Désabonner",
        "me désinscrire",
        "Unsubscribe.",
        "STOPP",
    ],
)
def test_stop_ends_all_at_once_skips_what_waits_and_is_confirmed_once(page: Page, words: str) -> None:
    visitor = agreed(page, "c-1", "order-1")
    waiting = DeliveryFactory(optin=visitor.optin("order-1"))
    before = len(visitor.heard())
    visitor.writes(words)
    visitor.writes("STOP")

    assert set(states(page).values()) == {OptInState.REVOKED}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (DeliveryState.SKIPPED, Reason.OPTED_OUT)
    assert visitor.heard()[before:] == [DONE]
    evidence = visitor.optin().events.get(kind=ConsentKind.REVOKED).evidence
    assert (evidence["words"], evidence["was"]) == (words, OptInState.ACTIVE)


@pytest.mark.parametrize(
    "words", ["Please don't stop", "stop by tomorrow", "non stop", "Cancel", "annuler", "arrêt de bus"]
)
def test_stop_inside_a_sentence_is_none(page: Page, words: str) -> None:
    visitor = agreed(page)
    visitor.writes(words)

    assert visitor.optin().state == OptInState.ACTIVE


def test_the_button_says_stop_too(page: Page) -> None:
    visitor = agreed(page)
    visitor.writes("Stop these messages", quick_reply="OPT_OUT")

    assert visitor.optin().state == OptInState.REVOKED


@pytest.mark.parametrize("more", [{"standby": True}])
def test_stop_counts_in_standby_and_nothing_is_said(page: Page, more: dict[str, bool]) -> None:
    visitor = agreed(page)
    before = visitor.heard()
    visitor.writes("STOP", **more)

    assert visitor.optin().state == OptInState.REVOKED
    assert visitor.heard() == before


def test_stop_counts_where_the_page_goes_through_iadvize_by_now(page: Page) -> None:
    visitor = agreed(page)
    page.gateway = GatewayKind.IADVIZE
    page.save()
    visitor.writes("STOP")

    assert visitor.optin().state == OptInState.REVOKED


def test_nobody_is_told_who_had_agreed_to_nothing(page: Page) -> None:
    visitor = Visitor(page=page)
    visitor.writes("STOP")
    visitor.writes("START")

    assert visitor.heard() == []


def test_after_the_one_alert_stop_is_answered_too_and_start_is_not_offered(page: Page) -> None:
    visitor = agreed(page, "instock-AB123-k45332j9i54")
    OptIn.objects.update(state=OptInState.EXPIRED)
    before = len(visitor.heard())
    visitor.writes("STOP")
    visitor.writes("STOP")

    assert visitor.heard()[before:] == ["It is done: Boutique sends you nothing more."]
    assert set(states(page).values()) == {OptInState.REVOKED}


def test_no_system_brings_back_what_was_stopped_even_if_it_had_expired(page: Page) -> None:
    visitor = agreed(page, "order-1")
    OptIn.objects.update(state=OptInState.EXPIRED)
    visitor.writes("STOP")

    with pytest.raises(TakenBack):
        agree(page=page, customer_id="order-1", agreement=Agreement(source=Source.API), now=timezone.now())


def test_start_asks_again_and_only_a_yes_gives_it_back(page: Page) -> None:
    visitor = agreed(page, "c-1", "order-1")
    visitor.writes("STOP")
    visitor.writes("START")

    assert set(states(page).values()) == {OptInState.REVOKED}
    assert "for all 2 things" in visitor.heard()[-1]
    visitor.writes("yes")
    assert set(states(page).values()) == {OptInState.ACTIVE}
    renewed = visitor.optin().events.get(kind=ConsentKind.RENEWED)
    assert renewed.evidence["again"] is True


@pytest.mark.parametrize("words", ["no", "what?"])
def test_start_without_a_yes_gives_nothing_back(page: Page, words: str) -> None:
    visitor = agreed(page)
    visitor.writes("STOP")
    visitor.writes("reprendre")
    visitor.writes(words)

    assert visitor.optin().state == OptInState.REVOKED


def test_start_does_not_ask_for_what_has_run_out_since(page: Page) -> None:
    visitor = agreed(page, "order-1")
    visitor.writes("STOP")
    OptIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    before = visitor.heard()
    visitor.writes("START")

    assert visitor.heard() == before


def test_this_alert_only_is_the_one_that_was_written_to_last(page: Page) -> None:
    visitor = agreed(page, "a", "b", "c")
    sent = visitor.optin("b")
    DeliveryFactory(optin=sent, state=DeliveryState.SENT, sent_at=timezone.now())
    visitor.writes("STOP")

    assert visitor.titles() == ["This alert only"]
    visitor.taps(Tap.ONLY_THIS, [sent.pk], title="This alert only")
    assert set(states(page).values()) == {OptInState.REVOKED}
    assert "the 2 others" in visitor.heard()[-1]
    visitor.writes("oui")
    assert states(page) == {"a": "active", "b": "revoked", "c": "active"}


def test_of_one_agreement_nothing_is_to_be_narrowed(page: Page) -> None:
    visitor = agreed(page)
    visitor.writes("STOP")

    assert visitor.titles() == []


def test_an_old_stop_told_late_ends_nothing_that_was_agreed_to_since(page: Page) -> None:
    visitor = Visitor(page=page)
    visitor.comes(token_of(click(page)))
    stop = visitor.writes("STOP", silently=True)
    visitor.taps(Tap.YES)
    tell(page, stop)

    assert visitor.optin().state == OptInState.ACTIVE


def test_an_old_yes_told_late_does_not_outlive_the_stop(page: Page) -> None:
    visitor = Visitor(page=page)
    visitor.comes(token_of(click(page)))
    yes = visitor.writes("yes", silently=True)
    visitor.writes("STOP")
    tell(page, yes)

    assert not OptIn.objects.filter(state=OptInState.ACTIVE).exists()


def test_told_again_they_change_nothing(page: Page) -> None:
    visitor = agreed(page, "c-1", "order-1")
    for words in ("STOP", "START", "yes"):
        visitor.writes(words)
    before = (states(page), Invitation.objects.count(), Delivery.objects.count())
    for event in reversed(visitor.told):
        tell(page, event)

    assert (states(page), Invitation.objects.count(), Delivery.objects.count()) == before
