"""Linking what a login offers: all or nothing, on hold until Facebook sends the page's events."""

import pytest
from django.db import connection
from django.utils import timezone

from pages.models import AuditEntry, Connection, FacebookLogin, Incident, Link, Page
from pages.models.incident import IncidentKind
from pages.services import alarms, connecting, subscribing
from pages.services.connecting import Chosen
from pages.services.health import check
from pages.services.links import PageHeld, SiteHeld
from pages.services.logins import LoginFailed, Trouble
from pages.states import GatewayKind, PageState
from tests.factories import ConnectedPageFactory, LinkedPageFactory, LinkFactory, PageFactory, SiteFactory, UserFactory
from tests.support.graph_api import error, graph, routed
from tests.support.logins import offered_page, offering
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def linked(*numbers: int) -> list[Page]:
    user = UserFactory()
    offered = [offered_page(number) for number in numbers]
    chosen = [Chosen(page=page, site=SiteFactory()) for page in offered]
    return connecting.connect(login=offering(user, offered), chosen=chosen, actor=user, now=timezone.now())


def subscribed(page: Page, told: dict[tuple[str, str], object] | None = None) -> str:
    with graph(routed(told), WEBHOOK_FIELDS=["messages", "message_reads"]):
        return subscribing.open_up(page=page, actor=None, now=timezone.now())


def test_each_page_gets_its_site_its_token_and_its_connection() -> None:
    user, (first, second) = UserFactory(), SiteFactory.create_batch(2)
    offered = [offered_page(20002), offered_page(20001, picture_url="https://c.example/p.jpg")]
    chosen = [Chosen(page=offered[0], site=first), Chosen(page=offered[1], site=second)]
    connecting.connect(login=offering(user, offered), chosen=chosen, actor=user, now=timezone.now())
    found = {page.page_id: page for page in Page.objects.all()}
    assert (found["20002"].site, found["20001"].site) == (first, second)
    assert (found["20001"].token, found["20001"].picture_url) == ("token-20001", "https://c.example/p.jpg")
    assert {page.gateway for page in found.values()} == {GatewayKind.META}
    assert Connection.objects.get(page=found["20001"]).facebook_user_id == "1001"
    assert AuditEntry.objects.filter(action="page.connected", actor=user).count() == 2


def test_the_token_is_encrypted_and_the_login_holds_none_any_more() -> None:
    linked(20001)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM pages_page UNION ALL SELECT offered FROM pages_facebooklogin")
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) == 2
    assert not any("token-20001" in value for value in stored)
    assert FacebookLogin.objects.get().offered == ""


def test_a_page_waits_until_facebook_sends_its_events() -> None:
    (page,) = linked(20001)
    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    assert Incident.objects.get().kind == IncidentKind.NOT_SUBSCRIBED


def test_nobody_is_written_to_about_the_moment_that_facebook_takes() -> None:
    linked(20001)
    UserFactory(is_superuser=True, email="a@example.com")
    assert alarms.tell(now=timezone.now()) == 0


def test_once_subscribed_it_sends() -> None:
    (page,) = linked(20001)
    assert subscribed(page) == ""
    page.refresh_from_db()
    state = Connection.objects.get(page=page)
    assert (page.state, state.missing_fields, state.has_get_started) == (PageState.ACTIVE, [], True)
    assert Incident.objects.get().closed_at is not None


def test_the_fields_of_the_settings_are_subscribed_with_the_pages_token_and_get_started_is_set() -> None:
    (page,) = linked(20001)
    with graph(routed(), WEBHOOK_FIELDS=["messages", "standby"]) as far_end:
        subscribing.open_up(page=page, actor=None, now=timezone.now())
    first, _look, third = far_end.asked
    assert (first.path, first.query["subscribed_fields"]) == ("/v26.0/20001/subscribed_apps", "messages,standby")
    assert first.headers["authorization"] == "Bearer token-20001"
    assert third.json == {"get_started": {"payload": "GET_STARTED"}}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (error(190, subcode=458), IncidentKind.TOKEN_REFUSED),
        (error(200), IncidentKind.MISSING_PERMISSION),
        (error(2), IncidentKind.NOT_SUBSCRIBED),
        (None, IncidentKind.NOT_SUBSCRIBED),
    ],
)
def test_a_page_that_facebook_does_not_subscribe_stays_on_hold_and_says_why(said: object, kind: str) -> None:
    (page,) = linked(20001)
    problem = subscribed(page, {("POST", "subscribed_apps"): said})
    page.refresh_from_db()
    assert problem
    assert page.state == PageState.ON_HOLD
    assert [(one.kind, one.detail) for one in Incident.objects.all()] == [(kind, problem)]


