"""What every list and every page to read have in common."""

import pytest
from django.test import Client

from optins.models import OptIn
from pages.admin.base import LongList
from tests.factories import LinkedPageFactory, OptInFactory
from tests.people import SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "/admin/optins/optin/"


@pytest.fixture
def client() -> Client:
    return client_as(SUPERUSER)


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> OptIn:
    """Three rows, two of which fill a page of the list."""
    monkeypatch.setattr(LongList, "list_per_page", 2)
    page = LinkedPageFactory()
    optins: list[OptIn] = [OptInFactory(page=page) for _ in range(3)]
    return optins[-1]


@pytest.mark.parametrize(
    ("query", "previous", "following"), [("", False, True), ("?p=2", True, False), ("?q=nobody", False, False)]
)
@pytest.mark.usefixtures("three")
def test_a_list_offers_only_the_pages_that_there_are(
    client: Client, query: str, previous: bool, following: bool
) -> None:
    html = client.get(LIST + query).text
    assert ('rel="prev"' in html, 'rel="next"' in html) == (previous, following)


def test_what_nobody_edits_offers_the_way_back_and_nothing_to_save(client: Client, three: OptIn) -> None:
    html = client.get(f"{LIST}{three.pk}/change/").text
    assert "Back to Opt-ins" in html
    assert 'name="_save"' not in html
    assert f"{LIST}{three.pk}/history/" not in html
