"""The screens of a site's callback and of the log of its calls."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS
from notifications.callbacks.events import CHOICES
from notifications.models import Callback, CallbackEvent, CallbackReplay
from notifications.models.callback import CallbackOutcome, CallbackState
from notifications.services.callbacks import turns
from pages.models import AuditEntry
from tests.factories import CallbackCallFactory, CallbackFactory, SiteFactory
from tests.people import client_as
from tests.support.callbacks import happened

pytestmark = pytest.mark.django_db

LIST = reverse("admin:notifications_callback_changelist")
ADD = reverse("admin:notifications_callback_add")
LOG = reverse("admin:notifications_callbackcall_changelist")
URL = "https://shop.example.com/hooks"


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.hints._hint", lambda task, pk: None)


def door(callback: Callback, act: str = "change") -> str:
    return reverse(f"admin:notifications_callback_{act}", args=[callback.pk])


def filled(**changes: object) -> dict[str, object]:
    return {"url": URL, "on": "on", "delivery": ["delivery.sent"], "campaign": ["campaign.finished"], **changes}


def taken(callback: Callback, count: int) -> None:
    """So many events that the receiver has."""
    happened(callback, count)
    turns.number_all(callback_pk=callback.pk)
    Callback.objects.filter(pk=callback.pk).update(taken_to=count)
    CallbackEvent.objects.filter(callback=callback).update(taken_at=timezone.now())


def words(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_a_new_callback_shows_its_secret_once(administrator: Client) -> None:
    site = SiteFactory()

    answer = administrator.post(ADD, filled(site=site.pk))

    callback = Callback.objects.get()
    assert (callback.site, callback.url, callback.state) == (site, URL, CallbackState.ON)
    assert callback.types == ["delivery.sent", "campaign.finished"]
    assert callback.secret in words(answer)
    assert "no-store" in answer["Cache-Control"]
    for again in (LIST, door(callback), ADD):
        assert callback.secret not in words(administrator.get(again))
    assert callback.secret not in str(dict(administrator.session))
    assert callback.secret not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_everything_is_chosen_until_somebody_chooses(administrator: Client) -> None:
    page = words(administrator.get(ADD))
    assert page.count(" checked") >= len(CHOICES)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://shop.example.com/", "The address has to begin with https://."),
        ("https://10.0.0.1/", "This address is a private one."),
        ("https://user:pass@shop.example.com/", "Leave user and password out"),
        ("shop", "This is no address that can be called."),
        ("https://" + "a" * 2_100, "2,000 characters at most"),
    ],
)
def test_a_url_that_can_not_be_called_is_refused_at_its_field(administrator: Client, url: str, said: str) -> None:
    answer = administrator.post(ADD, filled(site=SiteFactory().pk, url=url))

    assert said in words(answer)
    assert not Callback.objects.exists()


def test_a_site_has_one_callback(administrator: Client) -> None:
    answer = administrator.post(ADD, filled(site=CallbackFactory().site.pk))

    assert answer.status_code == 200
    assert Callback.objects.count() == 1


def test_saving_changes_what_is_told(administrator: Client) -> None:
    callback = CallbackFactory()

    administrator.post(door(callback), {"url": URL + "/2", "optin": ["optin.revoked"]})

    callback.refresh_from_db()
    assert (callback.url, callback.types, callback.state) == (URL + "/2", ["optin.revoked"], CallbackState.OFF)
    assert AuditEntry.objects.get().action == "callback.changed"


def test_a_new_secret_is_asked_for_shown_once_and_both_are_valid(administrator: Client) -> None:
    callback = CallbackFactory()
    old = callback.secret

    assert old not in words(administrator.get(door(callback, "rotate")))
    answer = administrator.post(door(callback, "rotate"))

    callback.refresh_from_db()
    assert callback.secret != old
    assert callback.previous_secret == old
    assert callback.secret in words(answer)
    assert "signed with the old secret as well until" in words(administrator.get(door(callback)))


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, {"send_test", "replay", "rotate"}),
        (
            {"next_try_at": timezone.now(), "failing_since": timezone.now()},
            {"send_test", "try_now", "replay", "rotate"},
        ),
        ({"state": CallbackState.STOPPED, "stop": "gave_up"}, {"start_again", "replay", "rotate"}),
        ({"state": CallbackState.OFF}, {"replay", "rotate"}),
    ],
)
def test_only_what_makes_sense_is_offered(administrator: Client, fields: dict[str, object], offered: set[str]) -> None:
    callback = CallbackFactory(**fields)

    page = words(administrator.get(door(callback)))

    acts = ("send_test", "try_now", "start_again", "replay", "rotate")
    assert {act for act in acts if f'href="{door(callback, act)}"' in page} == offered


def test_a_test_is_asked_for_and_written_down(administrator: Client) -> None:
    callback = CallbackFactory()

    administrator.get(door(callback, "send_test"))
    assert not CallbackEvent.objects.exists()
    administrator.post(door(callback, "send_test"))

    assert CallbackEvent.objects.get().type == "callback.test"


def test_a_stopped_callback_says_why_and_is_started_again(administrator: Client) -> None:
    callback = CallbackFactory(state=CallbackState.STOPPED, stop="gone", failing_since=timezone.now())
    assert "The receiver answered 410" in words(administrator.get(door(callback)))
    assert "is no longer told what happens" in words(administrator.get(reverse("admin:index")))

    administrator.post(door(callback, "start_again"))

    callback.refresh_from_db()
    assert callback.state == CallbackState.ON
    assert "is no longer told what happens" not in words(administrator.get(reverse("admin:index")))


def test_a_failing_callback_says_since_when_and_is_tried_at_once(administrator: Client) -> None:
    now = timezone.now()
    callback = CallbackFactory(tries=3, failing_since=now - timedelta(hours=2), next_try_at=now + timedelta(hours=1))
    assert "Nothing was taken since" in words(administrator.get(door(callback)))

    administrator.post(door(callback, "try_now"))

    callback.refresh_from_db()
    assert callback.next_try_at is None


def test_the_question_says_how_many_events_before_any_is_sent_again(administrator: Client) -> None:
    callback = CallbackFactory()
    taken(callback, 5)
    asked = administrator.post(door(callback, "replay"), {"which": "number", "number": "3"})
    assert "Send 3 events again?" in words(asked)
    assert not CallbackReplay.objects.exists()

    administrator.post(door(callback, "replay"), {"which": "number", "number": "3", "sure": "1"})

    replay = CallbackReplay.objects.get()
    assert (replay.next_number, replay.last_number, replay.untaken) == (3, 5, False)
    assert AuditEntry.objects.get().action == "callback.replayed"


def test_a_time_is_read_on_the_sites_clock(administrator: Client) -> None:
    callback = CallbackFactory(site__timezone="America/New_York")
    taken(callback, 2)
    CallbackEvent.objects.filter(number=1).update(at="2026-06-01T11:59:00Z")
    CallbackEvent.objects.filter(number=2).update(at="2026-06-01T12:01:00Z")

    asked = administrator.post(door(callback, "replay"), {"which": "time", "time": "2026-06-01T08:00"})

    assert "Send 1 event again?" in words(asked)


@pytest.mark.parametrize("form", [{"which": "number"}, {"which": "time", "time": ""}])
def test_from_where_on_has_to_be_said(administrator: Client, form: dict[str, str]) -> None:
    answer = administrator.post(door(CallbackFactory(), "replay"), form)

    assert "Say from where on." in words(answer)


def test_nothing_to_send_again_is_said(administrator: Client) -> None:
    callback = CallbackFactory()

    answer = administrator.post(door(callback, "replay"), {"which": "untaken"}, follow=True)

    assert "There is no such event any more." in words(answer)


def test_one_call_is_made_again_from_the_log(administrator: Client) -> None:
    callback = CallbackFactory()
    taken(callback, 5)
    call = CallbackCallFactory(callback=callback, first_number=2, last_number=4, answer="<b>no</b>")
    page = reverse("admin:notifications_callbackcall_change", args=[call.pk])
    again = reverse("admin:notifications_callbackcall_replay", args=[call.pk])
    assert "&lt;b&gt;no&lt;/b&gt;" in words(administrator.get(page))
    assert "Send 3 events again?" in words(administrator.get(again))

    administrator.post(again, {"sure": "1"})

    assert CallbackReplay.objects.get().next_number == 2


@pytest.mark.parametrize(("query", "shown"), [("", 3), ("?outcome=failed", 1), ("?callback__id__exact={pk}", 2)])
def test_the_log_is_narrowed_by_site_and_outcome(administrator: Client, query: str, shown: int) -> None:
    callback = CallbackFactory()
    CallbackCallFactory(callback=callback)
    CallbackCallFactory(callback=callback, outcome=CallbackOutcome.FAILED, status_code=500)
    CallbackCallFactory()

    answer = administrator.get(LOG + query.format(pk=callback.pk))

    assert len(answer.context["cl"].result_list) == shown


def test_the_log_counts_nothing_and_asks_the_same_for_many(administrator: Client) -> None:
    CallbackCallFactory.create_batch(30, callback=CallbackFactory())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        administrator.get(LOG)

    about = [query["sql"] for query in asked if "notifications_callbackcall" in query["sql"]]
    assert len(about) == 1
    assert "COUNT(" not in about[0]


def test_empty_lists_say_what_they_are_for(administrator: Client) -> None:
    assert "No callback yet." in words(administrator.get(LIST))
    assert "No call was made yet." in words(administrator.get(LOG))


def test_what_nobody_has_called_yet_is_not_said_to_work(administrator: Client) -> None:
    callback = CallbackFactory()

    page = words(administrator.get(door(callback)))

    assert "Nothing was sent yet. A test event shows whether it works." in page
    assert "Works" not in page
    taken(callback, 3)
    assert "Works" in words(administrator.get(door(callback)))
