"""manage.py replay_webhooks: says how many first, then has them processed once more, without a second effect."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pages.models import Page, Thread, ThreadMessage, WebhookEvent
from pages.models.webhook import EventState
from pages.webhooks import replaying
from pages.webhooks.inbox import receive
from pages.webhooks.processing import process_due
from tests.factories import LinkedPageFactory
from tests.pages.webhooks.inbox import received
from tests.support.facebook import body_of, entry, message, read

pytestmark = pytest.mark.django_db

PSID = "7012345678900001"


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory()
    return linked


def replay(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_webhooks", *arguments, stdout=out)
    return out.getvalue()


def waiting() -> int:
    return WebhookEvent.objects.filter(state=EventState.WAITING).count()


def test_it_says_how_many_and_does_nothing_until_it_is_told_to(page: Page) -> None:
    received(page, message(page.page_id, PSID, "hi"))
    process_due()

    said = replay()

    assert "1 event to process again." in said
    assert "--yes" in said
    assert waiting() == 0


def test_what_is_processed_again_has_no_second_effect(page: Page) -> None:
    received(page, message(page.page_id, PSID, "hi"), message(page.page_id, PSID, "again"))
    process_due()
    before = Thread.objects.values().get()

    replay("--yes", "--here")

    assert ThreadMessage.objects.count() == 2
    assert Thread.objects.values().get() == before
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {EventState.DONE}


def test_what_was_lost_is_made_again_from_what_was_stored(page: Page) -> None:
    received(page, message(page.page_id, PSID, "hi"))
    process_due()
    Thread.objects.all().delete()

    replay("--yes", "--here")

    assert ThreadMessage.objects.get().text == "hi"


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ((), 4),
        (("--kind", "read"), 1),
        (("--page", "99999"), 1),
        (("--failed",), 1),
        (("--since", (timezone.now() - timedelta(hours=1)).isoformat()), 3),
        (("--until", (timezone.now() - timedelta(hours=1)).isoformat()), 1),
        (("--until", "2020-01-01"), 0),
    ],
)
def test_it_takes_those_that_are_asked_for(page: Page, arguments: tuple[str, ...], count: int) -> None:
    received(page, message(page.page_id, PSID, "old"), at=timezone.now() - timedelta(hours=2))
    received(page, message(page.page_id, PSID, "new"), read(page.page_id, PSID, timezone.now()))
    receive(body_of(entry("99999", message("99999", PSID, "stranger"))), now=timezone.now())
    process_due()
    WebhookEvent.objects.filter(page_id="99999").update(state=EventState.FAILED)

    replay("--yes", *arguments)

    assert waiting() == count


def test_it_goes_in_chunks_and_says_how_far_it_is(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "CHUNK", 2)
    received(page, *(message(page.page_id, str(n), "hi") for n in range(5)))
    process_due()

    said = replay("--yes")

    assert [line for line in said.splitlines() if "of 5" in line] == [
        f"{done} of 5 wait for a worker." for done in (2, 4, 5)
    ]


def test_calls_that_could_not_be_read_are_read_again(page: Page) -> None:
    receive(b"no json", now=timezone.now())
    process_due()

    assert "1 call to read again." in replay("--unreadable")
    replay("--unreadable", "--yes", "--here")

    assert "1 call to read again." in replay("--unreadable")


def test_a_time_that_is_none_is_said(page: Page) -> None:
    with pytest.raises(CommandError, match="yesterday"):
        replay("--since", "yesterday")
