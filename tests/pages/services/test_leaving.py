"""Unlinking a page of Facebook: ours no more at once, its token gone, and Facebook told, later if need be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages.models import Connection, Page
from pages.services import connecting, leaving
from pages.services.connecting import Chosen
from tests.factories import ConnectedPageFactory, LinkedPageFactory, SiteFactory, UserFactory
from tests.support.graph_api import error, graph, routed
from tests.support.logins import offered_page, offering

pytestmark = pytest.mark.django_db

AWAY: dict[tuple[str, str], object] = {("DELETE", "subscribed_apps"): None}


def left(page: Page, told: dict[tuple[str, str], object] | None = None) -> bool:
    now = timezone.now()
    with graph(routed(told)):
        assert leaving.leave(page=page, actor=None, now=now)
        return leaving.tell(page, now=now)


def test_the_link_closes_the_token_goes_and_facebook_is_told() -> None:
    page, now = ConnectedPageFactory(page_id="20001", token="secret"), timezone.now()
    with graph(routed()) as far_end:
        leaving.leave(page=page, actor=None, now=now)
        assert leaving.tell(page, now=now)
    (asked,) = far_end.asked
    assert (asked.method, asked.path) == ("DELETE", "/v26.0/20001/subscribed_apps")
    assert asked.headers["authorization"] == "Bearer secret"
    assert (page.site, Page.objects.get().token, Connection.objects.exists()) == (None, "", False)


def test_while_facebook_is_away_the_page_leaves_all_the_same_and_the_token_waits_apart() -> None:
    page = ConnectedPageFactory(token="secret")
    assert not left(page, AWAY)
    assert (page.site, Page.objects.get().token) == (None, "")
    assert Connection.objects.get().leaving_token == "secret"


def test_the_sweep_tells_facebook_after_an_hour() -> None:
    left(ConnectedPageFactory(), AWAY)
    now = timezone.now()
    with graph(routed()) as far_end:
        assert leaving.finish_leaving(now + timedelta(minutes=59)) == 0
        assert leaving.finish_leaving(now + timedelta(minutes=61)) == 1
    assert len(far_end.asked) == 1
    assert not Connection.objects.exists()


def test_it_is_tried_each_hour_for_a_week_and_then_the_token_goes() -> None:
    left(ConnectedPageFactory(), AWAY)
    now = timezone.now()
    with graph(routed(AWAY)):
        assert leaving.finish_leaving(now + timedelta(hours=2)) == 0
        assert leaving.finish_leaving(now + timedelta(hours=2, minutes=30)) == 0
        assert Connection.objects.exists()
        assert leaving.finish_leaving(now + timedelta(days=7, hours=1)) == 1
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("code", "told"), [(190, True), (200, True), (10, True), (2, False), (613, False)])
def test_whoever_may_not_speak_for_the_page_any_more_has_nothing_to_tell(code: int, told: bool) -> None:
    assert left(ConnectedPageFactory(), {("DELETE", "subscribed_apps"): error(code)}) is told
    assert Connection.objects.exists() is not told


def test_a_page_that_comes_back_meanwhile_keeps_its_new_connection() -> None:
    page = ConnectedPageFactory(page_id="20001")
    left(page, AWAY)
    user, offered = UserFactory(), [offered_page(20001)]
    chosen = [Chosen(page=offered[0], site=SiteFactory())]
    connecting.connect(login=offering(user, offered), chosen=chosen, actor=user, now=timezone.now())
    with graph(routed()) as far_end:
        assert leaving.finish_leaving(timezone.now() + timedelta(days=8)) == 0
    assert far_end.asked == []
    assert Connection.objects.get().leaving_token == ""


def test_a_page_of_iadvize_keeps_its_token_and_nobody_is_told() -> None:
    page = LinkedPageFactory(token="kept")
    with graph(routed()) as far_end:
        leaving.leave(page=page, actor=None, now=timezone.now())
        assert leaving.tell(page, now=timezone.now())
    assert (far_end.asked, Page.objects.get().token, page.site) == ([], "kept", None)


def test_leaving_twice_says_that_it_belonged_to_nobody() -> None:
    page = ConnectedPageFactory()
    left(page)
    assert not leaving.leave(page=page, actor=None, now=timezone.now())
