"""One page, one SID."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from pages.models import AuditEntry, Link
from pages.services import links
from pages.services.links import PageHeld, SiteHeld, link_page, unlink_page
from tests.factories import LinkFactory, PageFactory, SiteFactory, UserFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def test_linking_opens_a_link_and_says_who_did_it() -> None:
    page, site, actor = PageFactory(), SiteFactory(), UserFactory()

    link = link_page(page=page, site=site, actor=actor, now=timezone.now())

    assert (link.page, link.site, link.opened_by, link.closed_at) == (page, site, actor, None)
    assert AuditEntry.objects.get().action == "page.linked"


def test_a_page_that_another_site_holds_is_refused_with_its_name() -> None:
    held = LinkFactory(site__name="Boutique Exemple", site__sid="502")

    with pytest.raises(PageHeld, match=r"Boutique Exemple \(502\)"):
        link_page(page=held.page, site=SiteFactory(), actor=None, now=timezone.now())


def test_a_site_that_has_a_page_is_refused_with_the_pages_name() -> None:
    held = LinkFactory(page__name="Peter's Apparel")

    with pytest.raises(SiteHeld, match="Peter's Apparel"):
        link_page(page=PageFactory(), site=held.site, actor=None, now=timezone.now())


def test_linking_the_same_again_is_harmless() -> None:
    held = LinkFactory()

    assert link_page(page=held.page, site=held.site, actor=None, now=timezone.now()) == held


def test_an_unlinked_page_can_go_to_another_site_and_keeps_its_history() -> None:
    held, other = LinkFactory(), SiteFactory()

    assert unlink_page(page=held.page, actor=None, now=timezone.now())
    link_page(page=held.page, site=other, actor=None, now=timezone.now())

    assert held.page.site == other
    assert Link.objects.filter(page=held.page).count() == 2


def test_unlinking_twice_says_that_nothing_was_open() -> None:
    held = LinkFactory()
    unlink_page(page=held.page, actor=None, now=timezone.now())

    assert not unlink_page(page=held.page, actor=None, now=timezone.now())


def test_the_database_itself_refuses_a_second_open_link() -> None:
    held = LinkFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        LinkFactory(page=held.page)


def test_the_audit_log_cannot_be_changed() -> None:
    link_page(page=PageFactory(), site=SiteFactory(), actor=None, now=timezone.now())
    entry = AuditEntry.objects.get()
    entry.action = "something else"

    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_sites_that_link_one_page_at_once_exactly_one_wins() -> None:
    page, sites = PageFactory(), SiteFactory.create_batch(4)

    results = race(*(lambda s=site: link_page(page=page, site=s, actor=None, now=timezone.now()) for site in sites))

    assert sorted(type(result).__name__ for result in results) == ["Link", "PageHeld", "PageHeld", "PageHeld"]
    assert Link.objects.open().filter(page=page).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_pages_that_go_to_one_site_at_once_exactly_one_wins() -> None:
    site, pages = SiteFactory(), PageFactory.create_batch(4)

    results = race(*(lambda p=page: link_page(page=p, site=site, actor=None, now=timezone.now()) for page in pages))

    assert sorted(type(result).__name__ for result in results) == ["Link", "SiteHeld", "SiteHeld", "SiteHeld"]


def test_whoever_holds_it_may_let_go_at_the_instant_of_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    held, site = LinkFactory(), SiteFactory()

    def let_go(*_args: object) -> None:
        unlink_page(page=held.page, actor=None, now=timezone.now())

    monkeypatch.setattr(links, "_already_open", let_go)

    assert link_page(page=held.page, site=site, actor=None, now=timezone.now()).site == site
