"""From a conversation: the person's whole file, and erasing the person, asked first."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Delivery
from notifications.states import DeliveryState
from optins.models import OptIn, Refusal
from optins.states import OptInState
from pages.models import AuditEntry, Thread
from tests.people import client_as
from tests.support.known import ID, NAME, PSID
from tests.support.person import WORDS, columns_with, everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    everywhere()
    return Thread.objects.get(psid=PSID)


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def url(name: str, thread: Thread) -> str:
    return reverse(f"admin:pages_thread_{name}", args=[thread.pk])


def erase(client: Client, thread: Thread, typed: str = PSID) -> str:
    return client.post(url("erase", thread), {"typed": typed}, follow=True).content.decode()


def test_the_whole_file_is_one_click_away(support: Client, thread: Thread) -> None:
    assert url("whole_file", thread) in support.get(url("change", thread)).content.decode()

    response = support.post(url("whole_file", thread))

    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert ID in archive.read("whole-file.html").decode()
    assert AuditEntry.objects.get(action="customer.exported").subject == f"pages.thread:{thread.pk}"


def test_the_question_names_what_goes_and_what_cannot(support: Client, thread: Thread) -> None:
    text = support.get(url("erase", thread)).content.decode()

    counted = ("Deliveries (6)", "Messages of the conversation (1)")
    for words in (NAME, ID, PSID, *counted, "nobody can erase it from here", "be undone"):
        assert words in text
    assert OptIn.objects.get(customer_id=ID).state == OptInState.ACTIVE


@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_those_who_may_erase_after_typing_the_psid(thread: Thread, role: str) -> None:
    assert "a new conversation begins" in erase(client_as(role), thread)

    # Another customer's id may begin with hers.
    Refusal.objects.filter(customer_id=f"{ID}7").delete()
    assert columns_with(WORDS) == set()


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Type the PSID to confirm."), (PSID[:-1], "another PSID"), (ID, "another PSID")]
)
def test_nothing_goes_before_the_psid_is_typed(support: Client, thread: Thread, typed: str, words: str) -> None:
    assert words in erase(support, thread, typed)

    assert Thread.objects.filter(psid=PSID).exists()


def test_marketing_may_not(thread: Thread) -> None:
    marketing = client_as(MARKETING)

    assert marketing.get(url("erase", thread)).status_code == 403
    assert marketing.post(url("erase", thread), {"typed": PSID}).status_code == 403
    assert marketing.post(url("whole_file", thread)).status_code == 403
    assert Thread.objects.filter(psid=PSID).exists()


def test_while_a_message_is_leaving_it_is_said_to_ask_again(support: Client, thread: Thread) -> None:
    row = Delivery.objects.get(thread=thread)
    leaving = {"state": DeliveryState.DISPATCHING, "fence": 1, "dispatch_started_at": timezone.now()}
    Delivery.objects.filter(pk=row.pk).update(**leaving)

    assert "ask again in some seconds" in erase(support, thread)

    assert Thread.objects.filter(psid=PSID).exists()


def test_an_erased_person_is_not_offered_it_again(support: Client, thread: Thread) -> None:
    erase(support, thread)

    left = Thread.objects.get(pk=thread.pk)
    assert url("erase", left) not in support.get(url("change", left)).content.decode()
    assert "erased already" in erase(support, left)


def test_it_is_written_down_who_erased(support: Client, thread: Thread) -> None:
    erase(support, thread)

    entry = AuditEntry.objects.get(action="person.erased")
    assert entry.actor is not None
    assert PSID not in str(entry.detail)


def test_a_conversation_that_is_not_there_is_said(support: Client) -> None:
    for name in ("erase", "whole_file"):
        response = support.post(reverse(f"admin:pages_thread_{name}", args=[7]), follow=True)
        assert "with the number “7”" in response.content.decode()
