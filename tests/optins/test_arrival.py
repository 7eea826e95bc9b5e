"""From a click to an opt-in: who comes with the token, what they are asked, and what their answer brings about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from optins.choices import Tap
from optins.models import ConsentEvent, ConsentKind, Invitation, OptIn, Recipient
from optins.services import erase
from optins.states import InvitationState, OptInState, Purpose, Source
from pages.models import Page
from tests.factories import OptInFactory, RecipientFactory
from tests.optins.visitors import SHOP, Visitor, agreed, click, shop_page, tell, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return shop_page()


@pytest.fixture
def visitor(page: Page) -> Visitor:
    return Visitor(page=page)


@pytest.mark.parametrize("new", [True, False])
def test_whoever_comes_is_asked_and_a_yes_makes_the_agreement(page: Page, visitor: Visitor, new: bool) -> None:
    visitor.comes(token_of(click(page)), new=new)

    assert not OptIn.objects.exists()
    assert visitor.titles() == ["Yes", "No"]
    assert visitor.heard()[0].startswith("The shop writes to you.\n\nShall Boutique write to you here")

    visitor.taps(Tap.YES)

    optin = visitor.optin()
    assert (optin.state, optin.source, optin.recipient.psid) == (OptInState.ACTIVE, Source.BUTTON, visitor.psid)  # type: ignore[union-attr]
    assert visitor.heard()[1].startswith("Thank you.")
    assert Invitation.objects.get().state == InvitationState.AGREED


def test_the_proof_says_where_which_look_which_words_and_which_events(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    visitor.taps(Tap.YES, title="Oui")

    evidence = visitor.optin().events.get(kind=ConsentKind.GRANTED).evidence
    assert evidence["address"] == f"{SHOP}/p/1"
    assert evidence["look"] == {"kind": "send_to_messenger", "size": "large", "colour": "blue", "label": "Alert"}
    assert (evidence["wording"]["version"], len(evidence["wording"]["sha256"])) == (1, 64)
    assert evidence["arrival"]["referral"] == {"source": "SHORTLINK", "type": "OPEN_THREAD"}
    assert evidence["arrival"]["event"] == "m_7099_0"
    assert (evidence["answer"]["event"], evidence["answer"]["words"]) == ("m_7099_1", "Oui")
    assert evidence["question"] == visitor.heard()[0]


def test_it_is_asked_in_the_visitors_language(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page, language="fr-CA")))

    assert visitor.heard()[0].startswith("La boutique vous écrit.")
    assert visitor.titles() == ["Oui", "Non"]


@pytest.mark.parametrize(
    ("customer_id", "purpose", "words"),
    [
        ("c-1", Purpose.MARKETING, "news and offers"),
        ("order-871", Purpose.TRANSACTIONAL, "your order"),
        ("instock-AB123-k45332j9i54", Purpose.ALERT, "once, with the alert"),
    ],
)
def test_the_question_names_the_purpose_that_the_agreement_then_has(
    page: Page, visitor: Visitor, customer_id: str, purpose: Purpose, words: str
) -> None:
    visitor.comes(token_of(click(page, customer_id)))
    visitor.taps(Tap.YES)

    assert words in visitor.heard()[0]
    assert visitor.optin(customer_id).purpose == purpose


@pytest.mark.parametrize("words", ["oui", "Yes!", "D’accord.", "OK"])
def test_a_typed_yes_is_one(page: Page, visitor: Visitor, words: str) -> None:
    visitor.comes(token_of(click(page)))
    visitor.writes(words)

    assert visitor.optin().state == OptInState.ACTIVE


def test_a_yes_to_nothing_is_an_ordinary_message(visitor: Visitor) -> None:
    visitor.writes("oui")

    assert (visitor.heard(), OptIn.objects.count()) == ([], 0)


def test_a_no_is_respected(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    visitor.taps(Tap.NO)
    visitor.taps(Tap.YES)

    assert not OptIn.objects.exists()
    assert Invitation.objects.get().state == InvitationState.DECLINED
    assert len(visitor.heard()) == 2


def test_somebody_elses_question_can_not_be_answered(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    Visitor(page=page, psid="8000").taps(Tap.YES, [Invitation.objects.get().pk])

    assert not OptIn.objects.exists()
    assert Invitation.objects.get().state == InvitationState.ASKED


def test_a_token_serves_the_first_person_and_the_second_is_written_down(page: Page, visitor: Visitor) -> None:
    token = token_of(click(page))
    visitor.comes(token)
    visitor.taps(Tap.YES)
    second = Visitor(page=page, psid="8000")
    second.comes(token)

    assert second.heard() == ["This can't be set up from here. Please ask the shop's customer service."]
    assert visitor.optin().recipient.psid == visitor.psid  # type: ignore[union-attr]
    other = Recipient.objects.get(psid="8000")
    assert [each["recipient"] for each in Invitation.objects.get().refused] == [other.pk]
    assert ConsentEvent.objects.get(kind=ConsentKind.CONFLICT).recipient == other


def test_the_same_person_again_is_harmless(page: Page, visitor: Visitor) -> None:
    token = token_of(click(page))
    visitor.comes(token)
    visitor.taps(Tap.YES)
    visitor.comes(token, new=False)
    visitor.comes(token_of(click(page)), new=False)

    assert [words.startswith("All is set") for words in visitor.heard()] == [False, False, True, True]
    assert OptIn.objects.count() == 1
    assert visitor.optin().events.count() == 1


def test_an_id_that_somebody_else_holds_is_a_conflict_that_leaks_nothing(page: Page, visitor: Visitor) -> None:
    held = OptInFactory(page=page, customer_id="c-1", recipient=RecipientFactory(page=page))
    visitor.comes(token_of(click(page)))

    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.recipient.psid) == (InvitationState.CONFLICT, visitor.psid)  # type: ignore[union-attr]
    assert visitor.heard() == ["This can't be set up from here. Please ask the shop's customer service."]
    assert held.events.get().kind == ConsentKind.CONFLICT


def test_an_id_that_was_taken_while_the_question_waited_is_a_conflict_too(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    held = OptInFactory(page=page, customer_id="c-1", recipient=RecipientFactory(page=page))
    visitor.taps(Tap.YES)

    assert Invitation.objects.get().state == InvitationState.CONFLICT
    assert held.events.get().kind == ConsentKind.CONFLICT
    held.refresh_from_db()
    assert held.recipient.psid != visitor.psid


def test_an_expired_token_makes_no_opt_in_and_is_told_politely(page: Page, visitor: Visitor) -> None:
    token = token_of(click(page, now=timezone.now() - timedelta(days=2)))
    visitor.comes(token)
    visitor.writes("yes")

    assert visitor.heard() == ["This link or code is no longer good. Please tap the button on the site again."]
    assert not OptIn.objects.exists()


def test_a_yes_after_a_week_answers_nothing_any_more(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    visitor.at += timedelta(days=8)
    visitor.taps(Tap.YES)

    assert not OptIn.objects.exists()
    assert Invitation.objects.get().state == InvitationState.EXPIRED


@pytest.mark.parametrize("ref", ["summer-sale", "", "A" * 400])
def test_a_ref_of_somebody_elses_is_passed_over(visitor: Visitor, ref: str) -> None:
    visitor.comes(ref, new=False)

    assert visitor.heard() == []


def test_in_standby_nobody_is_asked(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)), standby=True)

    assert (visitor.heard(), Invitation.objects.get().state) == ([], InvitationState.ISSUED)


def test_every_event_again_changes_nothing(page: Page, visitor: Visitor) -> None:
    visitor.comes(token_of(click(page)))
    visitor.taps(Tap.YES)
    before = (visitor.heard(), list(ConsentEvent.objects.values()), list(Invitation.objects.values()))
    for event in [*visitor.told, *reversed(visitor.told)]:
        tell(page, event)

    assert (visitor.heard(), list(ConsentEvent.objects.values()), list(Invitation.objects.values())) == before


def test_a_person_who_was_erased_and_agrees_again_may_be_written_to(page: Page) -> None:
    visitor = agreed(page)
    erase(optin=visitor.optin(), actor=None, now=timezone.now())
    again = agreed(page, psid=visitor.psid)

    assert again.optin().state == OptInState.ACTIVE
