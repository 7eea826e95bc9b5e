"""Facebook's dialog and back: a state is good once, in the same browser, for ten minutes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from pages.models import FacebookLogin
from pages.services import logins, offers
from pages.services.logins import LoginFailed, Trouble
from tests.factories import UserFactory
from tests.support.graph_api import error, graph, routed
from tests.support.logins import begun, offered_page, offering
from tests.support.racing import race

pytestmark = pytest.mark.django_db

RETURN = "https://admin.example.com/facebook/return/"
PAGE = {
    "id": "20001",
    "name": "Peter's",
    "access_token": "page-secret",
    "tasks": ["MESSAGING", "MODERATE"],
}


def collected(told: dict[tuple[str, str], object]) -> FacebookLogin:
    user = UserFactory()
    _login, state = begun(user)
    login = logins.take_back(state=state, user=user, session_key="session", now=timezone.now())
    with graph(routed(told)):
        logins.collect(login=login, code="c0de", return_to=RETURN, now=timezone.now())
    return FacebookLogin.objects.get(pk=login.pk)


def trouble_of(told: dict[tuple[str, str], object]) -> Trouble:
    with pytest.raises(LoginFailed) as failed:
        collected(told)
    return failed.value.trouble


def test_the_state_itself_is_stored_nowhere() -> None:
    _login, state = begun(UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pages_facebooklogin")
        assert state not in str(cursor.fetchall())


def test_a_state_brings_its_login_back_once() -> None:
    user = UserFactory()
    login, state = begun(user)
    now = timezone.now()
    assert logins.take_back(state=state, user=user, session_key="session", now=now) == login
    with pytest.raises(LoginFailed) as failed:
        logins.take_back(state=state, user=user, session_key="session", now=now)
    assert failed.value.trouble is Trouble.USED


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_back_at_the_same_instant_one_is_let_in() -> None:
    user = UserFactory()
    _login, state = begun(user)

    def come() -> FacebookLogin:
        return logins.take_back(state=state, user=user, session_key="session", now=timezone.now())

    results = race(come, come, come)
    assert sorted(type(result).__name__ for result in results) == ["FacebookLogin", "LoginFailed", "LoginFailed"]


def test_an_invented_state_is_unknown() -> None:
    with pytest.raises(LoginFailed) as failed:
        logins.take_back(state="invented", user=UserFactory(), session_key="session", now=timezone.now())
    assert failed.value.trouble is Trouble.UNKNOWN


def test_after_ten_minutes_a_state_is_too_old() -> None:
    user = UserFactory()
    _login, state = begun(user)
    later = timezone.now() + timedelta(minutes=10)
    with pytest.raises(LoginFailed) as failed:
        logins.take_back(state=state, user=user, session_key="session", now=later)
    assert failed.value.trouble is Trouble.EXPIRED


def test_another_browser_or_another_account_is_sent_away_and_spoils_nothing() -> None:
    user, stranger = UserFactory(), UserFactory()
    login, state = begun(user)
    now = timezone.now()
    for who, session in ((user, "another"), (stranger, "session")):
        with pytest.raises(LoginFailed) as failed:
            logins.take_back(state=state, user=who, session_key=session, now=now)
        assert failed.value.trouble is Trouble.NOT_YOURS
    assert logins.take_back(state=state, user=user, session_key="session", now=now) == login


@override_settings(FACEBOOK_APP_SECRET="")
def test_without_an_app_nobody_begins() -> None:
    with pytest.raises(LoginFailed) as failed:
        begun(UserFactory())
    assert failed.value.trouble is Trouble.NOT_SET_UP


def test_what_the_person_offers_is_kept_encrypted_without_the_persons_own_token() -> None:
    login = collected({("GET", "me/accounts"): {"data": [PAGE]}})
    assert [(page.page_id, page.token) for page in offers.read(login)] == [("20001", "page-secret")]
    assert (login.facebook_user_id, login.facebook_user_name) == ("1001", "Claire Martin")
    assert "user-token" not in login.offered
    with connection.cursor() as cursor:
        cursor.execute("SELECT offered FROM pages_facebooklogin")
        assert "page-secret" not in cursor.fetchone()[0]


def test_a_person_without_any_page_is_no_error() -> None:
    assert offers.read(collected({})) == []


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({("GET", "oauth/access_token"): error(100, subcode=36009)}, Trouble.REFUSED),
        ({("GET", "oauth/access_token"): error(2)}, Trouble.UNREACHABLE),
        ({("GET", "oauth/access_token"): None}, Trouble.UNREACHABLE),
        ({("GET", "oauth/access_token"): {"surprise": True}}, Trouble.UNREACHABLE),
        ({("GET", "me"): error(190, subcode=458)}, Trouble.REVOKED),
        ({("GET", "debug_token"): error(190)}, Trouble.REVOKED),
        ({("GET", "me/accounts"): error(190, subcode=458)}, Trouble.REVOKED),
        ({("GET", "me/accounts"): error(10)}, Trouble.REFUSED),
        ({("GET", "me/accounts"): error(4)}, Trouble.UNREACHABLE),
    ],
)
def test_whatever_facebook_answers_has_its_name(told: dict[tuple[str, str], object], trouble: Trouble) -> None:
    assert trouble_of(told) is trouble


def test_a_login_that_failed_is_over_and_holds_nothing() -> None:
    trouble_of({("GET", "me/accounts"): error(190)})
    login = FacebookLogin.objects.get()
    assert (login.ended_at is not None, login.offered) == (True, "")


def test_whoever_takes_the_app_away_meanwhile_offers_nothing() -> None:
    login = offering(UserFactory(), [])
    FacebookLogin.objects.update(ended_at=timezone.now())
    with graph(routed({("GET", "me/accounts"): {"data": [PAGE]}})), pytest.raises(LoginFailed) as failed:
        logins.collect(login=login, code="c0de", return_to=RETURN, now=timezone.now())
    assert failed.value.trouble is Trouble.REVOKED
    assert "page-secret" not in FacebookLogin.objects.get().offered


@pytest.mark.parametrize(
    ("scopes", "targets", "missing"),
    [
        (["pages_show_list", "pages_messaging"], [], ("pages_manage_metadata",)),
        (
            ["pages_show_list", "pages_messaging", "pages_manage_metadata"],
            [{"scope": "pages_messaging", "target_ids": ["666"]}],
            ("pages_messaging",),
        ),
        (["pages_show_list", "pages_messaging", "pages_manage_metadata"], [], ()),
    ],
)
def test_a_permission_that_was_unticked_is_named_at_the_page(
    scopes: list[str], targets: list[object], missing: tuple[str, ...]
) -> None:
    facts = {"is_valid": True, "scopes": scopes, "granular_scopes": targets}
    login = collected({("GET", "me/accounts"): {"data": [PAGE]}, ("GET", "debug_token"): {"data": facts}})
    assert offers.read(login)[0].missing_permissions == missing


def test_the_newest_login_of_this_browser_is_chosen_from() -> None:
    user = UserFactory()
    offering(user, [offered_page(20001)])
    newest = offering(user, [offered_page(20002)])
    offering(user, [offered_page(20003)], session_key="another")
    found = logins.waiting_for_a_choice(user=user, session_key="session", now=timezone.now())
    assert found == newest


def test_after_half_an_hour_there_is_nothing_to_choose_from() -> None:
    user = UserFactory()
    offering(user, [offered_page()])
    with pytest.raises(LoginFailed) as failed:
        logins.waiting_for_a_choice(user=user, session_key="session", now=timezone.now() + timedelta(minutes=31))
    assert failed.value.trouble is Trouble.OVER


def test_the_sweep_wipes_the_tokens_of_who_never_chose() -> None:
    login = offering(UserFactory(), [offered_page()])
    assert logins.wipe_logins(timezone.now() + timedelta(minutes=29)) == 0
    assert logins.wipe_logins(timezone.now() + timedelta(minutes=31)) == 1
    login.refresh_from_db()
    assert (login.offered, login.ended_at is not None) == ("", True)


def test_the_sweep_forgets_logins_after_a_day() -> None:
    login = offering(UserFactory(), [])
    logins.end(login, now=timezone.now())
    logins.wipe_logins(timezone.now() + timedelta(hours=23))
    assert FacebookLogin.objects.exists()
    logins.wipe_logins(timezone.now() + timedelta(hours=25))
    assert not FacebookLogin.objects.exists()
