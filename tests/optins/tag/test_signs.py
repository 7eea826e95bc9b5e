"""The tag's sign of life: a page that loads it is seen, a person who opens its address is not."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError
from django.test import Client

from optins.services import findings
from optins.tag import signs
from pages.models import Site
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    signs._told.clear()
    yield
    signs._told.clear()


def load(site: Site, destination: str = "script") -> int:
    return Client().get(f"/tag/{site.sid}.js", headers={"Sec-Fetch-Dest": destination}).status_code


def test_a_page_that_loads_the_tag_is_seen() -> None:
    site = SiteFactory()
    assert load(site) == 200
    assert Site.objects.get().tag_seen_at


def test_whoever_opens_its_address_is_not() -> None:
    site = SiteFactory()
    assert load(site, "document") == 200
    assert Site.objects.get().tag_seen_at is None


def test_it_is_written_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    site, told = SiteFactory(), []
    monkeypatch.setattr(findings, "tag_seen", lambda **facts: told.append(facts["site"]))
    load(site)
    load(site)
    assert told == [site]


def test_the_tag_loads_though_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_facts: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(findings, "tag_seen", fail)
    assert load(SiteFactory()) == 200