def test_a_page_without_get_started_sends_all_the_same_and_it_is_known() -> None:
    (page,) = linked(20001)
    assert subscribed(page, {("POST", "me/messenger_profile"): error(613)}) == ""
    page.refresh_from_db()
    assert page.state == PageState.ACTIVE
    assert Connection.objects.get().has_get_started is False


def test_get_started_that_is_there_is_left_alone() -> None:
    (page,) = linked(20001)
    there = {"data": [{"get_started": {"payload": "THEIRS"}}]}
    with graph(routed({("GET", "me/messenger_profile"): there})) as far_end:
        subscribing.greet(page)
    assert [asked.method for asked in far_end.asked] == ["GET"]


def test_when_one_page_is_held_by_another_site_none_is_linked() -> None:
    held = LinkFactory(site=SiteFactory(name="Boutique", sid="502"), page=PageFactory(page_id="20002"))
    user, offered = UserFactory(), [offered_page(20001), offered_page(20002)]
    login = offering(user, offered)
    chosen = [Chosen(page=page, site=SiteFactory()) for page in offered]
    with pytest.raises(PageHeld, match="Boutique"):
        connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())
    login.refresh_from_db()
    assert (Link.objects.get(), Connection.objects.exists(), Page.objects.get()) == (held, False, held.page)
    assert login.ended_at is None, "the person can choose again"


def test_when_one_site_has_a_page_already_none_is_linked() -> None:
    user, offered = UserFactory(), [offered_page(20001), offered_page(20002)]
    taken = LinkedPageFactory(name="Peter's").site
    chosen = [Chosen(page=offered[0], site=SiteFactory()), Chosen(page=offered[1], site=taken)]
    with pytest.raises(SiteHeld, match="Peter's"):
        connecting.connect(login=offering(user, offered), chosen=chosen, actor=user, now=timezone.now())
    assert not Page.objects.filter(page_id="20001").exists()


def test_a_choice_is_made_once() -> None:
    user, offered = UserFactory(), [offered_page(20001)]
    login, chosen = offering(user, offered), [Chosen(page=offered[0], site=SiteFactory())]
    connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())
    with pytest.raises(LoginFailed) as failed:
        connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())
    assert failed.value.trouble is Trouble.OVER


def test_a_page_that_is_here_without_a_site_is_taken_over_with_its_name() -> None:
    PageFactory(page_id="20001", name="The name we gave", gateway=GatewayKind.IADVIZE, token="old")
    (page,) = linked(20001)
    assert (page.name, page.gateway, page.token) == ("The name we gave", GatewayKind.META, "token-20001")


