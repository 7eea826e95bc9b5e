"""The product in French: what people read, how it is chosen, and how it is typeset."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from messenger_admin.admin.rights import group_words, permission_words
from messenger_admin.roles import MARKETING
from messenger_admin.templatetags.adding import add_words
from messenger_admin.translations import catalogue, sources
from notifications import payloads
from notifications.admin.composer.fields import Money
from notifications.models import Campaign, Tally
from notifications.reasons import Reason
from notifications.states import CampaignState, DeliveryState
from notifications.words import reason_advice, reason_words, say
from pages.admin.widgets import SearchableSelect
from pages.models import Link, Site
from pages.states import PageState
from tests.factories import CampaignFactory
from tests.messenger_admin.admin.doors import address, doors, furniture
from tests.people import SUPERUSER, client_as

pytestmark = pytest.mark.django_db

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"}
NARROW, WIDE = "\u202f", "\u00a0"  # no-break spaces: before ; ! ? and before a colon

# Words that no French sentence holds.
ENGLISH = re.compile(
    r"\b(the|this|that|with|and|yes|add|save|delete|filters?|your|are|was|has|sent|nothing|show)\b", re.I
)


# What the factories' merchants write to their customers.
# ... and the name that an event has in a call.
WRITTEN = {
    "Your order has been placed.",
    "Envoyé (delivery.sent)",
    "Good news: your order 871 has left our warehouse.",
}


class Words(HTMLParser):
    """What a page says to a person: its texts, and the attributes that are read out or shown."""

    ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")
    VOID = ("meta", "link", "input", "img", "br", "hr")
    SILENT = ("script", "style", "pre", "code", "template")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [given[name] or "" for name in self.ATTRIBUTES if name in given]
        if tag not in self.VOID:
            icon = "material-symbols-outlined" in (given.get("class") or "")
            self._open.append((tag, icon or tag in self.SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self._open):
            self.said.append(data)


def words_of(html: str) -> list[str]:
    reader = Words()
    reader.feed(html)
    return [re.sub(r"[ \n\t]+", " ", text).strip() for text in reader.said if text.strip()]


@pytest.fixture(autouse=True)
def compiled() -> None:
    """What Django reads is the catalogue as it is."""
    path = sources.catalogue_path()
    built = path.with_suffix(".mo")
    assert built.exists(), "Run `make messages` first."
    assert built.stat().st_mtime >= path.stat().st_mtime, "Run `make messages` first: the catalogue is newer."


@pytest.fixture
def superuser() -> Client:
    return client_as(SUPERUSER)


SCREENS = [
    ("admin:index", ["Aujourd’hui", "À traiter maintenant", "Historique des envois", "Envois incertains"]),
    ("admin:notifications_notification_add", ["Quel type de message" + NARROW + "?", "Carrousel", "Reçu"]),
    ("admin:notifications_campaign_changelist", ["Campagnes", "Préparer la première campagne"]),
    ("admin:notifications_campaign_add", ["Destinataires", "Enregistrer et vérifier le lancement"]),
    ("admin:notifications_delivery_changelist", ["Historique des envois", "Rien n’a encore été envoyé"]),
    ("admin:optins_optin_changelist", ["Personne n’a encore donné son accord."]),
    ("admin:pages_page_add", ["Jeton", "Identifiant de page", "Messages par seconde"]),
    ("admin:pages_site_changelist", ["Ajouter un site"]),
    ("admin:pages_auditentry_changelist", ["Journal d’audit"]),
    ("sandbox:customers", ["Un Messenger sur cette machine", "Aucun message n’est encore arrivé"]),
    ("sandbox:behaviour", ["Provoquer une panne", "Tout se passe bien"]),
]


@pytest.mark.parametrize(("name", "expected"), SCREENS, ids=[name for name, _expected in SCREENS])
def test_a_screen_says_it_in_french(superuser: Client, name: str, expected: list[str]) -> None:
    text = "\n".join(words_of(superuser.get(reverse(name), headers=FRENCH).content.decode()))
    assert [words for words in expected if words not in text] == []


def test_no_screen_says_anything_in_english(superuser: Client) -> None:
    objects = furniture()
    left = {door.name: said for door in doors() if (said := sorted(english_on(superuser, address(door, objects))))}
    assert left == {}


def english_on(client: Client, url: str) -> set[str]:
    response = client.get(url, headers=FRENCH)
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.streaming:
        return set()
    return {said for said in words_of(response.content.decode()) if ENGLISH.search(said)} - WRITTEN


def test_the_login_is_in_french() -> None:
    text = Client().get(reverse("admin:login"), headers=FRENCH).content.decode()
    assert "Bienvenue sur" in text
    assert '<html lang="fr"' in text


PROBLEMS = [
    ({}, f"Indiquez un texte, une pièce jointe, ou les deux{WIDE}: le message est vide."),
    ({"text": 5}, "Indiquez ici un texte, entre guillemets droits."),
    ({"text": "x" * 2001}, f"Raccourcissez à 2000 caractères{WIDE}: il y en a 2001."),
    ({"txt": "x"}, f"«{WIDE}txt{WIDE}» est inconnu ici. Vouliez-vous dire «{WIDE}text{WIDE}»{NARROW}?"),
]


@pytest.mark.parametrize(("body", "sentence"), PROBLEMS)
def test_a_problem_of_a_message_is_said_in_french(body: dict[str, object], sentence: str) -> None:
    with pytest.raises(payloads.PayloadError) as refused, translation.override("fr"):
        payloads.parse(body)
    with translation.override("fr"):
        assert sentence in [say(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_french_words_and_advice(reason: Reason) -> None:
    english = reason_words(reason), reason_advice(reason)
    with translation.override("fr"):
        french = reason_words(reason), reason_advice(reason)
    assert not set(english) & set(french)


def test_states_agree_with_what_they_are_said_of() -> None:
    with translation.override("fr"):
        said = [str(state.label) for state in (CampaignState.CANCELLED, DeliveryState.CANCELLED, PageState.ACTIVE)]
    assert said == ["Annulée", "Annulé", "Active"]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 client recevra"), (1, "1 client recevra"), (2, "2 clients recevront")]
)
def test_nought_is_singular_in_french(count: int, words: str) -> None:
    one, many = "%(count)s customer will receive it.", "%(count)s customers will receive it."
    with translation.override("fr"):
        assert words in translation.ngettext(one, many, count) % {"count": count}


def test_groups_and_permissions_are_shown_in_french() -> None:
    launching = Permission.objects.get(codename="launch_campaign")
    adding = Permission.objects.get(codename="add_campaign")
    with translation.override("fr"):
        assert group_words("Administrators") == "Administrateurs"
        assert group_words("Page") == "Page"  # made by people: theirs to name
        assert permission_words(launching) == "Peut lancer, mettre en pause, reprendre et annuler des campagnes"
        assert permission_words(adding) == f"Peut ajouter{WIDE}: campagne"


def test_the_groups_of_a_person_are_ticked_in_french(superuser: Client) -> None:
    text = superuser.get(reverse("admin:auth_user_add"), headers=FRENCH).content.decode()
    assert "Administrateurs" in text
    assert "Administrators" not in text
    assert Group.objects.filter(name="Administrators").exists()


def test_a_searchable_list_brings_its_french_words() -> None:
    with translation.override("fr"):
        scripts = str(SearchableSelect().media)
    places = [scripts.index(name) for name in ("select2.full.js", "i18n/fr.js", "jquery.init.js")]
    assert places == sorted(places)


def test_times_and_numbers_are_written_as_in_french() -> None:
    campaign = CampaignFactory(running=True, launched_at=timezone.now())
    Tally.objects.update_or_create(campaign=campaign, defaults={"sent": 12_345})
    text = client_as(MARKETING).get(reverse("admin:notifications_campaign_changelist"), headers=FRENCH).content.decode()
    assert campaign.name in text
    assert re.search(rf"12[{NARROW}{WIDE}]345 envoyés", text)


def test_an_amount_is_shown_with_a_comma_and_read_back_unchanged() -> None:
    money = Money("Total")
    with translation.override("fr"):
        assert money.show(4.95) == "4,95"
        assert money.read("4,95", None) == 4.95


def test_a_button_that_adds_has_an_article_of_the_right_gender() -> None:
    with translation.override("fr"):
        assert add_words(Campaign._meta) == "Préparer une campagne"
        assert add_words(Site._meta) == "Ajouter un site"
        assert add_words(Link._meta) == f"Ajouter{WIDE}: association"  # no screen adds one


# --- Choosing it --------------------------------------------------------------------------------------------


def language_of(client: Client, **headers: str) -> str:
    found = re.search(r'<html lang="(\w+)"', client.get(reverse("admin:login"), headers=headers).content.decode())
    assert found
    return found.group(1)


def test_without_a_choice_the_browser_s_language_holds() -> None:
    assert language_of(Client(), **FRENCH) == "fr"
    assert language_of(Client(), **{"Accept-Language": "de"}) == "en"


def choose(client: Client, language: str) -> None:
    client.post(reverse("set_language"), {"language": language, "next": "/"})


def test_a_person_s_choice_is_kept_in_a_cookie() -> None:
    client = Client()
    choose(client, "fr")
    assert client.cookies["django_language"].value == "fr"
    assert language_of(client) == "fr"


def test_a_person_s_choice_wins_over_the_browser() -> None:
    client = Client()
    choose(client, "en")
    assert language_of(client, **FRENCH) == "en"


def test_every_screen_offers_the_choice(superuser: Client) -> None:
    text = superuser.get(reverse("admin:index"), headers=FRENCH).content.decode()
    assert reverse("set_language") in text


# --- Typography ---------------------------------------------------------------------------------------------

BADLY_SET = re.compile(
    r"'"  # the straight apostrophe
    r"| [;:!?»]|« "  # a space where a line may break
    r"|[^\s\u00a0\u202f/\d][;!?»]"  # no space at all
    r"|\.\.\."
)


def french() -> Iterator[str]:
    for message in catalogue.read(sources.catalogue_path()):
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        yield from (re.sub(r"<[^>]*>", "", str(string)) for string in strings if message.id)


def test_the_catalogue_is_set_as_french_is() -> None:
    assert [string for string in french() if BADLY_SET.search(string)] == []


def test_nobody_is_told_tu() -> None:
    assert [string for string in french() if re.search(r"\b(tu|ton|ta|tes|toi)\b", string, re.I)] == []
