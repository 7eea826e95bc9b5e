"""One event of the consent log: all that proves it, in words, and as it looked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import SUPPORT
from optins.choices import Tap
from optins.models import ConsentEvent, ConsentKind, Import, OptIn
from optins.states import Source
from pages.models import AuditEntry, Button, WebhookEvent
from tests.factories import OptInFactory, RecipientFactory, UserFactory, WebhookEventFactory
from tests.optins.visitors import Visitor, click, shop_page, token_of
from tests.people import client_as
from tests.support.facebook import message

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def page_of(event: ConsentEvent) -> str:
    url = reverse("admin:optins_consentevent_change", args=[event.pk])
    return " ".join(client_as(SUPPORT).get(url).content.decode().split())


def agreed() -> tuple[ConsentEvent, Visitor]:
    page = shop_page()
    visitor = Visitor(page)
    visitor.comes(token_of(click(page)))
    visitor.taps(Tap.YES)
    return ConsentEvent.objects.get(kind=ConsentKind.GRANTED), visitor


def told(source: Source, **evidence: object) -> ConsentEvent:
    optin: OptIn = OptInFactory()
    proof = {"source": source, **evidence}
    return ConsentEvent.objects.create(optin=optin, kind=ConsentKind.GRANTED, at=NOW, evidence=proof)


def test_a_click_shows_where_when_which_look_which_wording_which_event_and_who() -> None:
    event, visitor = agreed()
    button = Button.objects.get()

    text = page_of(event)

    for words in (
        "https://shop.example/p/1",
        f"{button.name} (#{button.pk})",
        "clicked on the button",
        "came to Messenger and was asked",
        "answered",
        f'<span class="mb mb-{button.colour} mb-{button.size}">',
        "The shop writes to you.",
        "version 1, en",
        event.evidence["question"].split(".")[0].split("’")[0],
        event.evidence["answer"]["words"],
        event.evidence["answer"]["event"],
        f"PSID {visitor.psid}",
    ):
        assert words in text, words


def test_the_look_and_the_wording_are_those_of_then() -> None:
    event, _visitor = agreed()
    before = event.evidence["look"]
    Button.objects.update(size="xlarge", colour="white", labels={"en": "Another"}, wordings={"en": "Another"})

    text = page_of(event)

    assert f'<span class="mb mb-{before["colour"]} mb-{before["size"]}">' in text
    assert f'<span class="mb-label">{before["label"]}</span>' in text
    assert "The shop writes to you." in text


def test_the_event_as_facebook_told_it_is_linked_while_it_is_kept() -> None:
    event, visitor = agreed()
    page = event.optin.page
    body = message(page.page_id, visitor.psid, "Yes")
    body["message"]["mid"] = event.evidence["answer"]["event"]
    raw = WebhookEventFactory(page_id=page.page_id, psid=visitor.psid, body=body)
    url = reverse("admin:pages_webhookevent_change", args=[raw.pk])
    assert url in page_of(event)

    WebhookEvent.objects.all().delete()

    assert "not kept any more" in page_of(event)


def test_an_import_shows_its_file_and_line() -> None:
    event = told(Source.IMPORT, file="customers.csv", sha256="a" * 64, line=812, proof="Newsletter form of 2025")
    of = Import.objects.create(page=event.optin.page, name="customers.csv", size=1, sha256="a" * 64, created_at=NOW)
    ConsentEvent.objects.all().delete()
    event.evidence["import"] = of.pk
    event.save(force_insert=True)

    text = page_of(event)

    for words in ("customers.csv", "812", "a" * 64, "Newsletter form of 2025", "uploaded"):
        assert words in text, words


def test_the_api_shows_its_token_and_its_own_words() -> None:
    text = page_of(told(Source.API, api_token="Order system", till="Paris 3", note="At the till"))

    for words in ("Order system", "till", "Paris 3", "At the till"):
        assert words in text, words


@pytest.mark.parametrize(
    "evidence",
    [
        {"look": "blue", "wording": 7, "arrival": "x", "answer": [1], "clicked_at": "yesterday", "button": "b"},
        {"look": {"size": "huge"}, "wording": {"id": 999_999}, "import": "x", "question": {"a": 1}, "at": 3},
        {"address": '"><script>alert(1)</script>'},
    ],
)
def test_whatever_a_system_calls_proof_is_shown_and_harms_nobody(evidence: dict[str, object]) -> None:
    text = page_of(told(Source.API, **evidence))

    assert "This line of the log" in text
    assert "<script>alert" not in text


def test_nothing_can_be_changed_on_it() -> None:
    event, _visitor = agreed()
    url = reverse("admin:optins_consentevent_change", args=[event.pk])

    text = page_of(event)

    assert 'name="_save"' not in text
    assert client_as(SUPPORT).post(url, {"kind": "revoked"}).status_code == 403
    assert ConsentEvent.objects.get(pk=event.pk).kind == ConsentKind.GRANTED


def test_an_empty_log_line_has_its_page_too() -> None:
    optin = OptInFactory()
    event = ConsentEvent.objects.create(optin=optin, kind=ConsentKind.EXPIRED, at=NOW)
    assert "This line of the log" in page_of(event)


def test_a_conflict_names_whoever_came() -> None:
    recipient = RecipientFactory()
    event = ConsentEvent.objects.create(
        optin=OptInFactory(page=recipient.page), kind=ConsentKind.CONFLICT, at=NOW, recipient=recipient
    )
    assert f"PSID {recipient.psid}" in page_of(event)


def test_staff_are_named() -> None:
    actor = UserFactory(username="claire")
    event = ConsentEvent.objects.create(optin=OptInFactory(), kind=ConsentKind.REVOKED, at=NOW, actor=actor)
    assert "claire" in page_of(event)
    assert not AuditEntry.objects.filter(action="consent.exported").exists()