@pytest.mark.django_db(transaction=True)
def test_of_administrators_who_link_the_same_page_at_once_one_wins_and_the_others_are_told() -> None:
    sites = SiteFactory.create_batch(4)
    attempts = []
    for number, site in enumerate(sites):
        user = UserFactory()
        offered = [offered_page(20001, token=f"token-of-{number}"), offered_page(30000 + number)]
        other = SiteFactory()
        attempts.append(
            (user, offering(user, offered), [Chosen(page=offered[0], site=site), Chosen(page=offered[1], site=other)])
        )

    def attempt(number: int) -> list[Page]:
        user, login, chosen = attempts[number]
        return connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())

    results = race(*(lambda n=number: attempt(n) for number in range(4)))
    assert sorted(type(result).__name__ for result in results) == ["PageHeld", "PageHeld", "PageHeld", "list"]
    (winner,) = [number for number, result in enumerate(results) if isinstance(result, list)]
    page = Page.objects.get(page_id="20001")
    assert (page.site, page.token) == (sites[winner], f"token-of-{winner}")
    assert Page.objects.count() == Connection.objects.count() == Link.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_page_and_the_same_site_at_once_is_still_one_link_and_one_refusal() -> None:
    site = SiteFactory()
    attempts = []
    for _administrator in range(2):
        user, offered = UserFactory(), [offered_page(20001)]
        attempts.append((user, offering(user, offered), [Chosen(page=offered[0], site=site)]))

    def attempt(number: int) -> list[Page]:
        user, login, chosen = attempts[number]
        return connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())

    results = race(lambda: attempt(0), lambda: attempt(1))
    assert sorted(type(result).__name__ for result in results) == ["PageHeld", "list"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("numbers", "refusal"), [((20001, 20002, 20002, 20001), "PageHeld"), ((20001, 20002, 20003, 20004), "SiteHeld")]
)
def test_crosswise_choices_do_not_wait_for_each_other(numbers: tuple[int, ...], refusal: str) -> None:
    """Two people take the same two sites, each in the other's order: one wins, nobody dies of a deadlock."""
    first, second = SiteFactory.create_batch(2)
    attempts = []
    for pair, sites in ((numbers[:2], (first, second)), (numbers[2:], (second, first))):
        user, offered = UserFactory(), [offered_page(number) for number in pair]
        sites = (first, second) if refusal == "PageHeld" else sites
        chosen = [Chosen(page=page, site=site) for page, site in zip(offered, sites, strict=True)]
        attempts.append((user, offering(user, offered), chosen))

    def attempt(number: int) -> list[Page]:
        user, login, chosen = attempts[number]
        return connecting.connect(login=login, chosen=chosen, actor=user, now=timezone.now())

    results = race(lambda: attempt(0), lambda: attempt(1))
    assert sorted(type(result).__name__ for result in results) == sorted([refusal, "list"])


def test_reconnecting_gives_the_page_a_new_token_and_resumes_it() -> None:
    user, page = UserFactory(), ConnectedPageFactory(page_id="20001", token="dead", state=PageState.ON_HOLD)
    Incident.objects.create(page=page, kind=IncidentKind.TOKEN_REFUSED, opened_at=timezone.now())
    login = offering(user, [offered_page(20001, token="fresh")], page=page)
    fresh = connecting.reconnect(login=login, page=page, actor=user, now=timezone.now())
    assert subscribed(fresh) == ""
    page.refresh_from_db()
    assert (page.token, page.state, page.links.count()) == ("fresh", PageState.ACTIVE, 1)
    assert AuditEntry.objects.filter(action="page.reconnected", actor=user).exists()


def test_a_reconnected_page_whose_events_do_not_come_yet_waits_for_those_alone() -> None:
    user, page = UserFactory(), ConnectedPageFactory(page_id="20001", token="dead", state=PageState.ON_HOLD)
    Incident.objects.create(page=page, kind=IncidentKind.TOKEN_REFUSED, opened_at=timezone.now())
    login = offering(user, [offered_page(20001, token="fresh")], page=page)
    fresh = connecting.reconnect(login=login, page=page, actor=user, now=timezone.now())
    subscribed(fresh, {("POST", "subscribed_apps"): error(1)})
    assert Incident.objects.get().kind == IncidentKind.NOT_SUBSCRIBED
    with graph(routed()):
        check(page, timezone.now())
    page.refresh_from_db()
    assert page.state == PageState.ACTIVE


@pytest.mark.parametrize("changes", [{"missing_tasks": ("MESSAGING",)}, {"token": ""}, {"page_id": "66666"}])
def test_somebody_without_the_page_reconnects_nothing_and_breaks_nothing(changes: dict[str, object]) -> None:
    user, page = UserFactory(), ConnectedPageFactory(page_id="20001", token="as it was")
    login = offering(user, [offered_page(20001, **changes)], page=page)
    with pytest.raises(LoginFailed) as failed:
        connecting.reconnect(login=login, page=page, actor=user, now=timezone.now())
    page.refresh_from_db()
    assert (failed.value.trouble, page.token) == (Trouble.NOT_OFFERED, "as it was")
