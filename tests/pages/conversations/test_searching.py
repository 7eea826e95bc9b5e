"""What was said is found again, on both databases alike."""

import pytest
from django.db import connection

from pages.conversations.searching import named, said
from pages.conversations.words import cut
from pages.models import Thread, ThreadMessage
from tests.pages.conversations.events import Person


def call(person: Person, name: str) -> Thread:
    thread = person.tell(person.wrote())
    assert thread is not None
    Thread.objects.filter(pk=thread.pk).update(name=name)
    return thread


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Où est ma réponse ?", "reponse"),
        ("Ou est ma reponse", "RÉPONSE"),
        ("Un remboursement, s’il vous plaît", "rembours"),
        ("Commande FR-2026-000871 reçue", "000871"),
        ("Commande FR-2026-000871 reçue", "fr-2026-000871"),
        ("J’ai mal au cœur", "coeur"),
        ("J’ai mal au coeur", "cœur"),
        ("Voir https://shop.example/bottes/rouges", "rouges"),
        ("Écrivez à claire.martin@example.com", "claire.martin@example.com"),
        ("C’est <merci> pour l'article", "merci article"),
        ("Ça s'arrête", "arrêté"),
        ("Größe M", "grosse") if connection.vendor == "postgresql" else ("Größe M", "größe"),
        ("Заказ не пришёл", "заказ"),
    ],
)
def test_words_are_found_without_case_accents_and_endings(person: Person, text: str, asked: str) -> None:
    thread = person.tell(person.wrote(text, mid="m_1"), person.wrote("Autre chose", minutes=1))

    assert thread is not None
    assert [(each.thread_pk, each.text) for each in said(asked)] == [(thread.pk, text)]


@pytest.mark.parametrize("asked", ["", "  ", "!!!", "' OR 1=1 --", '"', "a* OR b", "NEAR(", "&|!:*", "\\", "\x00x"])
def test_whatever_is_typed_breaks_nothing(person: Person, asked: str) -> None:
    person.tell(person.wrote("Bonjour"))

    assert said(asked) == []
    assert named(asked) == []


def test_every_word_has_to_be_there(person: Person) -> None:
    person.tell(person.wrote("Le colis bleu", mid="m_1"), person.wrote("Le colis rouge", minutes=1))

    assert [each.text for each in said("colis rouge")] == ["Le colis rouge"]


def test_a_thread_is_found_once_by_its_newest_words(person: Person) -> None:
    other = Person(person.page, "7099")
    person.tell(person.wrote("colis un"), person.wrote("colis deux", minutes=1))
    other.tell(other.wrote("colis trois", minutes=2))

    assert [each.text for each in said("colis")] == ["colis trois", "colis deux"]


def test_the_search_is_narrowed_to_a_page(person: Person) -> None:
    assert said("bonjour", page=person.page) == []
    person.tell(person.wrote("Bonjour"))

    assert said("bonjour", page_id=person.page.pk)
    assert not said("bonjour", page_id=person.page.pk + 1)


def test_people_are_found_by_any_of_their_names(person: Person) -> None:
    claire, other = call(person, "Claire Lefèvre"), call(Person(person.page, "7099"), "Clara")

    assert named("lefevre") == [claire.pk]
    assert set(named("cla")) == {claire.pk, other.pk}


def test_what_changed_or_went_is_found_as_it_is_now(person: Person) -> None:
    thread = call(person, "Claire")
    Thread.objects.update(name="Zoé")
    assert (named("claire"), named("zoe")) == ([], [thread.pk])

    ThreadMessage.objects.update(text="Bonsoir")
    assert not said("bonjour")
    assert said("bonsoir")
    Thread.objects.all().delete()
    assert not said("bonsoir")


def test_a_long_text_is_shown_from_where_the_words_stand() -> None:
    text = "Bonjour, je vous écris parce que je n’ai toujours pas reçu ma réponse."
    assert cut(text, "reponse") == "… pas reçu ma réponse."
    assert cut(text, "bonjour") == cut(text, "nowhere") == text
