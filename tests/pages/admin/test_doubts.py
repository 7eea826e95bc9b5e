"""A page's policy for doubts: what each choice means, and the one that is confirmed."""

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from pages.models import AuditEntry, Page
from pages.states import DoubtPolicy
from tests.factories import PageFactory
from tests.pages.admin.test_linking import ADD, change, entry, errors
from tests.people import client_as

pytestmark = pytest.mark.django_db

AGAIN = {"doubt_policy": "send_again", "doubt_minutes": "15"}


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def page() -> Page:
    page: Page = PageFactory(page_id="322837607840703")
    return page


def policy_of(page: Page) -> tuple[str, int]:
    page.refresh_from_db()
    return page.doubt_policy, page.doubt_minutes


def test_each_choice_says_what_it_means_for_customers(administrator: Client, page: Page) -> None:
    shown = administrator.get(change(page)).content.decode()
    for words in ("Nothing is sent twice meanwhile", "who did not get it never will", "gets it twice"):
        assert words in shown


def test_the_policy_is_kept_and_who_stated_it(administrator: Client, page: Page) -> None:
    administrator.post(change(page), entry(doubt_policy="treat_as_sent", doubt_minutes=30))
    assert policy_of(page) == (DoubtPolicy.TREAT_AS_SENT, 30)
    written = AuditEntry.objects.get(action="page.doubt_policy_stated")
    assert written.detail == {"policy": "treat_as_sent", "minutes": 30}
    assert written.actor_id == int(administrator.session["_auth_user_id"])


def test_to_send_again_by_itself_is_confirmed_with_nothing_lost(administrator: Client, page: Page) -> None:
    answer = administrator.post(change(page), entry(**AGAIN, name="Kept"))
    assert "doubts_understood" in errors(answer)
    assert 'value="Kept"' in answer.content.decode()
    assert policy_of(page)[0] == DoubtPolicy.ASK


def test_once_it_is_confirmed_it_holds(administrator: Client, page: Page) -> None:
    administrator.post(change(page), entry(**AGAIN, doubts_understood="on"))
    assert policy_of(page) == (DoubtPolicy.SEND_AGAIN, 15)


def test_what_was_confirmed_before_is_not_asked_again(administrator: Client, page: Page) -> None:
    Page.objects.update(doubt_policy=DoubtPolicy.SEND_AGAIN)
    administrator.post(change(page), entry(**AGAIN, name="Renamed"))
    assert policy_of(page) == (DoubtPolicy.SEND_AGAIN, 15)
    assert page.name == "Renamed"


def test_a_new_page_may_have_its_policy_at_once(administrator: Client) -> None:
    administrator.post(ADD, entry(**AGAIN, doubts_understood="on"))
    assert policy_of(Page.objects.get()) == (DoubtPolicy.SEND_AGAIN, 15)
    assert AuditEntry.objects.filter(action="page.doubt_policy_stated").count() == 1


@pytest.mark.parametrize("minutes", ["0", "43201", "soon"])
def test_a_time_that_can_t_be_is_refused(administrator: Client, page: Page, minutes: str) -> None:
    answer = administrator.post(change(page), entry(doubt_policy="treat_as_sent", doubt_minutes=minutes))
    assert "doubt_minutes" in errors(answer)


def test_a_form_without_the_policy_changes_nothing_of_it(administrator: Client, page: Page) -> None:
    Page.objects.update(doubt_policy=DoubtPolicy.TREAT_AS_SENT, doubt_minutes=5)
    administrator.post(change(page), entry(name="Renamed"))
    assert policy_of(page) == (DoubtPolicy.TREAT_AS_SENT, 5)
    assert not AuditEntry.objects.exists()


def test_who_only_reads_sees_the_policy_and_confirms_nothing(page: Page) -> None:
    shown = client_as(MARKETING).get(change(page)).content.decode()
    assert "A person decides" in shown
    assert "doubts_understood" not in shown
