"""What a person enters about a shop's pages: where the tag may run, the privacy notice, the custom data."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from messenger_admin.admin.audit import ACTIONS
from messenger_admin.roles import ADMINISTRATORS, MARKETING
from pages.models import AuditEntry, ButtonRule, Site
from tests.factories import ButtonFactory, SiteFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

SHOP = "https://www.shop.example"
AMOUNT = {"name": "cart_amount", "type": "number"}
KIND = {"name": "page_type", "type": "text"}


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def save(client: Client, site: Site, **fields: str) -> Any:
    """Posts the form as the browser shows it, with `fields` written over."""
    url = reverse("admin:pages_site_change", args=[site.pk])
    form = client.get(url).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    return client.post(url, {**shown, **fields})


def errors(response: Any, field: str) -> list[str]:
    assert response.status_code == 200, "it was saved"
    told: list[str] = response.context["adminform"].form.errors.get(field, [])
    return told


def saved(response: HttpResponse, site: Site) -> Site:
    assert response.status_code == 302, response.content.decode()
    return Site.objects.get(pk=site.pk)


def told() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="site.tag_changed"))


def compared(site: Site, operator: str = "at_least", value: object = 50) -> None:
    button = ButtonFactory(site=site, name="Big carts")
    condition = {"what": "data:cart_amount", "operator": operator, "value": value}
    ButtonRule.objects.create(button=button, name="", conditions=[condition], position=0)


def test_addresses_are_stored_as_a_browser_names_them(administrator: Client) -> None:
    response = save(administrator, SiteFactory(), origins=f" {SHOP}/basket?a=1\n\nhttp://localhost:8080\n{SHOP}:443")
    assert saved(response, Site.objects.get()).origins == [SHOP, "http://localhost:8080"]


@pytest.mark.parametrize(
    ("line", "word"),
    [("shop", "is no address"), ("http://shop.example", "must begin with https"), ("https://*.shop.example", "many")],
)
def test_a_wrong_address_is_named_and_nothing_saved(administrator: Client, line: str, word: str) -> None:
    site = SiteFactory()
    [error] = errors(save(administrator, site, origins=f"{SHOP}\n{line}", name="Renamed"), "origins")
    assert line in error
    assert word in error
    site.refresh_from_db()
    assert (site.origins, site.name == "Renamed") == ([], False)


def test_what_was_wrong_stays_on_the_screen(administrator: Client) -> None:
    text = save(administrator, SiteFactory(), origins=f"{SHOP}\nshop").content.decode()
    assert f"{SHOP}\nshop</textarea>" in text


@pytest.mark.parametrize(
    "written", ["https://shop.example/privacy", "shop.example/privacy", "HTTPS://shop.example/privacy"]
)
def test_the_privacy_notice_is_an_https_address(administrator: Client, written: str) -> None:
    site = SiteFactory()
    assert saved(save(administrator, site, privacy_url=written), site).privacy_url == "https://shop.example/privacy"


@pytest.mark.parametrize(
    "written", ["http://shop.example/privacy", "javascript:alert(1)", "ftp://shop.example/", "no address"]
)
def test_another_privacy_notice_is_refused(administrator: Client, written: str) -> None:
    assert errors(save(administrator, SiteFactory(), privacy_url=written), "privacy_url")


def test_custom_data_are_read_by_line(administrator: Client) -> None:
    site = SiteFactory()
    response = save(administrator, site, custom_data="cart_amount  Number\n\n page_type \npage_type text\n")
    assert saved(response, site).custom_data == [AMOUNT, KIND]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("cart amount", "“cart amount”"),
        ("cart_amount number 2", "“cart_amount number 2”"),
        ("1st", "“1st”"),
        ("<script>", "“&lt;script&gt;”"),
        ("panier_été", "“panier_été”"),
        ("a" * 65, "at most 64"),
        ("a\na number", "“a” is a text on one line"),
        ("\n".join(f"n{number}" for number in range(51)), "At most 50"),
    ],
)
def test_wrong_custom_data_are_named(administrator: Client, written: str, word: str) -> None:
    response = save(administrator, SiteFactory(), custom_data=written)
    assert len(errors(response, "custom_data")) == 1
    assert word in response.content.decode()


def test_what_is_stored_is_shown_by_line(administrator: Client) -> None:
    site = SiteFactory(origins=[SHOP, "https://shop.fr"], custom_data=[AMOUNT, KIND])
    text = administrator.get(reverse("admin:pages_site_change", args=[site.pk])).content.decode()
    assert f"{SHOP}\nhttps://shop.fr</textarea>" in text
    assert "cart_amount number\npage_type</textarea>" in text
    assert "On the shop’s pages" in text


def test_who_may_only_look_reads_lines() -> None:
    site = SiteFactory(origins=[SHOP, "https://shop.fr"], custom_data=[AMOUNT, KIND])
    text = client_as(MARKETING).get(reverse("admin:pages_site_change", args=[site.pk])).content.decode()
    assert f"{SHOP}<br>https://shop.fr" in text
    assert "cart_amount number<br>page_type" in text


def test_custom_data_that_a_rule_compares_stay(administrator: Client) -> None:
    site = SiteFactory(custom_data=[AMOUNT, KIND])
    compared(site)
    [error] = errors(save(administrator, site, custom_data="page_type"), "custom_data")
    assert "cart_amount" in error
    assert "Big carts" in error
    assert saved(save(administrator, site, custom_data="cart_amount number"), site).custom_data == [AMOUNT]


def test_a_type_that_a_rule_needs_stays(administrator: Client) -> None:
    site = SiteFactory(custom_data=[AMOUNT])
    compared(site)
    [error] = errors(save(administrator, site, custom_data="cart_amount"), "custom_data")
    assert "Big carts" in error


def test_a_type_that_the_rule_can_do_without_changes(administrator: Client) -> None:
    site = SiteFactory(custom_data=[AMOUNT])
    compared(site, "is_set", "")
    assert saved(save(administrator, site, custom_data="cart_amount"), site).custom_data[0]["type"] == "text"


def test_another_sites_rules_do_not_matter(administrator: Client) -> None:
    site = SiteFactory(custom_data=[AMOUNT])
    compared(SiteFactory(custom_data=[AMOUNT]))
    assert saved(save(administrator, site, custom_data=""), site).custom_data == []


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        ("origins", SHOP, [SHOP]),
        ("privacy_url", f"{SHOP}/privacy", f"{SHOP}/privacy"),
        ("custom_data", "page_type", [KIND]),
        ("timezone", "America/New_York", "America/New_York"),
    ],
)
def test_a_change_is_told_to_the_tag_and_written_down(
    administrator: Client, field: str, written: str, stored: object
) -> None:
    site = SiteFactory(timezone="Europe/Paris")
    assert saved(save(administrator, site, **{field: written}), site).tag_changed_at is not None
    [entry] = told()
    assert entry.action in ACTIONS
    assert entry.actor is not None
    assert entry.detail == {"sid": site.sid, field: stored}


def test_what_the_tag_is_not_told_leaves_it_alone(administrator: Client) -> None:
    site = SiteFactory(origins=[SHOP], custom_data=[AMOUNT], privacy_url=f"{SHOP}/privacy")
    assert saved(save(administrator, site, name="Renamed"), site).tag_changed_at is None
    assert told() == []


def test_a_site_is_added_with_its_addresses(administrator: Client) -> None:
    fields = {"sid": "501", "name": "Shop", "timezone": "Europe/Paris", "origins": SHOP, "custom_data": "page_type"}
    administrator.post(reverse("admin:pages_site_add"), fields)
    assert Site.objects.get().origins == [SHOP]
    assert [entry.detail for entry in told()] == [{"sid": "501", "origins": [SHOP], "custom_data": [KIND]}]
