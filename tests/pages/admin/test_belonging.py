"""Moving a page to another site, and letting it go: asked first, with what it means."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS
from notifications.services.belonging import effects
from notifications.states import CampaignState
from pages.models import AuditEntry, Connection, Page
from pages.scopes import Scope
from pages.services.issuing import Terms, issue
from tests.factories import (
    CampaignFactory,
    ConnectedPageFactory,
    DeliveryFactory,
    LinkedPageFactory,
    OptInFactory,
    PageFactory,
    SiteFactory,
)
from tests.pages.admin.test_linking import change
from tests.people import client_as
from tests.support.graph_api import graph, routed

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def door(name: str, page: Page) -> str:
    return reverse(f"admin:pages_page_{name}", args=[page.pk])


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_moving_asks_first_and_says_what_it_means(administrator: Client) -> None:
    page, now = LinkedPageFactory(), timezone.now()
    CampaignFactory(page=page, running=True, name="Spring sale")
    DeliveryFactory(optin=OptInFactory(page=page))
    terms = Terms(name="Order system", scopes=[Scope.MESSAGES_SEND], site=page.site)
    issue(terms=terms, actor=None, now=now)
    text = administrator.get(door("move", page)).content.decode()
    assert "Spring sale" in text
    assert "1 delivery is waiting." in text
    assert "Order system" in text
    assert page.links.count() == 1


def test_a_page_moves_to_the_site_that_was_chosen(administrator: Client) -> None:
    page, site = LinkedPageFactory(), SiteFactory()
    administrator.post(door("move", page), {"site": site.pk})
    assert page.site == site
    assert page.links.count() == 2
    assert AuditEntry.objects.get(action="page.moved").actor is not None


def test_no_site_is_an_error_at_the_field(administrator: Client) -> None:
    page = LinkedPageFactory()
    response = administrator.post(door("move", page), {"site": ""})
    assert response.context["form"].errors["site"] == ["Choose the site that this page shall belong to."]


def test_a_site_that_has_a_page_is_refused_with_its_name_and_nothing_moves(administrator: Client) -> None:
    page, taken = LinkedPageFactory(), LinkedPageFactory(name="Peter's").site
    before = page.site
    response = administrator.post(door("move", page), {"site": taken.pk})
    assert "Peter's" in response.context["form"].errors["site"][0]
    assert page.site == before


def test_its_own_site_is_none_to_move_to(administrator: Client) -> None:
    page = LinkedPageFactory()
    assert page.site not in administrator.get(door("move", page)).context["form"].fields["site"].queryset


def test_a_page_of_nobody_has_nothing_to_move(administrator: Client) -> None:
    page = PageFactory()
    assert said(administrator.get(door("move", page))) == ["This page belongs to no site."]
    assert "Move to another site" not in administrator.get(change(page)).content.decode()


def test_what_goes_with_a_page_counts_only_what_is_under_way() -> None:
    page = LinkedPageFactory()
    CampaignFactory(page=page, state=CampaignState.DRAFT)
    assert effects(page) == []


def test_the_history_shows_both_sites(administrator: Client) -> None:
    page, site = LinkedPageFactory(link__site__name="First shop"), SiteFactory(name="Second shop")
    administrator.post(door("move", page), {"site": site.pk})
    text = administrator.get(change(page)).content.decode()
    assert "First shop" in text
    assert "Second shop" in text


def test_unlinking_a_page_of_facebook_says_that_its_token_goes(administrator: Client) -> None:
    assert "Its token is wiped" in administrator.get(door("unlink", ConnectedPageFactory())).content.decode()
    assert "Its token is wiped" not in administrator.get(door("unlink", LinkedPageFactory())).content.decode()


def test_unlinking_while_facebook_is_away_is_done_and_said(administrator: Client) -> None:
    page = ConnectedPageFactory()
    with graph(routed({("DELETE", "subscribed_apps"): None})):
        response = administrator.post(door("unlink", page))
    assert page.site is None
    assert "That is tried again." in said(response)[1]
    assert Connection.objects.get().leaving_since is not None
