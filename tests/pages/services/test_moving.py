"""A page moves to another site: both links or neither, and at each instant it is somebody's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages.models import AuditEntry, Link
from pages.services.links import NotLinked, SiteHeld, link_page, move_page, owner_at, unlink_page
from tests.factories import LinkedPageFactory, LinkFactory, PageFactory, SiteFactory, UserFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def test_one_link_closes_and_another_opens_at_the_same_instant() -> None:
    page, site, actor, now = LinkedPageFactory(), SiteFactory(), UserFactory(), timezone.now()
    old = page.open_link
    move_page(page=page, site=site, actor=actor, now=now)
    old.refresh_from_db()
    assert (old.closed_at, old.closed_by) == (now, actor)
    assert (page.open_link.site, page.open_link.opened_at) == (site, now)
    moved = AuditEntry.objects.get(action="page.moved")
    assert (moved.actor, moved.detail) == (actor, {"left": old.site.sid, "joined": site.sid})


def test_a_site_that_has_a_page_is_refused_and_nothing_changes() -> None:
    page, taken = LinkedPageFactory(), LinkFactory(page__name="Peter's").site
    before = page.open_link
    with pytest.raises(SiteHeld, match="Peter's"):
        move_page(page=page, site=taken, actor=None, now=timezone.now())
    assert page.open_link == before


def test_a_page_that_belongs_to_nobody_has_nothing_to_leave() -> None:
    with pytest.raises(NotLinked):
        move_page(page=PageFactory(), site=SiteFactory(), actor=None, now=timezone.now())


def test_moving_to_where_it_is_changes_nothing() -> None:
    page = LinkedPageFactory()
    move_page(page=page, site=page.site, actor=None, now=timezone.now())
    assert page.links.count() == 1


def test_who_owned_the_page_when() -> None:
    page, (first, second, third) = PageFactory(), SiteFactory.create_batch(3)
    noon = timezone.now() - timedelta(days=1)
    hour = timedelta(hours=1)
    link_page(page=page, site=first, actor=None, now=noon)
    move_page(page=page, site=second, actor=None, now=noon + hour)
    unlink_page(page=page, actor=None, now=noon + 2 * hour)
    link_page(page=page, site=third, actor=None, now=noon + 3 * hour)
    second_before = timedelta(seconds=1)
    answers = {
        noon - second_before: None,
        noon: first,
        noon + hour - second_before: first,
        noon + hour: second,
        noon + 2 * hour - second_before: second,
        noon + 2 * hour: None,
        noon + 3 * hour: third,
        timezone.now(): third,
    }
    assert {when: owner_at(page, when) for when in answers} == answers


@pytest.mark.django_db(transaction=True)
def test_of_two_pages_that_move_to_one_site_at_once_one_arrives_and_the_other_stays() -> None:
    site, pages = SiteFactory(), LinkedPageFactory.create_batch(3)

    results = race(*(lambda p=page: move_page(page=p, site=site, actor=None, now=timezone.now()) for page in pages))

    assert sorted(type(result).__name__ for result in results) == ["Link", "SiteHeld", "SiteHeld"]
    assert Link.objects.open().count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_page_that_moves_twice_at_once_ends_at_one_site() -> None:
    page, sites = LinkedPageFactory(), SiteFactory.create_batch(3)

    race(*(lambda s=site: move_page(page=page, site=s, actor=None, now=timezone.now()) for site in sites))

    assert Link.objects.open().filter(page=page).count() == 1
    assert Link.objects.filter(page=page).count() >= 2
