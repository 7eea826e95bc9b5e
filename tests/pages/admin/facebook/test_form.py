"""A page of Facebook in its form, and a page of iAdvize beside it: which way out each may have."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import ConnectedPageFactory, LinkedPageFactory, PageFactory, SiteFactory
from tests.pages.admin.test_linking import ADD, change, entry, errors
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def gateways(response: Any) -> set[str]:
    field = response.context["adminform"].form.fields.get("gateway")
    return {value for value, _label in field.choices} if field else set()


def test_facebook_is_no_way_out_that_is_chosen_by_hand(administrator: Client) -> None:
    assert gateways(administrator.get(ADD)) == {GatewayKind.IADVIZE, GatewayKind.SANDBOX}
    assert GatewayKind.META not in gateways(administrator.get(change(LinkedPageFactory())))


def test_nor_is_it_taken_from_whoever_posts_it(administrator: Client) -> None:
    page = LinkedPageFactory()
    response = administrator.post(change(page), entry(gateway="meta", site=page.site.pk))
    page.refresh_from_db()
    assert "gateway" in errors(response)
    assert page.gateway == GatewayKind.SANDBOX


def test_a_page_linked_through_facebook_shows_its_gateway_and_keeps_it(administrator: Client) -> None:
    page = ConnectedPageFactory(token="as it was")
    shown = administrator.get(change(page))
    assert (gateways(shown), "Facebook gives it when the page is connected" in shown.content.decode()) == (set(), True)
    administrator.post(change(page), entry(gateway="iadvize", name="Renamed", site=page.site.pk, new_token="mine"))
    page.refresh_from_db()
    assert (page.name, page.gateway, page.token) == ("Renamed", GatewayKind.META, "as it was")


def test_once_unlinked_it_may_take_another_way(administrator: Client) -> None:
    page, site = PageFactory(gateway=GatewayKind.META), SiteFactory()
    assert gateways(administrator.get(change(page))) == set(GatewayKind.values)
    administrator.post(change(page), entry(gateway="iadvize", site=site.pk))
    page.refresh_from_db()
    assert (page.gateway, page.site) == (GatewayKind.IADVIZE, site)


def test_it_gets_a_site_by_hand_only_with_another_way(administrator: Client) -> None:
    page = PageFactory(gateway=GatewayKind.META)
    response = administrator.post(change(page), entry(gateway="meta", site=SiteFactory().pk))
    assert "Add pages from Facebook" in errors(response)["site"][0]
    assert page.site is None


def test_what_only_facebook_knows_is_asked_for_its_pages_alone(administrator: Client) -> None:
    for name in ("disclosure", "human_agent"):
        assert f'name="{name}"' in administrator.get(change(ConnectedPageFactory())).content.decode()
        assert f'name="{name}"' not in administrator.get(change(LinkedPageFactory())).content.decode()
        assert f'name="{name}"' not in administrator.get(ADD).content.decode()


def test_disclosure_and_human_agent_are_stored(administrator: Client) -> None:
    page = ConnectedPageFactory()
    form = entry(site=page.site.pk, disclosure="I am a robot.", human_agent="on")
    administrator.post(change(page), form)
    page.refresh_from_db()
    assert (page.disclosure, page.human_agent) == ("I am a robot.", True)


@pytest.mark.parametrize(
    "pasted",
    [
        "322837607840703",
        " 322837607840703 ",
        "m.me/322837607840703",
        "https://m.me/322837607840703?ref=shop",
        "https://www.messenger.com/t/322837607840703/",
        "https://www.facebook.com/322837607840703",
        "https://www.facebook.com/Peters-Apparel-322837607840703/",
        "https://www.facebook.com/pages/Peters-Apparel/322837607840703?ref=ts",
        "https://fr-fr.facebook.com/profile.php?id=322837607840703&sk=about",
        '"pageID":"322837607840703"',
    ],
)
def test_the_id_of_a_page_of_iadvize_is_recognised_in_what_is_pasted(administrator: Client, pasted: str) -> None:
    administrator.post(ADD, entry(page_id=pasted, gateway="iadvize", new_token="iadvize-token"))
    page = Page.objects.get()
    assert (page.page_id, page.gateway, page.token) == ("322837607840703", GatewayKind.IADVIZE, "iadvize-token")


@pytest.mark.parametrize("pasted", ["m.me/petersapparel", "https://www.facebook.com/petersapparel", "12", "x" * 400])
def test_what_names_no_page_is_refused_at_its_field(administrator: Client, pasted: str) -> None:
    assert "series of digits" in errors(administrator.post(ADD, entry(page_id=pasted)))["page_id"][0]


def test_the_list_has_two_doors(administrator: Client) -> None:
    text = administrator.get(reverse("admin:pages_page_changelist")).content.decode()
    assert "Add pages from Facebook" in text
    assert "Add a page of iAdvize" in text
